// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/boards_view.hpp"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

/// Of every row: the board's id, and what the row is within its parent. A slot with a script also has its number.
constexpr int kBoard = Qt::UserRole, kKey = Qt::UserRole + 1, kSlot = Qt::UserRole + 2;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

/// The row of this key at this place: a row that is there already is kept, so that selection and expansion are.
QTreeWidgetItem* rowAt(QTreeWidgetItem* parent, int place, const QString& key) {
    for (int index = place; index < parent->childCount(); ++index) {
        if (parent->child(index)->data(0, kKey).toString() == key) {
            for (; index > place; --index) {
                delete parent->takeChild(place);
            }
            return parent->child(place);
        }
    }
    auto* row = new QTreeWidgetItem;
    row->setData(0, kKey, key);
    parent->insertChild(place, row);
    return row;
}

void cut(QTreeWidgetItem* parent, int count) {
    while (parent->childCount() > count) {
        delete parent->takeChild(count);
    }
}

QString stateText(const model::BoardState& board) {
    if (board.isGone) {
        return QObject::tr("gone");
    }
    if (board.isDebugged) {
        return QObject::tr("being debugged");
    }
    if (board.info && board.status.state == link::BoardState::Ready) {
        return QObject::tr("ready");
    }
    return QString::fromLatin1(link::name(board.status.state));
}

QString infoText(const link::BoardInfo& info) {
    const QLocale locale;
    QStringList can;
    for (const std::string& one : info.capabilities) {
        can << words(one);
    }
    return QObject::tr("Firmware %1 on %2%3.\nSlots: %4, images up to %5; data %6, stack %7, %8 instructions a run.")
        .arg(words(info.firmware), words(info.board),
             can.isEmpty() ? QString() : QObject::tr(", can: %1").arg(can.join(QStringLiteral(", "))))
        .arg(info.slots)
        .arg(locale.formattedDataSize(info.imageBytes, 0), locale.formattedDataSize(info.ramBytes, 0),
             locale.formattedDataSize(info.stackBytes, 0), locale.toString(info.budget));
}

} // namespace

BoardsView::BoardsView(model::BoardsModel& boards, QWidget* parent)
    : QWidget(parent), boards_(boards), tree_(new QTreeWidget), details_(new QLabel), start_(new QToolButton),
      buttons_(new QHBoxLayout) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    tree_->setAccessibleName(tr("Boards"));
    tree_->setHeaderLabels({tr("Board"), tr("State")});
    tree_->header()->setStretchLastSection(true);
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    tree_->setContextMenuPolicy(Qt::ActionsContextMenu);
    layout->addWidget(tree_, 1);
    details_->setWordWrap(true);
    details_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    details_->setAccessibleName(tr("About the selected board"));
    layout->addWidget(details_);
    start_->setToolButtonStyle(Qt::ToolButtonTextOnly);
    start_->setPopupMode(QToolButton::MenuButtonPopup);
    start_->setFocusPolicy(Qt::StrongFocus);
    buttons_->addWidget(start_);
    buttons_->addStretch();
    layout->addLayout(buttons_);
    connect(tree_, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        if (item != nullptr && !isShowing_) {
            boards_.select(item->data(0, kBoard).toString());
            showDetails();
        }
        Q_EMIT currentChanged();
    });
    connect(&boards_, &model::BoardsModel::changed, this, &BoardsView::show);
    show();
}

void BoardsView::addStart(QAction* action) {
    if (start_->actions().isEmpty()) {
        start_->setDefaultAction(action); // adds it too
        start_->setText(tr("Start board"));
        start_->setAccessibleName(tr("Start virtual board"));
    } else {
        start_->addAction(action);
    }
}

void BoardsView::setActions(const QList<QAction*>& buttons, const QList<QAction*>& others) {
    for (QAction* action : buttons) {
        auto* button = new QToolButton;
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setDefaultAction(action);
        buttons_->insertWidget(buttons_->count() - 1, button);
    }
    tree_->addActions(start_->actions());
    tree_->addActions(buttons);
    tree_->addActions(others);
}

std::optional<std::uint32_t> BoardsView::currentSlot() const {
    const auto* item = tree_->currentItem();
    return item != nullptr && item->data(0, kSlot).isValid() ? std::optional(item->data(0, kSlot).toUInt()) : std::nullopt;
}

void BoardsView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) {
        show();
    }
    QWidget::changeEvent(event);
}

