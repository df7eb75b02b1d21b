// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/store_view.hpp"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <optional>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

enum Column {
    kScope,
    kKey,
    kValue,
    kHexadecimal
};
constexpr int kName = Qt::UserRole; ///< of the first column: the scope as the board calls it

/// Decimal, or hexadecimal with 0x; as the stores have it 32 bits without a sign. A negative number is its complement.
std::optional<std::uint32_t> number(const QString& text) {
    bool isGood = false;
    const QString trimmed = text.trimmed();
    if (trimmed.startsWith(QLatin1Char('-'))) {
        const int value = trimmed.toInt(&isGood, 10);
        return isGood ? std::optional(static_cast<std::uint32_t>(value)) : std::nullopt;
    }
    const bool isHex = trimmed.startsWith(QLatin1String("0x"), Qt::CaseInsensitive);
    const quint32 value = isHex ? trimmed.mid(2).toUInt(&isGood, 16) : trimmed.toUInt(&isGood, 10);
    return isGood ? std::optional<std::uint32_t>(value) : std::nullopt;
}

QString scopeText(const std::string& scope) {
    return scope == "global" ? StoreView::tr("global") : StoreView::tr("slot %1").arg(QString::fromStdString(scope));
}

const model::StoreValues* storeOf(const model::ObservationPtr& seen, const std::string& scope) {
    if (seen) {
        for (const auto& [name, values] : seen->stores) {
            if (name == scope) {
                return &values;
            }
        }
    }
    return nullptr;
}

} // namespace

StoreView::StoreView(model::ObserverModel& observer, QWidget* parent)
    : QWidget(parent), observer_(observer), table_(new QTableWidget(0, 4)), scope_(new QComboBox), key_(new QLineEdit),
      value_(new QLineEdit), message_(new QLabel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    table_->setAccessibleName(tr("Stored values"));
    table_->setHorizontalHeaderLabels({tr("Store"), tr("Key"), tr("Value"), tr("Hexadecimal")});
    table_->horizontalHeader()->setStretchLastSection(true);
    table_->verticalHeader()->hide();
    table_->setSelectionBehavior(QAbstractItemView::SelectRows);
    layout->addWidget(table_, 1);
    message_->setWordWrap(true);
    message_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    message_->setAccessibleName(tr("About the stores"));
    layout->addWidget(message_);
    auto* form = new QHBoxLayout;
    scope_->setAccessibleName(tr("Store of the new key"));
    scope_->view()->setAccessibleName(tr("Stores"));
    key_->setAccessibleName(tr("New key"));
    key_->setPlaceholderText(tr("key"));
    value_->setAccessibleName(tr("New value"));
    value_->setPlaceholderText(tr("value, 42 or 0x2a"));
    for (QLineEdit* field : {key_, value_}) {
        field->setMinimumWidth(40);
        connect(field, &QLineEdit::returnPressed, this, &StoreView::add);
    }
    auto* set = new QPushButton(tr("Set"));
    set->setToolTip(tr("Writes the value; the key is made if it is not there"));
    auto* erase = new QPushButton(tr("Delete"));
    erase->setToolTip(tr("Deletes the selected keys"));
    for (QWidget* widget : std::initializer_list<QWidget*>{scope_, key_, value_, set, erase}) {
        form->addWidget(widget);
    }
    layout->addLayout(form);
    auto* byKey = new QAction(tr("Delete"), table_);
    byKey->setShortcut(Qt::Key_Delete);
    byKey->setShortcutContext(Qt::WidgetShortcut);
    table_->addAction(byKey);
    connect(byKey, &QAction::triggered, this, &StoreView::remove);
    connect(set, &QPushButton::clicked, this, &StoreView::add);
    connect(erase, &QPushButton::clicked, this, &StoreView::remove);
    connect(table_, &QTableWidget::itemChanged, this, &StoreView::edited);
    connect(&observer_, &model::ObserverModel::changed, this, &StoreView::update);
    update();
}

void StoreView::showEvent(QShowEvent* event) {
    observer_.wantStores(this, true);
    QWidget::showEvent(event);
}

