// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/tree_memory.hpp"

#include <QScrollBar>
#include <QTreeWidgetItemIterator>

namespace rbpf::views {

TreeMemory::TreeMemory(QTreeWidget& tree)
    : tree_(tree), current_(tree.currentItem() != nullptr ? tree.currentItem()->data(0, kKey).toString() : QString()),
      scrolled_(tree.verticalScrollBar()->value()) {
    for (QTreeWidgetItemIterator row(&tree); *row != nullptr; ++row) {
        const QString key = (*row)->data(0, kKey).toString();
        known_.insert(key);
        if ((*row)->isExpanded()) {
            open_.insert(key);
        }
    }
}

void TreeMemory::restore(const std::function<bool(const QTreeWidgetItem&)>& opensAtFirst) const {
    for (QTreeWidgetItemIterator row(&tree_); *row != nullptr; ++row) {
        const QString key = (*row)->data(0, kKey).toString();
        (*row)->setExpanded(known_.contains(key) ? open_.contains(key) : opensAtFirst(**row));
        if (key == current_ && !current_.isEmpty()) {
            tree_.setCurrentItem(*row);
        }
    }
    tree_.verticalScrollBar()->setValue(scrolled_);
}

} // namespace rbpf::views
