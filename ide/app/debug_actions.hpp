// SPDX-License-Identifier: GPL-3.0-or-later
// The debugger's commands: keys as everywhere, enabled where they make sense, and saying why where not.
#pragma once

#include <QAction>
#include <QObject>
#include <functional>
#include <optional>

#include "ide/model/debug_model.hpp"
#include "ide/views/icons.hpp"

class QMenu;
class QToolBar;

namespace rbpf::app {

class DebugActions : public QObject {
    Q_OBJECT
public:
    struct Hooks {
        std::function<void(bool invoke)> start;
        std::function<void()> restart;
        std::function<void()> toggleBreakpoint;
        std::function<void()> runToCursor;
        /// The bytecode view has the focus: steps go by instructions.
        std::function<bool()> byInstruction;
    };
    DebugActions(model::DebugModel& debug, Hooks hooks, QMenu* menu, QToolBar* bar);

private:
    enum Where : unsigned {
        kOff = 1,
        kStarting = 2,
        kRunning = 4,
        kStopped = 8
    };
    QAction* add(const QString& text, const QKeySequence& keys, unsigned where, std::function<void()> run,
                 std::optional<views::Symbol> onBar = {});
    QAction* addMove(const QString& text, const QKeySequence& keys, model::Move move,
                     std::optional<views::Symbol> onBar = {});
    void update();
    void saveRecording();

    model::DebugModel& debug_;
    Hooks hooks_;
    QMenu* menu_;
    QToolBar* bar_;
    QList<std::pair<QAction*, unsigned>> actions_;
};

} // namespace rbpf::app
