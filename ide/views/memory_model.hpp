// SPDX-License-Identifier: GPL-3.0-or-later
// A region's bytes as a table: 16 a row, then as text. A byte can be written where the script is live.
#pragma once

#include <QAbstractTableModel>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class MemoryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kRow = 16, kText = kRow; ///< bytes of a row; the column behind them

    explicit MemoryModel(model::DebugModel& debug, QObject* parent = nullptr);

    /// Shows a region of the snapshot; coloured is what differs from `before` (may be null).
    void take(model::SnapshotPtr shot, model::SnapshotPtr before, int region);
    [[nodiscard]] std::optional<std::uint32_t> addressOf(const QModelIndex& index) const;
    /// Invalid where the table has not got it.
    [[nodiscard]] QModelIndex indexOf(std::uint32_t address) const;
    /// Little-endian, as far as there are bytes.
    [[nodiscard]] std::optional<std::uint32_t> pointerAt(std::uint32_t address) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

private:
    [[nodiscard]] std::optional<std::size_t> offsetOf(const QModelIndex& index) const;
    [[nodiscard]] QString textOf(int row) const;

    model::DebugModel& debug_;
    model::SnapshotPtr shot_;
    std::uint32_t begin_ = 0; ///< address of the first byte
    std::vector<std::uint8_t> bytes_;
    std::vector<bool> changed_;
};

} // namespace rbpf::views
