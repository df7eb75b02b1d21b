// SPDX-License-Identifier: GPL-3.0-or-later
// The script as bytecode beside its source: colours pair lines with instructions, and stepping goes by instructions
// while this view has the focus.
#pragma once

#include <QTableWidget>
#include <map>
#include <vector>

#include "debugger/session/session.hpp"

class QMenu;

namespace rbpf::views {

class BytecodeView : public QTableWidget {
    Q_OBJECT
public:
    explicit BytecodeView(QWidget* parent = nullptr);

    void show(const std::vector<session::Instruction>& code);
    /// Where the script stands, byte address; -1 = nowhere.
    void showPosition(std::int64_t pc, bool past);
    /// Marks the instructions of a source line.
    void showLine(const QString& file, unsigned line);
    /// Selects the instruction at this address and brings it into view.
    void goTo(std::uint32_t address);
    void showBreakpoints(const std::vector<std::uint32_t>& addresses);

Q_SIGNALS:
    void lineActivated(const QString& file, unsigned line);
    void breakpointClicked(std::uint32_t address);
    /// A context menu is about to open: whoever can do something with the instruction adds it.
    void menuOpens(QMenu* menu, const rbpf::session::Instruction& instruction);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void paintRow(int row);
    [[nodiscard]] int rowOf(std::int64_t pc) const;

    std::vector<session::Instruction> code_;
    std::vector<int> pair_; ///< colour of each row, -1 = none
    std::vector<std::uint32_t> breakpoints_;
    int current_ = -1;
    bool past_ = false;
    std::string markedFile_;
    unsigned markedLine_ = 0;
};

} // namespace rbpf::views
