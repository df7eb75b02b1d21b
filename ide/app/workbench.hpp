// SPDX-License-Identifier: GPL-3.0-or-later
// What the window offers to the parts that are put into it: the models, the editors, places for panels and commands.
// Each part is a QObject of its own file (features.cpp lists them) and knows the window by this alone.
#pragma once

#include <QKeySequence>
#include <QPointer>
#include <QString>
#include <functional>
#include <vector>

#include "ide/views/code_editor.hpp"

class QAction;
class QMainWindow;
class QMenu;
class QToolBar;

namespace rbpf::model {
class BoardsModel;
class BuildModel;
class DebugModel;
class DeployModel;
} // namespace rbpf::model
namespace rbpf::views {
class BytecodeView;
class ConsoleView;
class EditorTabs;
class SizeView;
} // namespace rbpf::views

namespace rbpf::app {

class Docks;

/// All references outlive the parts; everything is used on the window's thread.
struct Workbench {
    QMainWindow& window;
    Docks& docks;
    model::BuildModel& builds;
    model::BoardsModel& boards;
    model::DeployModel& deploys;
    model::DebugModel& debug;
    views::EditorTabs& editors;
    views::BytecodeView& bytecode;
    views::ConsoleView& console;
    views::SizeView& size;

    struct Menus {
        QMenu *file, *edit, *go, *build, *board, *debug, *view, *help;
    };
    Menus menus{};
    QToolBar* bar = nullptr;

    /// Opens a file, absolute or relative to the project, at a line and column that count from 1.
    std::function<void(const QString& file, unsigned line, unsigned column)> jump{};
    /// Into the status bar and the console; an error also brings the console to the front.
    std::function<void(const QString& message, const QString& hint, bool isError)> tell{};
    /// What is to be done to these texts before the user's save, which follows in any case.
    std::function<void(std::vector<QPointer<views::CodeEditor>> editors, std::function<void()> save)> beforeSave{};
    /// Saves all, builds, deploys and debugs; `invoke` also runs the first entry.
    std::function<void(bool invoke)> startDebugging{};
    /// The same, and takes the board's seat from another debugger.
    std::function<void()> takeSeat{};
};

/// A command of a menu, with its key and what it does as a tooltip; it is in the command palette too.
QAction* addCommand(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run,
                    const QString& tip = {});

/// Makes the parts. They belong to the window.
void addFeatures(Workbench& bench);

} // namespace rbpf::app
