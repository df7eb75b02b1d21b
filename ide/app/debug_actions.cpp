// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/debug_actions.hpp"

#include <QFileDialog>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

namespace rbpf::app {

using model::DebugModel;
using model::Move;
using views::Symbol;

DebugActions::DebugActions(DebugModel& debug, Hooks hooks, QMenu* menu, QToolBar* bar)
    : debug_(debug), hooks_(std::move(hooks)), menu_(menu), bar_(bar) {
    add(tr("&Start / Continue"), Qt::Key_F5, kOff | kStopped,
        [this] { debug_.state() == DebugModel::State::Off ? hooks_.start(false) : debug_.resume(); },
        Symbol::Start);
    add(tr("Start and &run the first entry"), Qt::CTRL | Qt::Key_F5, kOff | kRunning | kStopped,
        [this] { debug_.state() == DebugModel::State::Off ? hooks_.start(true) : debug_.invoke(); });
    add(tr("R&estart with the newest build"), Qt::CTRL | Qt::SHIFT | Qt::Key_F5, kStarting | kRunning | kStopped,
        hooks_.restart);
    add(tr("&Pause"), Qt::Key_F6, kRunning, [this] { debug_.pause(); }, Symbol::Pause);
    add(tr("S&top"), Qt::SHIFT | Qt::Key_F5, kStarting | kRunning | kStopped, [this] { debug_.stop(); }, Symbol::Stop);
    menu_->addSeparator();
    bar_->addSeparator();
    addMove(tr("Step &over"), Qt::Key_F10, Move::Over, Symbol::StepOver);
    addMove(tr("Step &into"), Qt::Key_F11, Move::Into, Symbol::StepInto);
    addMove(tr("Step o&ut"), Qt::SHIFT | Qt::Key_F11, Move::Out, Symbol::StepOut);
    add(tr("Run to &cursor"), Qt::CTRL | Qt::Key_F10, kStopped, hooks_.runToCursor);
    menu_->addSeparator();
    bar_->addSeparator();
    add(tr("Continue &back"), Qt::ALT | Qt::Key_F5, kStopped, [this] { debug_.reverseResume(); }, Symbol::ContinueBack);
    addMove(tr("Step back o&ver"), Qt::ALT | Qt::Key_F10, Move::BackOver, Symbol::StepBackOver);
    addMove(tr("Step back i&nto"), Qt::ALT | Qt::Key_F11, Move::BackInto, Symbol::StepBackInto);
    addMove(tr("Step back ou&t"), Qt::ALT | Qt::SHIFT | Qt::Key_F11, Move::BackOut);
    menu_->addSeparator();
    add(tr("Toggle &breakpoint"), Qt::Key_F9, kOff | kStarting | kRunning | kStopped, hooks_.toggleBreakpoint);
    add(tr("Sa&ve the recording…"), {}, kStopped, [this] { saveRecording(); });
    connect(&debug_, &DebugModel::stateChanged, this, &DebugActions::update);
    update();
}

QAction* DebugActions::add(const QString& text, const QKeySequence& keys, unsigned where, std::function<void()> run,
                           std::optional<Symbol> onBar) {
    QAction* action = menu_->addAction(text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    if (onBar) {
        action->setIcon(views::icon(*onBar));
        bar_->addAction(action);
        if (*onBar >= Symbol::StepOver) {
            qobject_cast<QToolButton*>(bar_->widgetForAction(action))->setToolButtonStyle(Qt::ToolButtonIconOnly);
        }
    }
    actions_ << std::pair(action, where);
    return action;
}

QAction* DebugActions::addMove(const QString& text, const QKeySequence& keys, Move move,
                                 std::optional<Symbol> onBar) {
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
