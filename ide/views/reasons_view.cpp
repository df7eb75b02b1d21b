// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/reasons_view.hpp"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <utility>

#include "ide/views/theme.hpp"
#include "ide/views/tree_memory.hpp"
#include "sdk/analyse/place.hpp"

namespace rbpf::views {

namespace {

enum Column {
    kWhat,
    kValue,
    kColumns
};
constexpr int kPlace = Qt::UserRole; ///< file and line, or an offset
constexpr int kLines = 4;            ///< of the text below the tree

using analyse::Reason;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

QVariant placeOf(const Reason& reason) {
    if (!reason.place) {
        return {};
    }
    const bool hasSource = reason.place->line > 0 && !analyse::isLibraryFile(reason.place->file);
    return hasSource ? QVariant(QVariantList{words(reason.place->file), reason.place->line}) : QVariant(reason.place->offset);
}

QString whereOf(const QVariant& place) {
    return place.typeId() == QMetaType::UInt ? ReasonsView::tr("There is no source to show: goes to the bytecode")
           : place.isValid()                 ? ReasonsView::tr("%1:%2").arg(place.toList()[0].toString()).arg(place.toList()[1].toUInt())
                                             : QString();
}

void add(QTreeWidgetItem* parent, const Reason& reason) {
    auto* row = new QTreeWidgetItem(parent);
    const QVariant place = placeOf(reason);
    row->setText(kWhat, words(reason.what));
    row->setText(kValue, words(reason.value));
    row->setTextAlignment(kValue, Qt::AlignRight | Qt::AlignVCenter);
    row->setData(kWhat, kPlace, place);
    row->setData(kWhat, TreeMemory::kKey, parent->data(kWhat, TreeMemory::kKey).toString() + QLatin1Char('\n') + words(reason.what));
    if (reason.kind != Reason::Kind::Plain) {
        row->setForeground(kValue, reason.kind == Reason::Kind::Trouble ? theme().error : theme().warning);
    }
    QStringList told{words(reason.value.empty() ? reason.what : reason.what + ": " + reason.value), words(reason.because), whereOf(place)};
    told.removeAll(QString());
    for (const int column : {kWhat, kValue}) {
        row->setToolTip(column, told.join(QLatin1Char('\n')));
        row->setData(column, Qt::AccessibleDescriptionRole, words(reason.because));
    }
    for (const Reason& part : reason.parts) {
        add(row, part);
    }
}

} // namespace

ReasonsView::ReasonsView(QWidget* parent) : QWidget(parent), tree_(new QTreeWidget), told_(new QLabel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 4);
    layout->addWidget(tree_, 1);
    layout->addWidget(told_);
    tree_->setAccessibleName(tr("Why it costs that"));
    tree_->setColumnCount(kColumns);
    tree_->setHeaderLabels({tr("What"), tr("How much")});
    tree_->headerItem()->setTextAlignment(kValue, Qt::AlignRight | Qt::AlignVCenter);
    tree_->setUniformRowHeights(true);
    tree_->setAllColumnsShowFocus(true);
    tree_->setIndentation(14);
    tree_->header()->setStretchLastSection(false);
    tree_->header()->setSectionResizeMode(kWhat, QHeaderView::Stretch);
    setColumnWidth();
    told_->setAccessibleName(tr("The selected reason in full"));
    told_->setWordWrap(true);
    told_->setTextFormat(Qt::PlainText);
    told_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    told_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    connect(tree_, &QTreeWidget::currentItemChanged, this, &ReasonsView::tell);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* row) {
        const QVariant place = row->data(kWhat, kPlace);
        if (place.typeId() == QMetaType::UInt) {
            Q_EMIT codeActivated(place.toUInt());
        } else if (place.isValid()) {
            Q_EMIT sourceActivated(place.toList()[0].toString(), place.toList()[1].toUInt());
        }
    });
    connect(tree_, &QTreeWidget::itemClicked, tree_, &QTreeWidget::itemActivated);
    tell(nullptr);
}

void ReasonsView::setColumnWidth() {
    tree_->header()->resizeSection(kValue, tree_->fontMetrics().horizontalAdvance(QStringLiteral("0000 turns (as said)")) + 8);
    told_->setMinimumHeight(told_->fontMetrics().lineSpacing() * kLines);
}

void ReasonsView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        setColumnWidth();
    }
}

void ReasonsView::tell(const QTreeWidgetItem* row) {
    told_->setText(row != nullptr ? row->toolTip(kWhat) : tr("Select a row to see it in full; Enter goes to its place in the source."));
}

void ReasonsView::show(std::vector<Reason> reasons) {
    waiting_ = std::move(reasons);
    if (isVisible()) {
        fill();
    }
}

void ReasonsView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (waiting_) {
        fill();
    }
}

void ReasonsView::fill() {
    const std::vector<Reason> reasons = *std::exchange(waiting_, std::nullopt);
    const TreeMemory memory(*tree_);
    tree_->clear();
    for (const Reason& reason : reasons) {
        add(tree_->invisibleRootItem(), reason);
    }
    // The runs with their loops are open at first.
    memory.restore([this](const QTreeWidgetItem& row) {
        const QTreeWidgetItem* top = row.parent() != nullptr ? row.parent() : &row;
        return top == tree_->topLevelItem(0);
    });
}

} // namespace rbpf::views
