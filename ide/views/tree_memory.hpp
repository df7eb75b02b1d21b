// SPDX-License-Identifier: GPL-3.0-or-later
// How the user left a tree (what is open, selected, how far it is scrolled), while its rows are made anew.
#pragma once

#include <QSet>
#include <QString>
#include <QTreeWidget>
#include <functional>

namespace rbpf::views {

/// Lives while the rows are made: made before the old ones go.
class TreeMemory {
public:
    /// In the first column of every row: the same row has the same next time.
    static constexpr int kKey = Qt::UserRole + 1;

    explicit TreeMemory(QTreeWidget& tree);
    /// `opensAtFirst`: rows that were not there before.
    void restore(const std::function<bool(const QTreeWidgetItem&)>& opensAtFirst) const;

private:
    QTreeWidget& tree_;
    QSet<QString> known_, open_;
    QString current_;
    int scrolled_;
};

} // namespace rbpf::views
