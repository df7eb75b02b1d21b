// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/registers_view.hpp"

#include <QHeaderView>
#include <QMenu>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kPc = 11;

/// "stack+480", "null", or "".
QString placeOf(std::uint64_t value, const model::Snapshot& shot) {
    if (value >> 32 != 0) {
        return {};
    }
    for (const model::RegionBytes& one : shot.regions) {
        const session::Region& region = one.region;
        if (value >= region.address && value <= std::uint64_t(region.address) + region.size && region.index > 0) {
            return QStringLiteral("%1+%2").arg(QString::fromStdString(region.name)).arg(value - region.address);
        }
    }
    return {};
}

} // namespace

RegistersView::RegistersView(model::DebugModel& debug, QWidget* parent) : QTreeWidget(parent), debug_(debug) {
    setAccessibleName(tr("Registers"));
    setHeaderLabels({tr("Register"), tr("Hexadecimal"), tr("Decimal"), tr("Points at")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    connect(&debug_, &model::DebugModel::stateChanged, this, &RegistersView::show);
    connect(this, &QTreeWidget::itemChanged, this, &RegistersView::edited);
    connect(this, &QWidget::customContextMenuRequested, this, &RegistersView::menu);
}

void RegistersView::show() {
    const auto shot = debug_.snapshot();
    setEnabled(debug_.state() == model::DebugModel::State::Stopped);
    if (!shot) {
        clear();
        return;
    }
    isShowing_ = true;
    const auto before = debug_.previous();
    while (topLevelItemCount() <= kPc) {
        const int number = topLevelItemCount();
        auto* item = new QTreeWidgetItem(this);
        item->setText(0, number == kPc ? QStringLiteral("pc") : QStringLiteral("r%1").arg(number));
        for (const int column : {1, 2}) {
            item->setFont(column, codeFont());
        }
    }
    for (int number = 0; number <= kPc; ++number) {
        const std::uint64_t value = shot->registers.at(static_cast<std::size_t>(number));
        QTreeWidgetItem* item = topLevelItem(number);
        item->setText(1, QStringLiteral("0x%1").arg(value, number == kPc ? 4 : 16, 16, QLatin1Char('0')));
        item->setText(2, QString::number(static_cast<qint64>(value)));
        item->setText(3, number == kPc ? tr("instruction %1").arg(value / 8) : placeOf(value, *shot));
        item->setFlags(shot->stop.position.live ? item->flags() | Qt::ItemIsEditable
                                                : item->flags() & ~Qt::ItemIsEditable);
        const bool isChanged = before && before->registers.at(static_cast<std::size_t>(number)) != value;
        for (const int column : {1, 2}) {
            item->setForeground(column, isChanged ? theme().changed : theme().text);
        }
    }
    isShowing_ = false;
}

void RegistersView::edited(QTreeWidgetItem* item, int column) {
    if (isShowing_ || (column != 1 && column != 2)) {
        return;
    }
    const int number = indexOfTopLevelItem(item);
    bool isNumber = false;
    const QString text = item->text(column).trimmed();
    const std::uint64_t value = text.startsWith(QLatin1Char('-'))
                                    ? static_cast<std::uint64_t>(text.toLongLong(&isNumber, 0))
                                    : text.toULongLong(&isNumber, column == 1 && !text.startsWith(QLatin1String("0x")) ? 16 : 0);
    if (isNumber) {
        debug_.setRegister(number, value);
    } else {
        show(); // what was typed is no number
    }
}

void RegistersView::menu(const QPoint& at) {
    const int number = indexOfTopLevelItem(itemAt(at));
    if (number < 0 || number == kPc || !debug_.snapshot()) {
        return;
    }
    QMenu menu;
    menu.addAction(tr("Who wrote r%1?").arg(number), this, [this, number] { debug_.whoWroteRegister(number); });
    menu.exec(viewport()->mapToGlobal(at));
}

} // namespace rbpf::views
