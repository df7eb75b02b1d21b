// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/debugging_feature.hpp"

#include <QAbstractButton>
#include <QCursor>
#include <QDir>
#include <QHelpEvent>
#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QStatusBar>
#include <QTimer>
#include <QToolTip>
#include <algorithm>

#include "ide/app/docks.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/fault_card.hpp"
#include "ide/views/notice_area.hpp"

namespace rbpf::app {

using model::DebugModel;
using session::BreakpointSpec;

namespace {

const QString kLost = QStringLiteral("debug/lost"), kHeld = QStringLiteral("debug/held"),
              kWaits = QStringLiteral("debug/waits");
constexpr int kPatienceMs = 1500;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

DebuggingFeature::DebuggingFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), card_(new views::FaultCard) {
    DebugModel& debug = bench_.debug;
    bench_.editors.putAbove(card_);
    connect(card_, &views::FaultCard::placeActivated, this,
            [this](const QString& file, unsigned line) { bench_.jump(file, line, 1); });
    connect(card_, &views::FaultCard::stopActivated, &debug, &DebugModel::travel);
    connect(card_, &views::FaultCard::addressActivated, this,
            [this](quint32 address) { bench_.debug.locate(QStringLiteral("0x%1").arg(address, 0, 16)); });
    connect(&debug, &DebugModel::stateChanged, this, &DebuggingFeature::showState);
    connect(&debug, &DebugModel::breakpointsChanged, this, &DebuggingFeature::showBreakpoints);
    connect(&debug, &DebugModel::writer, this, &DebuggingFeature::showWriter);
    connect(&debug, &DebugModel::codeChanged, this, [this] {
        if (bench_.debug.code()) {
            bench_.bytecode.show(*bench_.debug.code());
        }
    });
    connect(&debug, &DebugModel::runStarted, this, [this](quint32 run) {
        if (run != card_->run()) {
            card_->hide();
        }
    });
    connect(&bench_.editors, &views::EditorTabs::opened, this, &DebuggingFeature::joinEditor);
    connect(&bench_.editors, &views::EditorTabs::currentChanged, this, &DebuggingFeature::showBreakpoints);
    connect(&bench_.editors, &views::EditorTabs::loaded, this, [this] {
        shown_.reset(); // a line is marked where there is text
        showState();
    });
    connect(&bench_.editors, &views::EditorTabs::breakpointClicked, &debug, &DebugModel::toggleLine);
    joinBytecode();
    joinBoard();
}

/// While the script is stopped, a variable under the mouse shows its value; else the editor shows what it knows.
bool DebuggingFeature::eventFilter(QObject* watched, QEvent* event) {
    auto* editor = qobject_cast<views::CodeEditor*>(watched->parent());
    if (event->type() != QEvent::ToolTip || editor == nullptr || bench_.debug.state() != DebugModel::State::Stopped) {
        return QObject::eventFilter(watched, event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto position = static_cast<int>(editor->SendScintilla(QsciScintilla::SCI_POSITIONFROMPOINTCLOSE,
                                                                 help->pos().x(), help->pos().y()));
    const QString expression = position < 0 ? QString() : editor->expressionAt(position);
    const auto shot = bench_.debug.snapshot();
    const QString first = expression.section(QLatin1Char('.'), 0, 0).section(QLatin1String("->"), 0, 0);
    const auto isKnown = [&first](const std::vector<model::ValueRow>& rows) {
        return std::ranges::any_of(rows, [&first](const model::ValueRow& row) { return row.name == first; });
    };
    if (first.isEmpty() || !(isKnown(shot->locals) || isKnown(shot->globals))) {
        return QObject::eventFilter(watched, event);
    }
    bench_.debug.peek(expression, editor, [editor, at = help->globalPos()](const QString& value) {
        if (!value.isEmpty() && editor->rect().contains(editor->mapFromGlobal(QCursor::pos()))) {
            QToolTip::showText(at, value, editor);
        }
    });
    return true;
}

/// What the board's going and coming means, as notices that offer what can be done.
void DebuggingFeature::joinBoard() {
    DebugModel& debug = bench_.debug;
    views::NoticeArea& notices = bench_.editors.notices();
    connect(&debug, &DebugModel::linkChanged, this, [this, &notices](bool isLost, const QString& sentence) {
        bench_.tell(sentence, {}, false);
        if (isLost) {
            notices.show(kLost, sentence, {{tr("Stop debugging"), [this] { bench_.debug.stop(); }}});
        } else {
            notices.remove(kLost);
        }
    });
    connect(&debug, &DebugModel::held, this, [this, &notices] {
        notices.show(kHeld, tr("Another debugger is attached to this board, and a board has one seat."),
                     {{tr("Take the seat"), [this] { bench_.takeSeat(); }}});
    });
    connect(&debug, &DebugModel::stateChanged, this, [this, &notices] {
        const DebugModel::State state = bench_.debug.state();
        if (state == DebugModel::State::Off) {
            notices.remove(kLost);
        } else {
            notices.remove(kHeld);
        }
        if (state != DebugModel::State::Running) {
            notices.remove(kWaits);
        }
    });
    // A script that nothing triggers looks like a debugger that does nothing.
    auto* patience = new QTimer(this);
    patience->setSingleShot(true);
    patience->setInterval(kPatienceMs);
    connect(&debug, &DebugModel::stateChanged, patience, [this, patience] {
        if (bench_.debug.state() == DebugModel::State::Running && !isInRun_) {
            patience->start();
        } else {
            patience->stop();
        }
    });
    connect(&debug, &DebugModel::runStarted, this, [this, patience, &notices] {
        isInRun_ = true;
        patience->stop();
        notices.remove(kWaits);
    });
    connect(&debug, &DebugModel::runEnded, this, [this] { isInRun_ = false; });
    connect(patience, &QTimer::timeout, this, [this, &notices] {
        const QString& trigger = bench_.debug.trigger();
        notices.show(kWaits,
                     trigger.isEmpty() ? tr("The script waits for its trigger.")
                                       : tr("The script waits for its trigger: %1.").arg(trigger),
                     {{tr("Run it now (Ctrl+F5)"), [this] { bench_.debug.invoke(); }}});
    });
}

QString DebuggingFeature::absolute(const std::string& file) const {
    return QDir::cleanPath(QDir(words(bench_.builds.folder().string())).absoluteFilePath(words(file)));
}

void DebuggingFeature::joinEditor(views::CodeEditor* editor) {
    editor->viewport()->installEventFilter(this);
    connect(editor, &views::CodeEditor::breakpointMoved, &bench_.debug, &DebugModel::followText);
    connect(editor, &views::CodeEditor::menuOpens, this,
            [this, editor](QMenu* menu, unsigned line, const QString& expression) {
        menu->addSeparator();
        if (!expression.isEmpty() && bench_.debug.state() == DebugModel::State::Stopped) {
            menu->addAction(tr("Who wrote %1?").arg(expression), this,
                            [this, expression] { bench_.debug.whoWrote(expression); });
            menu->addAction(tr("Watch %1").arg(expression), this, [this, expression] {
                bench_.debug.setWatches(bench_.debug.watches() + QStringList{expression});
                bench_.docks.show(tr("Watches"));
            });
        }
        QAction* run = menu->addAction(tr("Run to this line"), this,
                                       [this, editor, line] { bench_.debug.runToLine(editor->path(), line); });
        run->setEnabled(bench_.debug.state() == DebugModel::State::Stopped);
        menu->addAction(tr("Show its bytecode"), this, [this, editor, line] {
            bench_.docks.show(tr("Bytecode"));
            bench_.bytecode.showLine(editor->path(), line);
        });
        menu->addAction(tr("Toggle breakpoint"), this,
                        [this, editor, line] { bench_.debug.toggleLine(editor->path(), line); });
    });
}

void DebuggingFeature::joinBytecode() {
    connect(&bench_.bytecode, &views::BytecodeView::breakpointClicked, &bench_.debug, &DebugModel::toggleInstruction);
    connect(&bench_.bytecode, &views::BytecodeView::menuOpens, this,
            [this](QMenu* menu, const session::Instruction& instruction) {
                QAction* run = menu->addAction(tr("Run to this instruction"), this, [this, at = instruction.address] {
                    bench_.debug.runToAddress(at);
                });
                run->setEnabled(bench_.debug.state() == DebugModel::State::Stopped);
                menu->addAction(tr("Toggle breakpoint"), this, [this, at = instruction.address] {
                    bench_.debug.toggleInstruction(at);
                });
                if (instruction.location.line > 0) {
                    menu->addAction(tr("Show its source line"), this, [this, place = instruction.location] {
                        bench_.jump(words(place.file), place.line, 1);
                    });
                }
            });
}

/// The debugger has gone from one state to another.
void DebuggingFeature::showState() {
    using State = DebugModel::State;
    const State state = bench_.debug.state();
    bench_.docks.arrange(state != State::Off         ? Arrangement::Debugging
                         : bench_.builds.isOpen()    ? Arrangement::Writing
                                                     : Arrangement::Welcome);
    if (state == State::Starting) {
        card_->hide();
        isInRun_ = false;
    }
    if (state == State::Stopped && bench_.debug.snapshot()) {
        const session::Stop& stop = bench_.debug.snapshot()->stop;
        isInRun_ = stop.cause != RBPF_CAUSE_IDLE && stop.cause != RBPF_CAUSE_FAULT && stop.cause != RBPF_CAUSE_BUDGET;
    }
    for (views::CodeEditor* editor : bench_.editors.editors()) {
        editor->showPosition(0, false, false);
    }
    if (state == State::Stopped && bench_.debug.snapshot()) {
        showFault();
        showStop();
    } else {
        bench_.bytecode.showPosition(-1, false);
        shown_.reset();
    }
    showBreakpoints();
}

void DebuggingFeature::showStop() {
    const auto shot = bench_.debug.snapshot();
    const session::Location& place = shot->stop.location;
    const bool isPast = !shot->stop.position.live;
    bench_.bytecode.showPosition(place.pc, isPast);
    // The same stop is shown anew when something about it has changed: whoever reads elsewhere is left there.
    const bool isNew = shown_ != shot->stop.position;
    shown_ = shot->stop.position;
    if (place.line > 0) {
        const QString file = absolute(place.file);
        const auto shown = [&] { // who steps by instructions goes on doing so
            return bench_.bytecode.hasFocus() ? bench_.editors.bring(file) : bench_.editors.open(file);
        };
        if (views::CodeEditor* editor = isNew ? shown() : bench_.editors.editorOf(file)) {
            editor->showPosition(place.line, isPast, isNew);
        }
    }
    if (!isNew) {
        return;
    }
    bench_.window.statusBar()->showMessage(words(shot->stop.sentence));
}

/// It stays while its run is looked at, also in its past.
void DebuggingFeature::showFault() {
    const auto shot = bench_.debug.snapshot();
    const session::Position& at = shot->stop.position;
    if (shot->story) {
        if (card_->run() != at.run) {
            bench_.tell(words(shot->story->title), words(shot->story->hint), false);
        }
        card_->show(*shot->story, at);
    } else if (card_->run() != at.run) {
        card_->hide();
    }
}

void DebuggingFeature::showBreakpoints() {
    const bool hasSession = bench_.debug.code() != nullptr;
    for (views::CodeEditor* editor : bench_.editors.editors()) {
        std::vector<views::BreakpointMark> marks;
        for (const session::Breakpoint& one : bench_.debug.breakpoints()) {
            if (one.spec.kind == BreakpointSpec::Kind::Line && words(one.spec.file) == editor->path()) {
                marks.push_back({one.id, one.spec.line, views::glyphOf(one, hasSession)});
            }
        }
        editor->showBreakpoints(marks);
    }
    std::vector<std::uint32_t> addresses;
    for (const session::Breakpoint& one : bench_.debug.breakpoints()) {
        if (one.spec.kind == BreakpointSpec::Kind::Instruction && one.places.empty()) {
            addresses.push_back(one.spec.address);
        }
        for (const session::Location& place : one.places) {
            addresses.push_back(place.pc);
        }
    }
    bench_.bytecode.showBreakpoints(addresses);
}

void DebuggingFeature::showWriter(const QString& what, const QString& sentence, const session::Position& position) {
    auto* box = new QMessageBox(QMessageBox::Information, tr("Who wrote %1?").arg(what), sentence, QMessageBox::Close,
                                &bench_.window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QAbstractButton* go = box->addButton(tr("&Go there"), QMessageBox::AcceptRole);
    connect(box, &QMessageBox::buttonClicked, this, [this, go, position](const QAbstractButton* clicked) {
        if (clicked == go) {
            bench_.debug.travel(position);
        }
    });
    box->open();
}

} // namespace rbpf::app
