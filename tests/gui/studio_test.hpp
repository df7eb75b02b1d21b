// SPDX-License-Identifier: GPL-3.0-or-later
// A window with hands on it, for the tests of one part of Studio each. A test that fails leaves a picture.
#pragma once

#include <QTest>
#include <memory>

#include "ide/app/main_window.hpp"
#include "ide/views/editor_tabs.hpp"
#include "tests/gui/hands.hpp"
#include "tests/gui/stall_watch.hpp"

namespace rbpf::gui {

class StudioTest : public QObject {
    Q_OBJECT
protected:
    /// Opens a window like that of a first start.
    void openWindow();
    void closeWindow();
    /// A project from a template in a folder of its own, open and built without errors. Returns the folder.
    QString openTemplate(const QString& name);
    /// Presses Ctrl+B and waits until that build has ended.
    void build();
    /// Debugging is on and the script has stopped.
    [[nodiscard]] bool comesToAStop();
    /// Presses and waits until the debugger has stopped anew.
    void step(const QString& keys);

    [[nodiscard]] model::DebugModel& debug() { return window_->debug(); }
    [[nodiscard]] Hands& hands() { return *hands_; }
    [[nodiscard]] app::MainWindow& window() { return *window_; }
    [[nodiscard]] views::EditorTabs& editors() { return *window_->findChild<views::EditorTabs*>(); }
    /// clangd's process, a child of this one.
    [[nodiscard]] static pid_t clangd();
    /// Of all there was so far; the limit is 100.
    [[nodiscard]] qint64 longestStallMs() const { return watch_.longestMs(); }

private Q_SLOTS:
    void cleanup();

private:
    std::unique_ptr<app::MainWindow> window_;
    std::unique_ptr<Hands> hands_;
    StallWatch watch_;
};

} // namespace rbpf::gui
