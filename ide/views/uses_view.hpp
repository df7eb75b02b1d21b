// SPDX-License-Identifier: GPL-3.0-or-later
// Where a name is used: files, and below each the lines. One that is chosen is gone to.
#pragma once

#include <QTreeWidget>

#include "ide/model/language_model.hpp"

namespace rbpf::views {

class UsesView : public QTreeWidget {
    Q_OBJECT
public:
    explicit UsesView(QWidget* parent = nullptr);

    /// Files are shown as seen from `folder`.
    void show(const QString& name, const QString& folder, const std::vector<model::LanguageModel::Use>& uses);

Q_SIGNALS:
    void chosen(const QString& file, unsigned line, unsigned column);
};

} // namespace rbpf::views