void BoardsView::showSlot(QTreeWidgetItem* row, const link::SlotInfo& slot) {
    const bool isEmpty = slot.state == "empty";
    row->setText(0, tr("slot %1").arg(slot.slot));
    row->setText(1, isEmpty ? tr("empty") : QStringLiteral("%1 %2").arg(words(slot.name), words(slot.version)));
    row->setForeground(1, isEmpty ? theme().faint : slot.state == "faulted" ? theme().error : theme().text);
    row->setData(0, kSlot, isEmpty ? QVariant() : QVariant(slot.slot));
    int lines = 0;
    if (!isEmpty) {
        QTreeWidgetItem* state = rowAt(row, lines++, QStringLiteral("state"));
        state->setText(0, words(slot.state));
        state->setText(1, tr("%L1 bytes, %L2 runs, %L3 faults").arg(slot.bytes).arg(slot.runs).arg(slot.faults));
        for (const link::EntryInfo& entry : slot.entries) {
            QTreeWidgetItem* line = rowAt(row, lines++, words(entry.name + "\n" + entry.trigger));
            line->setText(0, entry.name.empty() ? tr("entry") : words(entry.name));
            line->setText(1, entry.trigger.empty() ? tr("runs when it is invoked") : words(entry.trigger));
        }
    }
    cut(row, lines);
    const QString id = row->data(0, kBoard).toString();
    for (int index = 0; index < lines; ++index) {
        row->child(index)->setData(0, kBoard, id);
        row->child(index)->setData(0, kSlot, row->data(0, kSlot));
    }
    row->setToolTip(1, isEmpty ? QString() : row->child(0)->text(1));
}

void BoardsView::showBoard(QTreeWidgetItem* row, const model::BoardState& board) {
    const QString id = words(board.record.id);
    row->setData(0, kBoard, id);
    row->setText(0, id);
    row->setToolTip(0, words(board.record.name.empty() ? board.record.serial : board.record.name));
    row->setText(1, stateText(board));
    row->setToolTip(1, board.problem.isEmpty() ? QString() : QStringLiteral("%1\n%2").arg(board.problem, board.hint));
    row->setForeground(1, board.isGone                                         ? theme().faint
                          : board.isDebugged                                   ? theme().accent
                          : board.status.state == link::BoardState::Ready      ? theme().good
                                                                               : theme().warning);
    int lines = 0;
    for (const link::SlotInfo& slot : board.slots) {
        QTreeWidgetItem* line = rowAt(row, lines++, QString::number(slot.slot));
        line->setData(0, kBoard, id);
        showSlot(line, slot);
    }
    cut(row, lines);
}

void BoardsView::show() {
    isShowing_ = true;
    QTreeWidgetItem* root = tree_->invisibleRootItem();
    int rows = 0;
    for (const model::BoardState& board : boards_.boards()) {
        QTreeWidgetItem* row = rowAt(root, rows++, words(board.record.id));
        const bool isNew = row->data(0, kBoard).isNull();
        showBoard(row, board);
        if (isNew) {
            row->setExpanded(true);
        }
        const QTreeWidgetItem* current = tree_->currentItem();
        if (row->text(0) == boards_.selected() && (current == nullptr || current->data(0, kBoard) != row->text(0))) {
            tree_->setCurrentItem(row);
        }
    }
    cut(root, rows);
    isShowing_ = false;
    showDetails();
    Q_EMIT currentChanged();
}

void BoardsView::showDetails() {
    const model::BoardState* board = boards_.selectedBoard();
    QStringList lines;
    if (board == nullptr) {
        lines << (boards_.boards().empty()
                      ? tr("No board is attached. A virtual board runs the same firmware as a real one.")
                      : tr("Select the board to deploy to."));
    } else {
        if (!board->problem.isEmpty()) {
            lines << board->problem + QLatin1Char('.');
            if (!board->hint.isEmpty()) {
                lines << tr("What to do: %1.").arg(board->hint);
            }
        }
        if (board->info) {
            lines << infoText(*board->info);
        }
        if (!board->status.failed.empty()) {
            lines << tr("It was reset: %1.").arg(words(board->status.failed));
        }
        if (!board->record.serial.empty()) {
            lines << tr("Line: %1%2")
                         .arg(words(board->record.serial),
                              board->record.coap != 0 ? tr("; coap://127.0.0.1:%1").arg(board->record.coap) : QString());
        }
    }
    for (const std::string& port : boards_.otherPorts()) {
        lines << tr("%1 belongs to no board that is known by its USB ids; if it is one, Board › Add a remote board "
                    "gives it a name.")
                     .arg(words(port));
    }
    details_->setText(lines.join(QLatin1Char('\n')));
}

} // namespace rbpf::views
