// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/values_view.hpp"

#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QMenu>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kExpression = Qt::UserRole, kAddress = Qt::UserRole + 1, kBytes = Qt::UserRole + 2;

QString expressionOf(const QTreeWidgetItem* item) {
    return item != nullptr ? item->data(0, kExpression).toString() : QString();
}

} // namespace

ValuesView::ValuesView(model::DebugModel& debug, What what, QWidget* parent)
    : QTreeWidget(parent), debug_(debug), what_(what) {
    setAccessibleName(what == What::Variables ? tr("Variables") : tr("Watches"));
    setHeaderLabels({tr("Name"), tr("Value"), tr("Type")});
    setUniformRowHeights(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setEditTriggers(DoubleClicked | EditKeyPressed);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(1, QHeaderView::Stretch);
    header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    header()->setStretchLastSection(false);
    connect(&debug_, &model::DebugModel::stateChanged, this, &ValuesView::show);
    connect(this, &QTreeWidget::itemChanged, this, &ValuesView::edited);
    connect(this, &QWidget::customContextMenuRequested, this, &ValuesView::menu);
    connect(this, &QTreeWidget::itemExpanded, this,
            [this](const QTreeWidgetItem* item) { unfolded_ << expressionOf(item); });
    connect(this, &QTreeWidget::itemCollapsed, this,
            [this](const QTreeWidgetItem* item) { unfolded_.removeAll(expressionOf(item)); });
}

QTreeWidgetItem* ValuesView::row(const model::ValueRow& value) {
    auto* item = new QTreeWidgetItem({value.name, value.value, value.type});
    item->setData(0, kExpression, value.expression);
    if (value.address) {
        item->setData(0, kAddress, *value.address);
        item->setData(0, kBytes, value.bytes);
        item->setToolTip(0, QStringLiteral("0x%1, %2 bytes").arg(*value.address, 8, 16, QLatin1Char('0')).arg(value.bytes));
    }
    item->setFont(1, codeFont());
    item->setToolTip(1, value.value);
    if (!value.isOptimisedOut) {
        item->setFlags(item->flags() | Qt::ItemIsEditable);
    } else {
        item->setForeground(1, theme().faint);
    }
    const auto was = previous_.constFind(value.expression);
    if (was != previous_.constEnd() && *was != value.value) {
        item->setForeground(1, theme().changed);
    }
    shown_.insert(value.expression, value.value);
    for (const model::ValueRow& child : value.children) {
        item->addChild(row(child));
    }
    return item;
}

void ValuesView::show() {
    const auto shot = debug_.snapshot();
    setEnabled(debug_.state() != model::DebugModel::State::Running);
    if (!shot) {
        clear();
        return;
    }
    isShowing_ = true;
    if (!debug_.previous() || debug_.previous() != shot) {
        previous_ = shown_;
    }
    shown_.clear();
    const QStringList unfolded = unfolded_;
    const QString current = expressionOf(currentItem());
    clear();
    std::vector<model::ValueRow> all = what_ == What::Watches ? shot->watches : shot->locals;
    for (const model::ValueRow& one : all) {
        addTopLevelItem(row(one));
    }
    if (what_ == What::Variables && !shot->globals.empty()) {
        auto* globals = new QTreeWidgetItem(this, {tr("Globals")});
        globals->setData(0, kExpression, QStringLiteral(" globals"));
        for (const model::ValueRow& one : shot->globals) {
            globals->addChild(row(one));
        }
    }
    for (QTreeWidgetItemIterator item(this); *item != nullptr; ++item) {
        (*item)->setExpanded(unfolded.contains(expressionOf(*item)));
        if (!current.isEmpty() && expressionOf(*item) == current) {
            setCurrentItem(*item);
        }
    }
    unfolded_ = unfolded;
    isShowing_ = false;
}

void ValuesView::edited(QTreeWidgetItem* item, int column) {
    if (!isShowing_ && column == 1) {
        debug_.assign(expressionOf(item), item->text(1));
    }
}

void ValuesView::addWatch(const QString& expression) {
    if (!expression.isEmpty() && !debug_.watches().contains(expression)) {
        debug_.setWatches(debug_.watches() + QStringList{expression});
    }
}

void ValuesView::menu(const QPoint& at) {
    const QTreeWidgetItem* item = itemAt(at);
    const QString expression = expressionOf(item);
    QMenu menu;
    const bool isValue = !expression.isEmpty() && !expression.startsWith(QLatin1Char(' '));
    if (isValue) {
        menu.addAction(tr("Who wrote %1?").arg(expression), this, [this, expression] { debug_.whoWrote(expression); });
    }
    if (item != nullptr && item->data(0, kAddress).isValid()) {
        menu.addAction(tr("Show in memory"), this,
                       [this, address = item->data(0, kAddress).toUInt(), bytes = item->data(0, kBytes).toUInt()] {
                           Q_EMIT memoryAsked(address, bytes);
                       });
        menu.addAction(tr("Stop when %1 changes").arg(expression), this, [this, expression] {
            session::BreakpointSpec spec;
            spec.kind = session::BreakpointSpec::Kind::Watch;
            spec.expression = expression.toStdString();
            debug_.addBreakpoint(std::move(spec));
        });
    }
    if (isValue && item->text(2).endsWith(QLatin1Char('*'))) {
        menu.addAction(tr("Show what it points at in memory"), this, [this, expression] { debug_.locate(expression); });
    }
    if (what_ == What::Watches) {
        menu.addAction(tr("Add a watch…"), this, [this] {
            addWatch(QInputDialog::getText(this, tr("Watch"), tr("C expression:")).trimmed());
        });
        if (item != nullptr && item->parent() == nullptr) {
            menu.addAction(tr("Remove"), this, [this, expression] {
                QStringList watches = debug_.watches();
                watches.removeAll(expression);
                debug_.setWatches(watches);
            });
        }
    } else if (isValue) {
        menu.addAction(tr("Watch %1").arg(expression), this, [this, expression] { addWatch(expression); });
    }
    if (!menu.isEmpty()) {
        menu.exec(viewport()->mapToGlobal(at));
    }
}

void ValuesView::keyPressEvent(QKeyEvent* event) {
    if (what_ == What::Watches && event->key() == Qt::Key_Delete && currentItem() != nullptr) {
        QStringList watches = debug_.watches();
        watches.removeAll(expressionOf(currentItem()));
        debug_.setWatches(watches);
        return;
    }
    QTreeWidget::keyPressEvent(event);
}

} // namespace rbpf::views
