// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/completion_popup.hpp"

#include <QHeaderView>
#include <QLabel>
#include <QScreen>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kRows = 10, kWidth = 560;

QColor colourOf(language::ItemKind kind) {
    const Theme& colours = theme();
    switch (kind) {
    case language::ItemKind::Function: return colours.accent;
    case language::ItemKind::Type:
    case language::ItemKind::Keyword: return colours.keyword;
    case language::ItemKind::Constant: return colours.number;
    case language::ItemKind::Macro: return colours.preprocessor;
    case language::ItemKind::File: return colours.string;
    default: return colours.text;
    }
}

} // namespace

CompletionPopup::CompletionPopup(QWidget* parent)
    : QFrame(parent, Qt::ToolTip), list_(new QTreeWidget), text_(new QLabel) {
    setAttribute(Qt::WA_ShowWithoutActivating);
    setFocusPolicy(Qt::NoFocus);
    setFrameStyle(QFrame::Box | QFrame::Plain);
    setAccessibleName(tr("Completions"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(list_);
    layout->addWidget(text_);
    list_->setAccessibleName(tr("What the word may become"));
    list_->setFocusPolicy(Qt::NoFocus);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setColumnCount(2);
    list_->setHeaderHidden(true);
    list_->setRootIsDecorated(false);
    list_->setUniformRowHeights(true);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    list_->header()->setStretchLastSection(true);
    text_->setWordWrap(true);
    text_->setMargin(5);
    text_->setTextFormat(Qt::PlainText);
    text_->setAccessibleName(tr("What the chosen completion does"));
    connect(list_, &QTreeWidget::currentItemChanged, this, &CompletionPopup::explain);
    connect(list_, &QTreeWidget::itemClicked, this, &CompletionPopup::accepted);
}

void CompletionPopup::dress() {
    const Theme& colours = theme();
    list_->setFont(codeFont());
    QPalette palette = this->palette();
    palette.setColor(QPalette::Base, colours.background);
    palette.setColor(QPalette::Window, colours.background);
    palette.setColor(QPalette::Text, colours.text);
    palette.setColor(QPalette::WindowText, colours.text);
    text_->setPalette(palette);
    palette.setColor(QPalette::WindowText, colours.marginText); // the frame
    palette.setColor(QPalette::Highlight, colours.selection);
    palette.setColor(QPalette::HighlightedText, colours.text);
    setPalette(palette);
    for (int index = 0; index < list_->topLevelItemCount(); ++index) {
        QTreeWidgetItem* row = list_->topLevelItem(index);
        row->setForeground(0, colourOf(items_[static_cast<std::size_t>(index)].kind));
        row->setForeground(1, colours.marginText);
    }
}

void CompletionPopup::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    // dress() changes the palette itself.
    if (event->type() == QEvent::PaletteChange && isVisible() && palette().color(QPalette::Base) != theme().background) {
        dress();
    }
}

void CompletionPopup::open(const std::vector<language::Completion>& items, const QRect& at) {
    items_ = items;
    const QSignalBlocker quiet(list_);
    list_->clear();
    QList<QTreeWidgetItem*> rows;
    for (const language::Completion& one : items_) {
        rows << new QTreeWidgetItem({QString::fromStdString(one.label), QString::fromStdString(one.detail)});
    }
    list_->addTopLevelItems(rows);
    dress();
    list_->setCurrentItem(list_->topLevelItem(0));
    explain();
    place(at);
    show();
}

void CompletionPopup::place(const QRect& at) {
    const int rowHeight = std::max(list_->sizeHintForRow(0), 1);
    const int shown = static_cast<int>(std::min<std::size_t>(items_.size(), kRows));
    list_->setFixedHeight(rowHeight * shown + 2);
    setFixedWidth(kWidth);
    adjustSize();
    const QRect room = screen()->availableGeometry();
    const int below = at.bottom() + 2;
    const int above = at.top() - 2 - height();
    const bool fitsBelow = below + height() <= room.bottom();
    move(std::clamp(at.left(), room.left(), std::max(room.right() - width(), room.left())),
         fitsBelow || above < room.top() ? below : above);
}

void CompletionPopup::explain() {
    const language::Completion* one = chosen();
    const QString text = one != nullptr ? QString::fromStdString(one->documentation) : QString();
    text_->setText(text);
    // Always as high as two lines: a list that jumps while one walks through it is hard to read.
    text_->setFixedHeight(text_->fontMetrics().lineSpacing() * 2 + 2 * text_->margin());
}

void CompletionPopup::step(int count) {
    const int row = list_->indexOfTopLevelItem(list_->currentItem()) + count;
    list_->setCurrentItem(list_->topLevelItem(std::clamp(row, 0, list_->topLevelItemCount() - 1)));
}

const language::Completion* CompletionPopup::chosen() const {
    const int row = list_->indexOfTopLevelItem(list_->currentItem());
    return row >= 0 && static_cast<std::size_t>(row) < items_.size() ? &items_[static_cast<std::size_t>(row)] : nullptr;
}

} // namespace rbpf::views
