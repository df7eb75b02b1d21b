// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/console_view.hpp"

#include <QApplication>
#include <QCheckBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTime>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::views {

namespace {

constexpr std::size_t kMostLines = 20000;

} // namespace

ConsoleView::ConsoleView(QWidget* parent)
    : QWidget(parent), text_(new QPlainTextEdit), filter_(new QLineEdit), times_(new QCheckBox(tr("Times"))),
      pause_(new QCheckBox(tr("Pause"))), find_(new QLineEdit) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    auto* bar = new QHBoxLayout;
    filter_->setPlaceholderText(tr("Show only lines with…"));
    filter_->setAccessibleName(tr("Filter of the console"));
    filter_->setClearButtonEnabled(true);
    auto* clear = new QPushButton(tr("Clear"));
    auto* save = new QPushButton(tr("Save…"));
    find_->setPlaceholderText(tr("Find…"));
    find_->setAccessibleName(tr("Find in the console"));
    find_->setToolTip(tr("Return finds the line before, Shift+Return the next one"));
    find_->setClearButtonEnabled(true);
    for (QLineEdit* field : {filter_, find_}) {
        field->setMinimumWidth(60);
    }
    pause_->setToolTip(tr("Holds what is shown; nothing is lost meanwhile"));
    bar->addWidget(filter_, 1);
    bar->addWidget(find_, 1);
    bar->addWidget(pause_);
    bar->addWidget(times_);
    bar->addWidget(save);
    bar->addWidget(clear);
    layout->addLayout(bar);
    text_->setReadOnly(true);
    text_->setFont(codeFont());
    text_->setMaximumBlockCount(static_cast<int>(kMostLines));
    text_->setAccessibleName(tr("Console"));
    layout->addWidget(text_);
    connect(filter_, &QLineEdit::textChanged, this, &ConsoleView::printAll);
    connect(times_, &QCheckBox::toggled, this, &ConsoleView::printAll);
    connect(pause_, &QCheckBox::toggled, this, [this](bool isPaused) {
        if (!isPaused) {
            printAll();
        }
    });
    connect(find_, &QLineEdit::returnPressed, this, [this] { find(); });
    connect(clear, &QPushButton::clicked, this, [this] {
        lines_.clear();
        printAll();
    });
    connect(save, &QPushButton::clicked, this, &ConsoleView::save);
}

void ConsoleView::add(Kind kind, const QString& text) {
    const QString now = QTime::currentTime().toString(QStringLiteral("HH:mm:ss.zzz"));
    QString all = text;
    if (kind == Kind::Board) {
        all = unfinished_ + text;
        const auto end = all.lastIndexOf(QLatin1Char('\n'));
        unfinished_ = all.mid(end + 1);
        if (end < 0) {
            return;
        }
        all.truncate(end);
    }
    for (const QString& line : all.split(QLatin1Char('\n'))) {
        addLine({kind, now, line});
    }
}

void ConsoleView::addLine(const Line& line) {
    lines_.push_back(line);
    if (lines_.size() > kMostLines) {
        lines_.pop_front();
    }
    if (!pause_->isChecked()) {
        print(line);
    }
}

void ConsoleView::print(const Line& line) {
    if (!filter_->text().isEmpty() && !line.text.contains(filter_->text(), Qt::CaseInsensitive)) {
        return;
    }
    const QColor colour = line.kind == Kind::Board ? theme().text
                          : line.kind == Kind::Tool ? theme().faint
                                                    : theme().error;
    const QString time = times_->isChecked() ? line.time + QStringLiteral("  ") : QString();
    text_->appendHtml(QStringLiteral("<pre style=\"margin:0;color:%1\">%2%3</pre>")
                          .arg(colour.name(), time, line.text.toHtmlEscaped()));
}

void ConsoleView::printAll() {
    text_->clear();
    for (const Line& line : lines_) {
        print(line);
    }
}

/// Backwards, as what is new stands at the end; around the end if there is nothing more.
void ConsoleView::find() {
    const bool isForward = QApplication::keyboardModifiers().testFlag(Qt::ShiftModifier);
    const auto direction = isForward ? QTextDocument::FindFlags() : QTextDocument::FindBackward;
    if (!text_->find(find_->text(), direction)) {
        text_->moveCursor(isForward ? QTextCursor::Start : QTextCursor::End);
        static_cast<void>(text_->find(find_->text(), direction));
    }
}

void ConsoleView::save() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the console"), QStringLiteral("console.log"));
    if (path.isEmpty()) {
        return;
    }
    std::string all;
    for (const Line& line : lines_) {
        all += (line.time + QStringLiteral("  ") + line.text + QLatin1Char('\n')).toStdString();
    }
    if (const auto written = support::writeAtomically(path.toStdString(), std::string_view(all)); !written) {
        QMessageBox::warning(this, tr("Not saved"), QString::fromStdString(written.error().message));
    }
}

} // namespace rbpf::views
