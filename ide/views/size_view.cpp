// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/size_view.hpp"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QTreeWidget>
#include <algorithm>

#include "ide/views/theme.hpp"
#include "sdk/analyse/report.hpp"

namespace rbpf::views {

namespace {

constexpr int kPlace = Qt::UserRole;

QString change(long now, long before) {
    const long delta = now - before;
    return delta == 0 ? QString() : QStringLiteral("%1%2").arg(delta > 0 ? QStringLiteral("+") : QString()).arg(delta);
}

/// Numbers sort as numbers.
class Row : public QTreeWidgetItem {
public:
    using QTreeWidgetItem::QTreeWidgetItem;
    bool operator<(const QTreeWidgetItem& other) const override {
        const int column = treeWidget() != nullptr ? treeWidget()->sortColumn() : 0;
        const QVariant mine = data(column, Qt::DisplayRole);
        const QVariant theirs = other.data(column, Qt::DisplayRole);
        return column == 0 ? mine.toString() < theirs.toString() : mine.toDouble() < theirs.toDouble();
    }
};

} // namespace

SizeView::SizeView(QWidget* parent) : QWidget(parent), summary_(new QLabel), functions_(new QTreeWidget) {
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(8, 8, 8, 0);
    summary_->setWordWrap(true);
    summary_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(summary_, 0, 0, 1, 2);
    image_ = gauge(tr("Image"));
    ram_ = gauge(tr("Data"));
    stack_ = gauge(tr("Stack"));
    functions_->setAccessibleName(tr("Costs by function"));
    functions_->setHeaderLabels({tr("Function"), tr("Instructions"), tr("Bytes"), tr("Stack"), tr("Change")});
    functions_->setRootIsDecorated(false);
    functions_->setUniformRowHeights(true);
    functions_->setSortingEnabled(true);
    functions_->sortByColumn(2, Qt::DescendingOrder);
    functions_->header()->setStretchLastSection(false);
    functions_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    functions_->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    layout->addWidget(functions_, 4, 0, 1, 2);
    layout->setColumnStretch(1, 1);
    connect(functions_, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        const QVariantList place = item->data(0, kPlace).toList();
        if (place.size() == 2 && place[1].toUInt() > 0) {
            Q_EMIT activated(place[0].toString(), place[1].toUInt());
        }
    });
    connect(functions_, &QTreeWidget::itemClicked, functions_, &QTreeWidget::itemActivated);
    clear();
}

SizeView::Gauge SizeView::gauge(const QString& name) {
    auto* grid = static_cast<QGridLayout*>(layout());
    const int line = grid->rowCount();
    Gauge made{new QLabel(name), new QProgressBar};
    made.bar->setAccessibleName(name);
    grid->addWidget(made.label, line, 0);
    grid->addWidget(made.bar, line, 1);
    return made;
}

void SizeView::set(const Gauge& gauge, unsigned used, unsigned limit, const QString& unit) {
    const unsigned most = std::max({limit, used, 1U});
    gauge.bar->setRange(0, static_cast<int>(most));
    gauge.bar->setValue(static_cast<int>(used));
    gauge.bar->setFormat(limit > 0 ? tr("%1 of %2 %3").arg(used).arg(limit).arg(unit)
                                   : tr("%1 %2").arg(used).arg(unit));
    QPalette palette;
    palette.setColor(QPalette::Highlight, limit > 0 && used > limit             ? theme().error
                                          : limit > 0 && used * 10 > limit * 9 ? theme().warning
                                                                                : theme().accent);
    gauge.bar->setPalette(palette);
}

void SizeView::clear() {
    summary_->setText(tr("Build the project (Ctrl+B) to see what it costs."));
    functions_->clear();
    for (const Gauge& one : {image_, ram_, stack_}) {
        one.bar->setRange(0, 1);
        one.bar->setValue(0);
        one.bar->setFormat(QStringLiteral("–"));
    }
}

void SizeView::show(const analyse::SizeReport& now, const analyse::SizeReport* before, const link::BoardInfo* board) {
    QString text = QString::fromStdString(analyse::summary(now));
    if (before != nullptr && before->image != now.image) {
        text += tr(" (%1 B)").arg(change(now.image, before->image));
    }
    summary_->setText(text);
    const QString bytes = tr("bytes");
    set(image_, now.image, board != nullptr ? board->imageBytes : 0, bytes);
    set(ram_, now.data + now.bss, board != nullptr ? board->ramBytes : 0, bytes);
    set(stack_, now.stack, now.stackLimit, bytes);
    functions_->setSortingEnabled(false);
    functions_->clear();
    for (const analyse::FunctionSize& one : now.functions) {
        auto* row = new Row(functions_);
        row->setText(0, QString::fromStdString(one.name));
        row->setData(1, Qt::DisplayRole, one.instructions);
        row->setData(2, Qt::DisplayRole, one.bytes);
        row->setData(3, Qt::DisplayRole, one.frameBytes);
        if (before != nullptr) {
            const auto old = std::ranges::find(before->functions, one.name, &analyse::FunctionSize::name);
            row->setText(4, old == before->functions.end() ? tr("new") : change(one.bytes, old->bytes));
            row->setForeground(4, theme().changed);
        }
        for (int column = 1; column < 5; ++column) {
            row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        }
        row->setData(0, kPlace, QVariantList{QString::fromStdString(one.file), one.line});
    }
    functions_->setSortingEnabled(true);
}

} // namespace rbpf::views
