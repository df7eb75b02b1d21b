// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/stack_map.hpp"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kColumns = 32, kCell = 14, kMargin = 8, kFoot = 22;

} // namespace

StackMap::StackMap(model::DebugModel& debug, QWidget* parent) : QWidget(parent), debug_(debug) {
    setAccessibleName(tr("Stack map"));
    setMinimumSize(kColumns * 8 + 2 * kMargin, 120);
    connect(&debug_, &model::DebugModel::stateChanged, this, &StackMap::take);
}

QSize StackMap::sizeHint() const {
    return {kColumns * kCell + 2 * kMargin, 16 * kCell + 2 * kMargin + kFoot};
}

void StackMap::take() {
    const auto shot = debug_.snapshot();
    if (!shot) {
        if (debug_.state() != model::DebugModel::State::Running) {
            cells_.clear();
            deepest_ = -1;
        }
        update();
        return;
    }
    const auto stack = std::ranges::find_if(
        shot->regions, [](const model::RegionBytes& one) { return one.region.name == "stack"; });
    if (stack == shot->regions.end()) {
        cells_.clear();
        update();
        return;
    }
    base_ = stack->region.address;
    bytes_ = stack->bytes;
    cells_.assign(bytes_.size(), {});
    names_.clear();
    for (const model::ValueRow& local : shot->locals) {
        if (!local.address || *local.address < base_ || *local.address - base_ >= cells_.size()) {
            continue;
        }
        names_ << QStringLiteral("%1 = %2").arg(local.name, local.value);
        const std::size_t from = *local.address - base_;
        for (std::size_t at = from; at < std::min(from + local.bytes, cells_.size()); ++at) {
            cells_[at].variable = static_cast<int>(names_.size()) - 1;
        }
    }
    for (std::size_t at = 0; at < cells_.size(); ++at) {
        cells_[at].isTouched = bytes_[at] != 0;
        if (cells_[at].isTouched && (deepest_ < 0 || static_cast<int>(at) < deepest_)) {
            deepest_ = static_cast<int>(at);
        }
    }
    framePointer_ = shot->frames.empty() ? -1 : static_cast<int>(shot->frames.front().framePointer - base_);
    update();
}

QRect StackMap::cellRect(int index) const {
    const int rows = std::max(1, static_cast<int>((cells_.size() + kColumns - 1) / kColumns));
    const int side = std::max(4, std::min((width() - 2 * kMargin) / kColumns, (height() - 2 * kMargin - kFoot) / rows));
    return {kMargin + index % kColumns * side, kMargin + index / kColumns * side, side - 1, side - 1};
}

int StackMap::cellAt(const QPoint& point) const {
    for (int index = 0; index < static_cast<int>(cells_.size()); ++index) {
        if (cellRect(index).contains(point)) {
            return index;
        }
    }
    return -1;
}

void StackMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().background);
    painter.setPen(theme().faint);
    if (cells_.empty()) {
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("The stack shows here when the script is stopped."));
        return;
    }
    for (int index = 0; index < static_cast<int>(cells_.size()); ++index) {
        const Cell& cell = cells_[static_cast<std::size_t>(index)];
        QColor colour = theme().margin;
        if (cell.variable >= 0) {
            colour = pairColour(cell.variable).darker(theme().isDark ? 60 : 115);
        } else if (cell.isTouched) {
            colour = theme().faint;
        }
        const QRect square = cellRect(index);
        painter.fillRect(square, colour);
        if (index == framePointer_ - 1) {
            painter.fillRect(square.right() - 1, square.top(), 2, square.height(), theme().accent);
        }
    }
    const int used = deepest_ < 0 ? 0 : static_cast<int>(cells_.size()) - deepest_;
    painter.setPen(theme().text);
    painter.drawText(QRect(kMargin, height() - kFoot, width() - 2 * kMargin, kFoot), Qt::AlignVCenter | Qt::AlignLeft,
                     tr("%1 bytes; deepest use seen %2").arg(cells_.size()).arg(used));
}

bool StackMap::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int at = cellAt(help->pos());
        if (at < 0) {
            QToolTip::hideText();
            return true;
        }
        const Cell& cell = cells_[static_cast<std::size_t>(at)];
        QToolTip::showText(help->globalPos(),
                           QStringLiteral("0x%1: 0x%2%3")
                               .arg(base_ + static_cast<std::uint32_t>(at), 8, 16, QLatin1Char('0'))
                               .arg(bytes_[static_cast<std::size_t>(at)], 2, 16, QLatin1Char('0'))
                               .arg(cell.variable >= 0 ? QLatin1Char('\n') + names_[cell.variable] : QString()),
                           this);
        return true;
    }
    return QWidget::event(event);
}

void StackMap::contextMenuEvent(QContextMenuEvent* event) {
    const int at = cellAt(event->pos());
    if (at < 0) {
        return;
    }
    const std::uint32_t address = base_ + static_cast<std::uint32_t>(at);
    QMenu menu;
    menu.addAction(tr("Who wrote this byte?"), this, [this, address] { debug_.whoWroteMemory(address, 1); });
    menu.addAction(tr("Show in memory"), this, [this, address] { Q_EMIT memoryAsked(address, 1); });
    menu.exec(event->globalPos());
}

} // namespace rbpf::views
