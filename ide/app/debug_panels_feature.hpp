// SPDX-License-Identifier: GPL-3.0-or-later
// The debugger's panels: what the script has (variables, registers, stack, memory), how it came there (call stack,
// timeline), where it shall stop.
#pragma once

#include <QObject>

#include "ide/app/workbench.hpp"

namespace rbpf::views {
class BreakpointsView;
class CodeEditor;
class MemoryView;
} // namespace rbpf::views

namespace rbpf::app {

class DebugPanelsFeature : public QObject {
    Q_OBJECT
public:
    DebugPanelsFeature(Workbench& bench, QObject* parent);

private:
    void makePanels();
    void joinMargin(views::CodeEditor* editor);
    void showMemory(quint32 address, quint32 bytes);
    /// Begins to edit a breakpoint of the line; makes it if there is none.
    void editBreakpoint(const QString& file, unsigned line, bool logs);
    [[nodiscard]] int breakpointAt(const QString& file, unsigned line) const;

    Workbench& bench_;
    views::BreakpointsView* breakpoints_;
    views::MemoryView* memory_;
};

} // namespace rbpf::app
