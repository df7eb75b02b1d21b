// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in the files of the project: what was found as a tree, each line with what replacing would make of
// it, each of them can be left out.
#pragma once

#include <QWidget>

#include "ide/model/find_in_files.hpp"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;

namespace rbpf::views {

class SearchView : public QWidget {
    Q_OBJECT
public:
    explicit SearchView(QWidget* parent = nullptr);

    /// Takes the keys; `text` is looked for unless it is "".
    void open(const QString& text);
    void show(model::Found found);
    void say(const QString& sentence);
    /// What was found is no longer so.
    void clear();

Q_SIGNALS:
    void searched(const rbpf::model::Search& search);
    void activated(const QString& path, unsigned line, unsigned column);
    /// The file was `before`, and is to be `after`.
    void replaced(const QString& path, const QString& before, const QString& after);

private:
    void search();
    void replaceChosen();

    QLineEdit* what_;
    QLineEdit* with_;
    QCheckBox* regex_;
    QCheckBox* caseSensitive_;
    QCheckBox* wholeWord_;
    QPushButton* replace_;
    QLabel* answer_;
    QTreeWidget* tree_;
    model::Found found_;
};

} // namespace rbpf::views
