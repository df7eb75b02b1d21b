// SPDX-License-Identifier: GPL-3.0-or-later
// The stack as cells, a byte each: which C variable lies where, which frame is whose, how deep it ever got.
#pragma once

#include <QWidget>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class StackMap : public QWidget {
    Q_OBJECT
public:
    explicit StackMap(model::DebugModel& debug, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    /// The middle of a byte's cell; counted from the stack's lowest address.
    [[nodiscard]] QPoint placeOf(std::uint32_t byte) const { return cellRect(static_cast<int>(byte)).center(); }

Q_SIGNALS:
    void memoryAsked(quint32 address, quint32 bytes);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    struct Cell {
        int variable = -1; ///< index into names_
        bool isTouched = false;
    };
    void take();
    [[nodiscard]] QRect cellRect(int index) const;
    [[nodiscard]] int cellAt(const QPoint& point) const;

    model::DebugModel& debug_;
    std::vector<Cell> cells_; ///< from the lowest address on
    std::vector<std::uint8_t> bytes_;
    std::uint32_t base_ = 0;
    QStringList names_;
    int framePointer_ = -1; ///< cell behind the innermost frame
    int deepest_ = -1;      ///< lowest cell that was ever not zero in this session
};

} // namespace rbpf::views
