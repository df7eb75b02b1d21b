// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/boards_view.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kBoard = Qt::UserRole, kSlot = Qt::UserRole + 1;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

BoardsView::BoardsView(model::BoardsModel& boards, QWidget* parent)
    : QWidget(parent), boards_(boards), tree_(new QTreeWidget), hint_(new QLabel),
      start_(new QPushButton(tr("Start virtual board"))), stop_(new QPushButton(tr("Stop"))),
      remove_(new QPushButton(tr("Remove script"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    tree_->setAccessibleName(tr("Boards"));
    tree_->setHeaderLabels({tr("Board"), tr("State")});
    tree_->header()->setStretchLastSection(true);
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    layout->addWidget(tree_, 1);
    hint_->setWordWrap(true);
    layout->addWidget(hint_);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(start_);
    buttons->addWidget(stop_);
    buttons->addWidget(remove_);
    buttons->addStretch();
    layout->addLayout(buttons);
    connect(start_, &QPushButton::clicked, &boards_, &model::BoardsModel::startNative);
    connect(stop_, &QPushButton::clicked, this, [this] {
        if (const auto* board = current()) {
            boards_.stopBoard(words(board->record.id));
        }
    });
    connect(remove_, &QPushButton::clicked, this, [this] {
        const auto* item = tree_->currentItem();
        if (item != nullptr && item->data(0, kSlot).isValid()) {
            boards_.removeScript(item->data(0, kBoard).toString(), item->data(0, kSlot).toUInt());
        }
    });
    connect(tree_, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        if (item != nullptr && !isShowing_) {
            boards_.select(item->data(0, kBoard).toString());
        }
        updateButtons();
    });
    connect(&boards_, &model::BoardsModel::changed, this, &BoardsView::show);
    show();
}

const model::BoardState* BoardsView::current() const {
    return boards_.selectedBoard();
}

void BoardsView::updateButtons() {
    const auto* board = current();
    stop_->setEnabled(board != nullptr && board->record.pid != 0);
    stop_->setToolTip(stop_->isEnabled() ? tr("Ends the virtual board's process")
                                         : tr("Only a virtual board can be stopped from here"));
    const auto* item = tree_->currentItem();
    remove_->setEnabled(item != nullptr && item->data(0, kSlot).isValid());
    remove_->setToolTip(remove_->isEnabled() ? tr("Empties the selected slot")
                                             : tr("Select a slot with a script in it"));
}

void BoardsView::show() {
    isShowing_ = true;
    const auto* was = tree_->currentItem();
    const QString keptBoard = was != nullptr ? was->data(0, kBoard).toString() : boards_.selected();
    const QVariant keptSlot = was != nullptr ? was->data(0, kSlot) : QVariant();
    tree_->clear();
    for (const model::BoardState& board : boards_.boards()) {
        const QString id = words(board.record.id);
        auto* row = new QTreeWidgetItem(tree_);
        row->setText(0, id);
        row->setData(0, kBoard, id);
        row->setToolTip(0, words(board.record.serial));
        if (board.info) {
            row->setText(1, tr("ready: firmware %1 on %2").arg(words(board.info->firmware), words(board.info->board)));
            row->setForeground(1, theme().good);
        } else {
            row->setText(1, board.problem.isEmpty() ? tr("no answer") : board.problem);
            row->setForeground(1, theme().warning);
            row->setToolTip(1, board.hint);
        }
        for (const link::SlotInfo& slot : board.slots) {
            auto* line = new QTreeWidgetItem(row);
            line->setText(0, tr("slot %1").arg(slot.slot));
            line->setText(1, slot.state == "empty" ? tr("empty")
                                                   : tr("%1 %2 — %3 bytes, %4 runs, %5 faults")
                                                         .arg(words(slot.name), words(slot.version))
                                                         .arg(slot.bytes)
                                                         .arg(slot.runs)
                                                         .arg(slot.faults));
            line->setData(0, kBoard, id);
            if (slot.state != "empty") {
                line->setData(0, kSlot, slot.slot);
            }
            if (id == keptBoard && keptSlot.isValid() && keptSlot.toUInt() == slot.slot) {
                tree_->setCurrentItem(line);
            }
        }
        row->setExpanded(true);
        if (id == keptBoard && !keptSlot.isValid()) {
            tree_->setCurrentItem(row);
        }
    }
    hint_->setText(boards_.boards().empty()
                       ? tr("No board is attached. A virtual board runs the same firmware as a real one.")
                       : QString());
    hint_->setVisible(boards_.boards().empty());
    isShowing_ = false;
    updateButtons();
}

} // namespace rbpf::views
