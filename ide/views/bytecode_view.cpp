// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/bytecode_view.hpp"

#include <QContextMenuEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QMenu>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

enum Column {
    kMark,
    kIndex,
    kText,
    kPlace,
    kBytes,
    kColumns
};

QString hex(const std::vector<std::uint8_t>& bytes) {
    QByteArray raw(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
    return QString::fromLatin1(raw.toHex(' '));
}

} // namespace

BytecodeView::BytecodeView(QWidget* parent) : QTableWidget(parent) {
    setAccessibleName(tr("Bytecode"));
    setColumnCount(kColumns);
    setHorizontalHeaderLabels({QString(), tr("#"), tr("Instruction"), tr("Source"), tr("Bytes")});
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(QFontMetrics(codeFont()).height() + 4);
    horizontalHeader()->setStretchLastSection(true);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setFont(codeFont());
    connect(this, &QTableWidget::cellClicked, this, [this](int row, int column) {
        const session::Instruction& one = code_.at(static_cast<std::size_t>(row));
        if (column == kMark) {
            Q_EMIT breakpointClicked(one.address);
        } else if (one.location.line > 0) {
            Q_EMIT lineActivated(QString::fromStdString(one.location.file), one.location.line);
        }
    });
}

void BytecodeView::show(const std::vector<session::Instruction>& code) {
    code_ = code;
    current_ = -1;
    std::map<std::pair<std::string, unsigned>, int> colours;
    pair_.assign(code_.size(), -1);
    clearContents();
    setRowCount(static_cast<int>(code_.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const session::Instruction& one = code_[static_cast<std::size_t>(row)];
        if (one.location.line > 0) {
            const auto [place, isNew] =
                colours.try_emplace({one.location.file, one.location.line}, static_cast<int>(colours.size()));
            pair_[static_cast<std::size_t>(row)] = place->second;
        }
        setItem(row, kMark, new QTableWidgetItem);
        setItem(row, kIndex, new QTableWidgetItem(QString::number(one.address / 8)));
        setItem(row, kText, new QTableWidgetItem(QString::fromStdString(one.text)));
        setItem(row, kBytes, new QTableWidgetItem(hex(one.bytes)));
        setItem(row, kPlace, new QTableWidgetItem(one.location.line > 0
                                                      ? QStringLiteral("%1:%2")
                                                            .arg(QFileInfo(QString::fromStdString(one.location.file)).fileName())
                                                            .arg(one.location.line)
                                                      : QString()));
        item(row, kIndex)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        paintRow(row);
    }
    resizeColumnToContents(kIndex);
    resizeColumnToContents(kText);
    resizeColumnToContents(kPlace);
    setColumnWidth(kMark, 20);
}

void BytecodeView::contextMenuEvent(QContextMenuEvent* event) {
    const int row = event->reason() == QContextMenuEvent::Mouse ? rowAt(event->pos().y()) : currentRow();
    if (row < 0) {
        return;
    }
    QMenu menu;
    Q_EMIT menuOpens(&menu, code_.at(static_cast<std::size_t>(row)));
    if (!menu.isEmpty()) {
        menu.exec(event->globalPos());
    }
}

int BytecodeView::rowOf(std::int64_t pc) const {
    const auto found = std::ranges::find(code_, pc, [](const session::Instruction& one) { return std::int64_t(one.address); });
    return found == code_.end() ? -1 : static_cast<int>(found - code_.begin());
}

void BytecodeView::paintRow(int row) {
    if (row < 0 || row >= rowCount()) {
        return;
    }
    const session::Instruction& one = code_[static_cast<std::size_t>(row)];
    const int pair = pair_[static_cast<std::size_t>(row)];
    const bool isMarked = markedLine_ > 0 && one.location.line == markedLine_ && one.location.file == markedFile_;
    QBrush background = pair >= 0 ? QBrush(pairColour(pair)) : QBrush(theme().background);
    if (row == current_) {
        background = past_ ? theme().past : theme().stopped;
    } else if (isMarked) {
        background = theme().selection;
    }
    for (int column = 0; column < kColumns; ++column) {
        item(row, column)->setBackground(column == kMark ? QBrush(theme().margin) : background);
        item(row, column)->setForeground(theme().text);
    }
    const bool hasBreakpoint = std::ranges::find(breakpoints_, one.address) != breakpoints_.end();
    item(row, kMark)->setText(row == current_ ? QStringLiteral("▶") : hasBreakpoint ? QStringLiteral("●") : QString());
    item(row, kMark)->setForeground(hasBreakpoint ? theme().breakpoint : theme().text);
}

void BytecodeView::showPosition(std::int64_t pc, bool past) {
    const int before = std::exchange(current_, rowOf(pc));
    past_ = past;
    paintRow(before);
    paintRow(current_);
    if (current_ >= 0) {
        scrollToItem(item(current_, kText), EnsureVisible);
    }
}

void BytecodeView::showLine(const QString& file, unsigned line) {
    markedFile_ = file.toStdString();
    markedLine_ = line;
    for (int row = 0; row < rowCount(); ++row) {
        paintRow(row);
    }
}

void BytecodeView::goTo(std::uint32_t address) {
    const int row = rowOf(address);
    if (row >= 0) {
        setCurrentCell(row, kText);
        scrollToItem(item(row, kText), PositionAtTop);
        setFocus();
    }
}

void BytecodeView::showBreakpoints(const std::vector<std::uint32_t>& addresses) {
    breakpoints_ = addresses;
    for (int row = 0; row < rowCount(); ++row) {
        paintRow(row);
    }
}

} // namespace rbpf::views
