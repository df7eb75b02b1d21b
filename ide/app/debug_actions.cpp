// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/debug_actions.hpp"

#include <QFileDialog>
#include <QMenu>
#include <QToolBar>

namespace rbpf::app {

using model::DebugModel;
using model::Move;

DebugActions::DebugActions(DebugModel& debug, Hooks hooks, QMenu* menu, QToolBar* bar)
    : debug_(debug), hooks_(std::move(hooks)), menu_(menu), bar_(bar) {
    add(tr("&Start / Continue"), Qt::Key_F5, kOff | kStopped,
        [this] { debug_.state() == DebugModel::State::Off ? hooks_.start(false) : debug_.resume(); }, true);
    add(tr("Start and &run the first entry"), Qt::CTRL | Qt::Key_F5, kOff, [this] { hooks_.start(true); });
    add(tr("&Pause"), Qt::Key_F6, kRunning, [this] { debug_.pause(); }, true);
    add(tr("S&top"), Qt::SHIFT | Qt::Key_F5, kStarting | kRunning | kStopped, [this] { debug_.stop(); }, true);
    menu_->addSeparator();
    bar_->addSeparator();
    addMove(tr("Step &over"), Qt::Key_F10, Move::Over, true);
    addMove(tr("Step &into"), Qt::Key_F11, Move::Into, true);
    addMove(tr("Step o&ut"), Qt::SHIFT | Qt::Key_F11, Move::Out, true);
    add(tr("Run to &cursor"), Qt::CTRL | Qt::Key_F10, kStopped, hooks_.runToCursor);
    menu_->addSeparator();
    bar_->addSeparator();
    add(tr("Continue &back"), Qt::ALT | Qt::Key_F5, kStopped, [this] { debug_.reverseResume(); }, true);
    addMove(tr("Step back o&ver"), Qt::ALT | Qt::Key_F10, Move::BackOver, true);
    addMove(tr("Step back i&nto"), Qt::ALT | Qt::Key_F11, Move::BackInto, true);
    addMove(tr("Step back ou&t"), Qt::ALT | Qt::SHIFT | Qt::Key_F11, Move::BackOut, false);
    menu_->addSeparator();
    add(tr("Toggle &breakpoint"), Qt::Key_F9, kOff | kStarting | kRunning | kStopped, hooks_.toggleBreakpoint);
    add(tr("Sa&ve the recording…"), {}, kStopped, [this] { saveRecording(); });
    connect(&debug_, &DebugModel::stateChanged, this, &DebugActions::update);
    update();
}

QAction* DebugActions::add(const QString& text, const QKeySequence& keys, unsigned where, std::function<void()> run,
                           bool onBar) {
    QAction* action = menu_->addAction(text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    if (onBar) {
        bar_->addAction(action);
    }
    actions_ << std::pair(action, where);
    return action;
}

QAction* DebugActions::addMove(const QString& text, const QKeySequence& keys, Move move, bool onBar) {
    return add(text, keys, kStopped,
               [this, move] {
                   debug_.move(move, hooks_.byInstruction() ? session::Granularity::Instruction
                                                            : session::Granularity::Line);
               },
               onBar);
}

void DebugActions::update() {
    const unsigned state = 1U << static_cast<unsigned>(debug_.state());
    for (const auto& [action, where] : actions_) {
        action->setEnabled((where & state) != 0);
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        action->setToolTip(name + (keys.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(keys)) +
                           (action->isEnabled()   ? QString()
                            : state == kRunning   ? tr(" — the script runs; pause it or wait for a breakpoint")
                            : state == kStarting  ? tr(" — the session is starting")
                            : (where & kOff) == 0 ? tr(" — start debugging first (F5)")
                                                  : QString()));
    }
}

void DebugActions::saveRecording() {
    const QString path = QFileDialog::getSaveFileName(menu_, tr("Save the recording"), QStringLiteral("run.rbpfrec"),
                                                      tr("Recordings (*.rbpfrec)"));
    if (!path.isEmpty()) {
        debug_.saveRecording(path);
    }
}

} // namespace rbpf::app
