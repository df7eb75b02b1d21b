// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/search_view.hpp"

#include <QCheckBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

namespace rbpf::views {

SearchView::SearchView(QWidget* parent)
    : QWidget(parent), what_(new QLineEdit), with_(new QLineEdit), regex_(new QCheckBox(tr("Regular expression"))),
      caseSensitive_(new QCheckBox(tr("Match case"))), wholeWord_(new QCheckBox(tr("Whole words"))),
      replace_(new QPushButton(tr("Replace the ticked"))), answer_(new QLabel), tree_(new QTreeWidget) {
    what_->setPlaceholderText(tr("Find in the project's files"));
    what_->setAccessibleName(what_->placeholderText());
    with_->setPlaceholderText(tr("Replace with"));
    with_->setAccessibleName(with_->placeholderText());
    with_->setToolTip(tr("In a regular expression, \\1 is the first group"));
    replace_->setToolTip(tr("Changes the texts in the editors; Undo takes it back, Save all writes it"));
    replace_->setEnabled(false);
    tree_->setAccessibleName(tr("Found"));
    tree_->setHeaderLabels({tr("Line"), tr("Text"), tr("Replaced")});
    tree_->setUniformRowHeights(true);
    auto* find = new QPushButton(tr("Find"));
    auto* options = new QHBoxLayout;
    options->addWidget(caseSensitive_);
    options->addWidget(wholeWord_);
    options->addWidget(regex_);
    options->addWidget(answer_, 1);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(6, 4, 6, 4);
    grid->addWidget(what_, 0, 0);
    grid->addWidget(find, 0, 1);
    grid->addWidget(with_, 0, 2);
    grid->addWidget(replace_, 0, 3);
    grid->addLayout(options, 1, 0, 1, 4);
    grid->addWidget(tree_, 2, 0, 1, 4);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(2, 1);
    connect(find, &QPushButton::clicked, this, &SearchView::search);
    connect(what_, &QLineEdit::returnPressed, this, &SearchView::search);
    connect(with_, &QLineEdit::returnPressed, this, &SearchView::search);
    connect(with_, &QLineEdit::textEdited, this, [this] { replace_->setEnabled(false); }); // what is shown is of before
    connect(replace_, &QPushButton::clicked, this, &SearchView::replaceChosen);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        if (QTreeWidgetItem* file = item->parent()) {
            const model::FileHits& hits = found_.files[static_cast<std::size_t>(tree_->indexOfTopLevelItem(file))];
            const model::Hit& hit = hits.hits[static_cast<std::size_t>(file->indexOfChild(item))];
            Q_EMIT activated(hits.path, hit.line, hit.column);
        }
    });
    connect(tree_, &QTreeWidget::itemClicked, tree_, [this](QTreeWidgetItem* item, int column) {
        if (column > 0) { // the first one holds the tick
            Q_EMIT tree_->itemActivated(item, column);
        }
    });
}

void SearchView::open(const QString& text) {
    if (!text.isEmpty()) {
        what_->setText(text);
    }
    what_->setFocus();
    what_->selectAll();
}

void SearchView::search() {
    if (!what_->text().isEmpty()) {
        say(tr("Searching…"));
        Q_EMIT searched({what_->text(), with_->text(), regex_->isChecked(), caseSensitive_->isChecked(), wholeWord_->isChecked()});
    }
}

void SearchView::say(const QString& sentence) {
    answer_->setText(sentence);
}

void SearchView::clear() {
    found_ = {};
    tree_->clear();
    replace_->setEnabled(false);
    say({});
}

void SearchView::show(model::Found found) {
    clear();
    found_ = std::move(found);
    int count = 0;
    for (const model::FileHits& file : found_.files) {
        auto* top = new QTreeWidgetItem(tree_, {QFileInfo(file.path).fileName(), file.path});
        top->setFlags(top->flags() | Qt::ItemIsUserCheckable | Qt::ItemIsAutoTristate);
        top->setCheckState(0, Qt::Checked);
        top->setExpanded(true);
        for (const model::Hit& hit : file.hits) {
            QString after = hit.lineText;
            after.replace(hit.column - 1, std::min<qsizetype>(hit.length, after.size() - hit.column + 1), hit.replacement);
            auto* item = new QTreeWidgetItem(top, {QString::number(hit.line), hit.lineText.trimmed(),
                                                   with_->text().isEmpty() ? QString() : after.trimmed()});
            item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
            item->setCheckState(0, Qt::Checked);
            ++count;
        }
    }
    tree_->resizeColumnToContents(0);
    tree_->setColumnWidth(1, std::max(200, (tree_->width() - tree_->columnWidth(0)) / 2));
    replace_->setEnabled(count > 0);
    say(count == 0      ? tr("Nothing found.")
        : found_.areAll ? tr("%1 found in %2 files.").arg(count).arg(found_.files.size())
                        : tr("The first %1; there are more.").arg(count));
}

void SearchView::replaceChosen() {
    const model::Found found = std::move(found_);
    std::vector<std::vector<bool>> chosen;
    for (int top = 0; top < tree_->topLevelItemCount(); ++top) {
        const QTreeWidgetItem* file = tree_->topLevelItem(top);
        std::vector<bool>& ticks = chosen.emplace_back();
        for (int index = 0; index < file->childCount(); ++index) {
            ticks.push_back(file->child(index)->checkState(0) == Qt::Checked);
        }
    }
    clear();
    for (std::size_t index = 0; index < found.files.size(); ++index) {
        const QString after = model::replaced(found.files[index], chosen[index]);
        if (after != found.files[index].text) {
            Q_EMIT replaced(found.files[index].path, found.files[index].text, after);
        }
    }
    say(tr("Replaced in the editors: Undo takes it back, Save all writes it."));
}

} // namespace rbpf::views