void StoreView::hideEvent(QHideEvent* event) {
    observer_.wantStores(this, false);
    QWidget::hideEvent(event);
}

bool StoreView::isEditing() const {
    const QWidget* focus = QApplication::focusWidget();
    return focus != nullptr && focus != table_ && table_->viewport()->isAncestorOf(focus);
}

void StoreView::update() {
    const auto seen = observer_.last();
    if (isEditing()) {
        return; // what the user types is not taken away; the next look shows all
    }
    isShowing_ = true;
    int row = 0;
    QStringList scopes;
    if (seen) {
        for (const auto& [scope, values] : seen->stores) {
            scopes << QString::fromStdString(scope);
            const model::StoreValues* old = storeOf(observer_.before(), scope);
            for (const auto& [key, value] : values) {
                if (row == table_->rowCount()) {
                    table_->insertRow(row);
                    for (int column = kScope; column <= kHexadecimal; ++column) {
                        auto* item = new QTableWidgetItem;
                        item->setFlags(column == kScope || column == kKey ? Qt::ItemIsSelectable | Qt::ItemIsEnabled
                                                                          : Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsEditable);
                        table_->setItem(row, column, item);
                    }
                }
                const auto before = old != nullptr ? old->find(key) : values.end();
                const bool isOther = old != nullptr && (before == old->end() || before->second != value);
                table_->item(row, kScope)->setText(scopeText(scope));
                table_->item(row, kScope)->setData(kName, QString::fromStdString(scope));
                table_->item(row, kKey)->setText(QString::number(key));
                table_->item(row, kValue)->setText(QString::number(value));
                table_->item(row, kHexadecimal)->setText(QStringLiteral("0x%1").arg(value, 0, 16));
                for (const int column : {kValue, kHexadecimal}) {
                    table_->item(row, column)->setForeground(isOther ? QBrush(theme().changed) : QBrush());
                }
                ++row;
            }
        }
    }
    table_->setRowCount(row);
    if (scopes.size() != scope_->count()) {
        scope_->clear();
        for (const QString& scope : scopes) {
            scope_->addItem(scopeText(scope.toStdString()), scope);
        }
    }
    isShowing_ = false;
    message_->setText(observer_.board().isEmpty()   ? tr("No board is there whose stores could be read.")
                      : !seen                       ? tr("%1 is being asked.").arg(observer_.board())
                      : !seen->problem.isEmpty()    ? tr("The stores cannot be read: %1.").arg(seen->problem)
                      : row == 0 ? tr("Nothing is stored on %1 yet.").arg(observer_.board())
                                 : QString());
    message_->setVisible(!message_->text().isEmpty());
}

void StoreView::edited(QTableWidgetItem* item) {
    if (isShowing_) {
        return;
    }
    const auto value = number(item->text());
    const auto key = number(table_->item(item->row(), kKey)->text());
    if (value && key) {
        observer_.setKey(table_->item(item->row(), kScope)->data(kName).toString().toStdString(), *key, *value);
    } else {
        Q_EMIT observer_.refused(tr("\"%1\" is no value of a store").arg(item->text()),
                                 tr("expected a number from 0 to 4294967295, or hexadecimal as 0x2a"));
    }
}

void StoreView::add() {
    const auto key = number(key_->text());
    const auto value = number(value_->text());
    if (!key || !value) {
        Q_EMIT observer_.refused(tr("\"%1\" is no %2 of a store").arg(key ? value_->text() : key_->text(), key ? tr("value") : tr("key")),
                                 tr("expected a number from 0 to 4294967295, or hexadecimal as 0x2a"));
        return;
    }
    observer_.setKey(scope_->currentData().toString().toStdString(), *key, *value);
}

void StoreView::remove() {
    for (int row = 0; row < table_->rowCount(); ++row) {
        if (table_->item(row, kKey)->isSelected()) {
            observer_.removeKey(table_->item(row, kScope)->data(kName).toString().toStdString(),
                                table_->item(row, kKey)->text().toUInt());
        }
    }
}

} // namespace rbpf::views
