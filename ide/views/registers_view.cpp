// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/registers_view.hpp"

#include <QHeaderView>
#include <QMenu>
#include <QSettings>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kPc = 11;

const QString kMode = QStringLiteral("registers/mode");

} // namespace

RegistersView::RegistersView(model::DebugModel& debug, QWidget* parent) : QTreeWidget(parent), debug_(debug) {
    setAccessibleName(tr("Registers"));
    mode_ = static_cast<Mode>(std::clamp(QSettings().value(kMode).toInt(), 0, static_cast<int>(Mode::Pointer)));
    setHeaderLabels({tr("Register"), tr("Value"), tr("Points at")});
    setEditTriggers(DoubleClicked | EditKeyPressed);
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
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
        item->setFont(1, codeFont());
    }
    setColumnHidden(2, mode_ == Mode::Pointer);
    for (int number = 0; number <= kPc; ++number) {
        const std::uint64_t value = shot->registers.at(static_cast<std::size_t>(number));
        QTreeWidgetItem* item = topLevelItem(number);
        const QString place = number == kPc ? tr("instruction %1").arg(value / 8) : model::placeOf(*shot, value);
        item->setText(1, textOf(value, place));
        item->setText(2, place);
        item->setToolTip(1, tr("0x%1 = %2%3")
                                .arg(value, 16, 16, QLatin1Char('0'))
                                .arg(static_cast<qint64>(value))
                                .arg(place.isEmpty() ? QString() : QStringLiteral(", ") + place));
        item->setFlags(shot->stop.position.live ? item->flags() | Qt::ItemIsEditable
                                                : item->flags() & ~Qt::ItemIsEditable);
        const bool isChanged = before && before->registers.at(static_cast<std::size_t>(number)) != value;
        item->setForeground(1, isChanged ? theme().changed : theme().text);
    }
    isShowing_ = false;
}

QString RegistersView::textOf(std::uint64_t value, const QString& place) const {
    switch (mode_) {
    case Mode::Decimal: return QString::number(static_cast<qint64>(value));
    case Mode::Pointer: return place.isEmpty() ? QStringLiteral("0x%1").arg(value, 0, 16) : place;
    case Mode::Hexadecimal: break;
    }
    return QStringLiteral("0x%1").arg(value, 0, 16);
}

void RegistersView::setMode(Mode mode) {
    mode_ = mode;
    QSettings().setValue(kMode, static_cast<int>(mode));
    show();
}

void RegistersView::edited(QTreeWidgetItem* item, int column) {
    if (isShowing_ || column != 1) {
        return;
    }
    bool isNumber = false;
    const QString text = item->text(column).trimmed();
    const std::uint64_t value = text.startsWith(QLatin1Char('-')) ? static_cast<std::uint64_t>(text.toLongLong(&isNumber, 0))
                                                                  : text.toULongLong(&isNumber, 0);
    if (isNumber) {
        debug_.setRegister(indexOfTopLevelItem(item), value);
    } else {
        show(); // what was typed is no number
    }
}

void RegistersView::menu(const QPoint& at) {
    const auto shot = debug_.snapshot();
    const int number = indexOfTopLevelItem(itemAt(at));
    QMenu menu;
    if (number >= 0 && number != kPc && shot) {
        const std::uint64_t value = shot->registers.at(static_cast<std::size_t>(number));
        menu.addAction(tr("Who wrote r%1?").arg(number), this,
                       [this, number] { debug_.whoWrote(QStringLiteral("r%1").arg(number)); });
        QAction* show = menu.addAction(tr("Show in memory"), this, [this, value] {
            Q_EMIT memoryAsked(static_cast<quint32>(value));
        });
        show->setEnabled(!model::placeOf(*shot, value).isEmpty());
        menu.addSeparator();
    }
    for (const auto& [text, mode] : {std::pair(tr("Hexadecimal"), Mode::Hexadecimal), std::pair(tr("Decimal"), Mode::Decimal),
                                     std::pair(tr("Pointers: region and offset"), Mode::Pointer)}) {
        QAction* action = menu.addAction(text, this, [this, mode = mode] { setMode(mode); });
        action->setCheckable(true);
        action->setChecked(mode_ == mode);
    }
    menu.exec(viewport()->mapToGlobal(at));
}

} // namespace rbpf::views
