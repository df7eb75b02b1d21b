// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/picker.hpp"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

namespace rbpf::views {

namespace {

constexpr std::size_t kMostShown = 200;

/// How well `text` answers to `pattern`, best first: as its start, as a part, by its letters in their order; -1 = not.
int rank(const QString& text, const QString& pattern) {
    const qsizetype part = text.indexOf(pattern, 0, Qt::CaseInsensitive);
    if (part >= 0) {
        return part == 0 ? 0 : 1;
    }
    qsizetype at = 0;
    for (const QChar letter : pattern) {
        at = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (at < 0) {
            return -1;
        }
        ++at;
    }
    return 2;
}

} // namespace

void Picker::open(const Texts& texts, std::vector<Entry> entries, QWidget* parent) {
    auto* picker = new Picker(texts, std::move(entries), parent);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    picker->move(parent->mapToGlobal(QPoint((parent->width() - picker->width()) / 2, 80)));
    picker->show();
}

Picker::Picker(const Texts& texts, std::vector<Entry> entries, QWidget* parent)
    : QDialog(parent, Qt::Popup), entries_(std::move(entries)), text_(new QLineEdit), list_(new QListWidget) {
    setAccessibleName(texts.what);
    resize(520, 380);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 6, 6, 6);
    text_->setPlaceholderText(texts.prompt);
    text_->setAccessibleName(texts.prompt);
    list_->setAccessibleName(texts.what);
    layout->addWidget(text_);
    layout->addWidget(list_);
    text_->installEventFilter(this);
    connect(text_, &QLineEdit::textChanged, this, &Picker::filter);
    connect(text_, &QLineEdit::returnPressed, this, &Picker::run);
    connect(list_, &QListWidget::itemActivated, this, &Picker::run);
    connect(list_, &QListWidget::itemClicked, this, &Picker::run);
    filter({});
    text_->setFocus();
}

void Picker::filter(const QString& text) {
    std::vector<std::pair<int, int>> found; // rank, index
    for (std::size_t index = 0; index < entries_.size(); ++index) {
        if (const int place = rank(entries_[index].name, text); place >= 0) {
            found.emplace_back(place, static_cast<int>(index));
        }
    }
    std::ranges::stable_sort(found, {}, &std::pair<int, int>::first);
    found.resize(std::min(found.size(), kMostShown));
    list_->clear();
    for (const auto& [place, index] : found) {
        const Entry& entry = entries_[static_cast<std::size_t>(index)];
        auto* item = new QListWidgetItem(
            entry.detail.isEmpty() ? entry.name : entry.name + QStringLiteral("   ") + entry.detail, list_);
        item->setData(Qt::UserRole, index);
        if (!entry.isEnabled) {
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        }
    }
    list_->setCurrentRow(0);
}

void Picker::run() {
    const QListWidgetItem* item = list_->currentItem();
    if (item == nullptr) {
        return;
    }
    const Entry entry = entries_[item->data(Qt::UserRole).toUInt()];
    accept();
    if (entry.isEnabled) {
        QTimer::singleShot(0, parent(), entry.run);
    }
}

bool Picker::eventFilter(QObject* watched, QEvent* event) {
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
