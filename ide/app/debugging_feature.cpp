// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/debugging_feature.hpp"

#include <QAbstractButton>
#include <QDir>
#include <QMainWindow>
#include <QMenu>
#include <QMessageBox>
#include <QStatusBar>
#include <algorithm>

#include "ide/app/docks.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/fault_card.hpp"

namespace rbpf::app {

using model::DebugModel;
using session::BreakpointSpec;

namespace {

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
    connect(&bench_.editors, &views::EditorTabs::breakpointClicked, &debug, &DebugModel::toggleLine);
    joinBytecode();
}

QString DebuggingFeature::absolute(const std::string& file) const {
    return QDir::cleanPath(QDir(words(bench_.builds.folder().string())).absoluteFilePath(words(file)));
}

void DebuggingFeature::joinEditor(views::CodeEditor* editor) {
    connect(editor, &views::CodeEditor::breakpointMoved, &bench_.debug, &DebugModel::followText);
    connect(editor, &views::CodeEditor::menuOpens, this, [this, editor](QMenu* menu, unsigned line, const QString&) {
        menu->addSeparator();
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
        if (views::CodeEditor* editor = isNew ? bench_.editors.open(file) : bench_.editors.editorOf(file)) {
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

void DebuggingFeature::showWriter(const QString& sentence, const session::Position& position) {
    QMessageBox box(QMessageBox::Information, tr("Who wrote this?"), sentence, QMessageBox::Close, &bench_.window);
    QAbstractButton* go = box.addButton(tr("&Go there"), QMessageBox::AcceptRole);
    box.exec();
    if (box.clickedButton() == go) {
        bench_.debug.travel(position);
    }
}

} // namespace rbpf::app
