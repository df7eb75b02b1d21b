// SPDX-License-Identifier: GPL-3.0-or-later
// For tests of debugging: a small script with a loop, a table and a line of output, built so that every variable stays
// in memory; and what a person does with it.
#pragma once

#include "tests/gui/studio_test.hpp"

class QTreeWidget;

namespace rbpf::gui {

class DebugTest : public StudioTest {
    Q_OBJECT
protected:
    static constexpr unsigned kInLoop = 11, kBehindInLoop = 12, kAtTable = 14;

    /// Makes the project and opens it.
    void openScript();
    /// Where the script stands; 0 = it runs.
    [[nodiscard]] unsigned line();
    [[nodiscard]] bool isStoppedAt(unsigned wanted);
    /// Of a local variable, as it is shown.
    [[nodiscard]] QString value(const QString& name);
    void breakAt(unsigned line);
    void goOn();
    void resumeToAStop();
    /// As a person does: a double click on the value, the new one, Enter.
    void edit(const QString& name, const QString& text);
    /// The tree on the screen that is called so.
    [[nodiscard]] QTreeWidget* tree(const QString& name);
    /// In the current editor: over a line's column, both from 1, or (column 0) over the margin.
    [[nodiscard]] QPoint placeOf(unsigned line, int column);
};

} // namespace rbpf::gui
