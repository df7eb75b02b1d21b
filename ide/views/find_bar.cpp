// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/find_bar.hpp"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include "ide/views/code_editor.hpp"

namespace rbpf::views {

FindBar::FindBar(QWidget* parent)
    : QWidget(parent), what_(new QLineEdit), with_(new QLineEdit), caseSensitive_(new QCheckBox(tr("Match &case"))),
      wholeWord_(new QCheckBox(tr("&Whole words"))), answer_(new QLabel) {
    what_->setPlaceholderText(tr("Find"));
    what_->setAccessibleName(tr("Find"));
    with_->setPlaceholderText(tr("Replace with"));
    with_->setAccessibleName(tr("Replace with"));
    auto* previous = new QPushButton(tr("&Previous"));
    auto* next = new QPushButton(tr("&Next"));
    auto* replace = new QPushButton(tr("&Replace"));
    auto* all = new QPushButton(tr("Replace &all"));
    auto* close = new QToolButton;
    close->setText(QStringLiteral("✕"));
    close->setAccessibleName(tr("Close the find bar"));
    close->setAutoRaise(true);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(what_, 0, 0);
    layout->addWidget(previous, 0, 1);
    layout->addWidget(next, 0, 2);
    layout->addWidget(caseSensitive_, 0, 3);
    layout->addWidget(wholeWord_, 0, 4);
    layout->addWidget(close, 0, 5);
    layout->addWidget(with_, 1, 0);
    layout->addWidget(replace, 1, 1);
    layout->addWidget(all, 1, 2);
    layout->addWidget(answer_, 1, 3, 1, 3);
    layout->setColumnStretch(0, 1);
    connect(what_, &QLineEdit::returnPressed, this, [this] { this->next(true); });
    connect(previous, &QPushButton::clicked, this, [this] { this->next(false); });
    connect(next, &QPushButton::clicked, this, [this] { this->next(true); });
    connect(replace, &QPushButton::clicked, this, &FindBar::replaceOne);
    connect(all, &QPushButton::clicked, this, &FindBar::replaceAll);
    connect(close, &QToolButton::clicked, this, &FindBar::closed);
    hide();
}

void FindBar::setEditor(CodeEditor* editor) {
    editor_ = editor;
}

void FindBar::open() {
    if (editor_ != nullptr && editor_->hasSelectedText() &&
        !editor_->selectedText().contains(QLatin1Char('\n'))) {
        what_->setText(editor_->selectedText());
    }
    show();
    what_->setFocus();
    what_->selectAll();
}

bool FindBar::find(bool forwards, bool wrap) {
    int line = -1;
    int column = -1;
    if (!forwards && editor_->hasSelectedText()) {
        int endLine = 0;
        int endColumn = 0;
        editor_->getSelection(&line, &column, &endLine, &endColumn);
    }
    return editor_->findFirst(what_->text(), false, caseSensitive_->isChecked(), wholeWord_->isChecked(), wrap,
                              forwards, line, column);
}

void FindBar::next(bool forwards) {
    if (editor_ == nullptr || what_->text().isEmpty()) {
        return;
    }
    answer_->setText(find(forwards, true) ? QString() : tr("No match for “%1”").arg(what_->text()));
}

void FindBar::replaceOne() {
    if (editor_ == nullptr) {
        return;
    }
    const auto sensitivity = caseSensitive_->isChecked() ? Qt::CaseSensitive : Qt::CaseInsensitive;
    if (editor_->hasSelectedText() && editor_->selectedText().compare(what_->text(), sensitivity) == 0) {
        editor_->replaceSelectedText(with_->text());
    }
    next(true);
}

void FindBar::replaceAll() {
    if (editor_ == nullptr || what_->text().isEmpty()) {
        return;
    }
    int count = 0;
    editor_->beginUndoAction();
    for (bool found = editor_->findFirst(what_->text(), false, caseSensitive_->isChecked(), wholeWord_->isChecked(),
                                         false, true, 0, 0);
         found; found = editor_->findNext()) {
        editor_->replace(with_->text());
        ++count;
    }
    editor_->endUndoAction();
    answer_->setText(tr("%n replaced", nullptr, count));
}

void FindBar::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT closed();
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace rbpf::views
