// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/debug_panels_feature.hpp"

#include <QMainWindow>
#include <QMenu>
#include <algorithm>

#include "ide/app/docks.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/views/breakpoints_view.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/fault_card.hpp"
#include "ide/views/frames_view.hpp"
#include "ide/views/memory_view.hpp"
#include "ide/views/registers_view.hpp"
#include "ide/views/stack_map.hpp"
#include "ide/views/timeline_view.hpp"
#include "ide/views/values_view.hpp"

namespace rbpf::app {

using views::BreakpointsView;

DebugPanelsFeature::DebugPanelsFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench),
      breakpoints_(new BreakpointsView(bench.debug, bench.builds,
                                       [this] {
                                           cli::debug::Here here;
                                           if (const views::CodeEditor* editor = bench_.editors.current()) {
                                               here.file = editor->path().toStdString();
                                               here.line = editor->currentLine();
                                           }
                                           return here;
                                       })),
      memory_(new views::MemoryView(bench.debug)) {
    makePanels();
    connect(breakpoints_, &BreakpointsView::placeActivated, this,
            [this](const QString& file, unsigned line) { bench_.jump(file, line, 1); });
    connect(breakpoints_, &BreakpointsView::refused, this,
            [this](const QString& message, const QString& hint) { bench_.tell(message, hint, true); });
    connect(&bench_.debug, &model::DebugModel::located, this, [this] { bench_.docks.show(tr("Memory")); });
    connect(&bench_.editors, &views::EditorTabs::opened, this, &DebugPanelsFeature::joinMargin);
    addCommand(bench_.menus.debug, tr("Break&points"), {}, [this] { bench_.docks.show(tr("Breakpoints")); },
               tr("All breakpoints, their conditions and hits"));
    addCommand(bench_.menus.debug, tr("&Memory"), {}, [this] { bench_.docks.show(tr("Memory")); },
               tr("The script's memory as a hex dump"));
}

void DebugPanelsFeature::makePanels() {
    model::DebugModel& debug = bench_.debug;
    Docks& docks = bench_.docks;
    auto* variables = new views::ValuesView(debug, views::ValuesView::What::Variables);
    auto* watches = new views::ValuesView(debug, views::ValuesView::What::Watches);
    auto* registers = new views::RegistersView(debug);
    auto* stack = new views::StackMap(debug);
    auto* frames = new views::FramesView(debug);
    docks.add(tr("Variables"), variables, Qt::RightDockWidgetArea, Arrangement::Debugging);
    docks.addBeside(tr("Variables"), tr("Watches"), watches, Arrangement::Debugging);
    docks.add(tr("Registers"), registers, Qt::RightDockWidgetArea, Arrangement::Debugging);
    docks.addBeside(tr("Registers"), tr("Stack map"), stack, Arrangement::Debugging);
    docks.frontWhileDebugging(
        docks.addBeside(tr("Console"), tr("Timeline"), new views::TimelineView(debug), Arrangement::Debugging));
    docks.addBeside(tr("Timeline"), tr("Call stack"), frames, Arrangement::Debugging);
    docks.addBeside(tr("Call stack"), tr("Breakpoints"), breakpoints_, Arrangement::Debugging);
    docks.addBeside(tr("Breakpoints"), tr("Memory"), memory_, Arrangement::Debugging);
    connect(variables, &views::ValuesView::memoryAsked, this, &DebugPanelsFeature::showMemory);
    connect(watches, &views::ValuesView::memoryAsked, this, &DebugPanelsFeature::showMemory);
    connect(stack, &views::StackMap::memoryAsked, this, &DebugPanelsFeature::showMemory);
    connect(registers, &views::RegistersView::memoryAsked, this, [this](quint32 address) { showMemory(address, 8); });
    connect(frames, &views::FramesView::activated, this,
            [this](const QString& file, unsigned line) { bench_.jump(file, line, 1); });
}

void DebugPanelsFeature::showMemory(quint32 address, quint32 bytes) {
    bench_.docks.show(tr("Memory"));
    memory_->showAddress(address, bytes);
}

int DebugPanelsFeature::breakpointAt(const QString& file, unsigned line) const {
    const auto& all = bench_.debug.breakpoints();
    const auto found = std::ranges::find_if(all, [&](const session::Breakpoint& one) {
        return one.spec.kind == session::BreakpointSpec::Kind::Line && one.spec.line == line &&
               one.spec.file == file.toStdString();
    });
    return found == all.end() ? 0 : found->id;
}

void DebugPanelsFeature::editBreakpoint(const QString& file, unsigned line, bool logs) {
    if (breakpointAt(file, line) == 0) {
        session::BreakpointSpec spec;
        spec.file = file.toStdString();
        spec.line = line;
        if (logs) {
            spec.logMessage = tr("line %1").arg(line).toStdString();
        }
        bench_.debug.addBreakpoint(std::move(spec));
    }
    bench_.docks.show(tr("Breakpoints"));
    breakpoints_->edit(breakpointAt(file, line), logs ? BreakpointsView::Field::Log : BreakpointsView::Field::Condition);
}

void DebugPanelsFeature::joinMargin(views::CodeEditor* editor) {
    connect(editor, &views::CodeEditor::marginMenuOpens, this, [this, editor](QMenu* menu, unsigned line) {
        const QString file = editor->path();
        model::DebugModel& debug = bench_.debug;
        const int id = breakpointAt(file, line);
        if (id == 0) {
            menu->addAction(tr("Add breakpoint"), this, [&debug, file, line] { debug.toggleLine(file, line); });
            menu->addAction(tr("Add conditional breakpoint…"), this, [this, file, line] { editBreakpoint(file, line, false); });
            menu->addAction(tr("Add log point…"), this, [this, file, line] { editBreakpoint(file, line, true); });
            return;
        }
        const auto& all = debug.breakpoints();
        const bool isOn = std::ranges::find(all, id, &session::Breakpoint::id)->enabled;
        menu->addAction(tr("Edit breakpoint…"), this, [this, file, line] { editBreakpoint(file, line, false); });
        menu->addAction(tr("Log instead of stopping…"), this, [this, file, line] { editBreakpoint(file, line, true); });
        menu->addAction(isOn ? tr("Switch off") : tr("Switch on"), this,
                        [&debug, id, isOn] { debug.enableBreakpoint(id, !isOn); });
        menu->addAction(tr("Remove"), this, [&debug, id] { debug.removeBreakpoint(id); });
    });
}

} // namespace rbpf::app
