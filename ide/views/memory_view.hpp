// SPDX-License-Identifier: GPL-3.0-or-later
// The script's memory: a region as a hex dump, an address or expression to go to, pointers to follow.
#pragma once

#include <QWidget>

#include "ide/views/memory_model.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QTableView;

namespace rbpf::views {

class MemoryView : public QWidget {
    Q_OBJECT
public:
    explicit MemoryView(model::DebugModel& debug, QWidget* parent = nullptr);

    /// Selects these bytes, in whichever region they lie.
    void showAddress(std::uint32_t address, std::uint32_t bytes = 1);

private:
    void show();
    void select();
    void menu(const QPoint& at);
    [[nodiscard]] int region() const;

    model::DebugModel& debug_;
    MemoryModel* bytes_;
    QComboBox* regions_;
    QLineEdit* place_;
    QLabel* note_;
    QTableView* table_;
    std::optional<std::pair<std::uint32_t, std::uint32_t>> wanted_; ///< to select as soon as it is there
};

} // namespace rbpf::views
