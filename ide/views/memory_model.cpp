// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/memory_model.hpp"

#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

const model::RegionBytes* find(const model::SnapshotPtr& shot, int region) {
    if (!shot) {
        return nullptr;
    }
    const auto found = std::ranges::find_if(
        shot->regions, [region](const model::RegionBytes& one) { return one.region.index == region; });
    return found == shot->regions.end() ? nullptr : &*found;
}

QString hex(std::uint8_t byte) {
    return QStringLiteral("%1").arg(byte, 2, 16, QLatin1Char('0'));
}

} // namespace

MemoryModel::MemoryModel(model::DebugModel& debug, QObject* parent) : QAbstractTableModel(parent), debug_(debug) {}

void MemoryModel::take(model::SnapshotPtr shot, model::SnapshotPtr before, int region) {
    const model::RegionBytes* now = find(shot, region);
    const model::RegionBytes* was = find(before, region);
    const std::uint32_t begin = now == nullptr ? 0 : now->region.address + now->from;
    const std::size_t size = now == nullptr ? 0 : now->bytes.size();
    const bool isOther = begin != begin_ || size != bytes_.size();
    if (isOther) {
        beginResetModel();
    }
    shot_ = std::move(shot);
    begin_ = begin;
    bytes_ = now == nullptr ? std::vector<std::uint8_t>() : now->bytes;
    changed_.assign(size, false);
    for (std::size_t at = 0; was != nullptr && at < size; ++at) {
        const std::uint64_t offset = std::uint64_t(now->from) + at; // into the region
        changed_[at] = offset >= was->from && offset - was->from < was->bytes.size() &&
                       was->bytes[offset - was->from] != bytes_[at];
    }
    if (isOther) {
        endResetModel();
    } else if (size > 0) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kText));
    }
}

std::optional<std::size_t> MemoryModel::offsetOf(const QModelIndex& index) const {
    const std::size_t offset = static_cast<std::size_t>(index.row()) * kRow + static_cast<std::size_t>(index.column());
    return index.isValid() && index.column() < kRow && offset < bytes_.size() ? std::optional(offset) : std::nullopt;
}

std::optional<std::uint32_t> MemoryModel::addressOf(const QModelIndex& index) const {
    const auto offset = offsetOf(index);
    return offset ? std::optional(begin_ + static_cast<std::uint32_t>(*offset)) : std::nullopt;
}

QModelIndex MemoryModel::indexOf(std::uint32_t address) const {
    if (address < begin_ || address - begin_ >= bytes_.size()) {
        return {};
    }
    const auto offset = static_cast<int>(address - begin_);
    return index(offset / kRow, offset % kRow);
}

std::optional<std::uint32_t> MemoryModel::pointerAt(std::uint32_t address) const {
    const std::size_t offset = address - begin_;
    if (address < begin_ || offset + 4 > bytes_.size()) {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    for (std::size_t at = 4; at-- > 0;) {
        value = value << 8 | bytes_[offset + at];
    }
    return value;
}

int MemoryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>((bytes_.size() + kRow - 1) / kRow);
}

int MemoryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kRow + 1;
}

QString MemoryModel::textOf(int row) const {
    QString text;
    const std::size_t from = static_cast<std::size_t>(row) * kRow;
    for (std::size_t at = from; at < std::min(from + kRow, bytes_.size()); ++at) {
        const std::uint8_t byte = bytes_[at];
        text += byte >= 0x20 && byte < 0x7f ? QLatin1Char(static_cast<char>(byte)) : QLatin1Char('.');
    }
    return text;
}

QVariant MemoryModel::data(const QModelIndex& index, int role) const {
    if (role == Qt::FontRole) {
        return codeFont();
    }
    if (index.column() == kText) {
        return role == Qt::DisplayRole ? textOf(index.row()) : QVariant();
    }
    const auto offset = offsetOf(index);
    if (!offset) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return hex(bytes_[*offset]);
    case Qt::TextAlignmentRole: return int(Qt::AlignCenter);
    case Qt::ForegroundRole:
        return changed_[*offset] ? QBrush(theme().changed) : bytes_[*offset] == 0 ? QBrush(theme().faint) : QBrush(theme().text);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: {
        const std::uint32_t address = begin_ + static_cast<std::uint32_t>(*offset);
        const model::ValueRow* variable = model::variableAt(*shot_, address);
        const QString text = tr("0x%1: 0x%2 (%3), %4")
                                 .arg(address, 8, 16, QLatin1Char('0'))
                                 .arg(hex(bytes_[*offset]))
                                 .arg(bytes_[*offset])
                                 .arg(model::placeOf(*shot_, address));
        return variable == nullptr ? text : text + QStringLiteral("\n%1 = %2").arg(variable->name, variable->value);
    }
    default: return {};
    }
}

QVariant MemoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (role == Qt::FontRole) {
        return codeFont();
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    if (orientation == Qt::Vertical) {
        return QStringLiteral("0x%1").arg(begin_ + static_cast<std::uint32_t>(section) * kRow, 8, 16, QLatin1Char('0'));
    }
    return section == kText ? tr("Text") : QString::number(section, 16);
}

Qt::ItemFlags MemoryModel::flags(const QModelIndex& index) const {
    return offsetOf(index) ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable
                           : Qt::ItemFlags(Qt::ItemIsEnabled);
}

/// What the board has is shown once it has it; a refusal comes as the session's sentence.
bool MemoryModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    const auto address = addressOf(index);
    bool isByte = false;
    const uint byte = value.toString().trimmed().toUInt(&isByte, 16);
    if (role != Qt::EditRole || !address || !isByte || byte > 0xff) {
        return false;
    }
    debug_.writeMemory(*address, {static_cast<std::uint8_t>(byte)});
    return true;
}

} // namespace rbpf::views
