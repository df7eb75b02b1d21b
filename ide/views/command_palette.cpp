// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/command_palette.hpp"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace rbpf::views {

namespace {

QString nameOf(const QAction* action) {
    QString name = action->text();
    name.remove(QLatin1Char('&'));
    return name;
}

/// The letters of `pattern` in their order, anywhere in `text`.
bool matches(const QString& text, const QString& pattern) {
    qsizetype at = 0;
    for (const QChar letter : pattern) {
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0) {
            return false;
        }
        ++at;
    }
    return true;
}

} // namespace

CommandPalette::CommandPalette(const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup), actions_(actions), text_(new QLineEdit), list_(new QListWidget) {
    setAccessibleName(tr("Commands"));
    resize(520, 380);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    text_->setPlaceholderText(tr("Type a part of a command's name"));
    text_->setAccessibleName(tr("Command"));
    list_->setAccessibleName(tr("Matching commands"));
    layout->addWidget(text_);
    layout->addWidget(list_);
    text_->installEventFilter(this);
    connect(text_, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(text_, &QLineEdit::returnPressed, this, &CommandPalette::run);
    connect(list_, &QListWidget::itemActivated, this, &CommandPalette::run);
    connect(list_, &QListWidget::itemClicked, this, &CommandPalette::run);
    filter({});
    text_->setFocus();
}

void CommandPalette::filter(const QString& text) {
    list_->clear();
    for (int index = 0; index < actions_.size(); ++index) {
        const QAction* action = actions_[index];
        if (!matches(nameOf(action), text)) {
            continue;
        }
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(keys.isEmpty() ? nameOf(action) : nameOf(action) + QStringLiteral("   ") + keys, list_);
        item->setData(Qt::UserRole, index);
        if (!action->isEnabled()) {
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        }
    }
    list_->setCurrentRow(0);
}

void CommandPalette::run() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) {
        return;
    }
    QAction* action = actions_[item->data(Qt::UserRole).toInt()];
    accept();
    if (action->isEnabled()) {
        QTimer::singleShot(0, action, &QAction::trigger);
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == text_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            const int step = key == Qt::Key_Up ? -1 : 1;
            list_->setCurrentRow(qBound(0, list_->currentRow() + step, list_->count() - 1));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace rbpf::views
