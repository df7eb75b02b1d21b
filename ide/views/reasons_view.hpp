// SPDX-License-Identifier: GPL-3.0-or-later
// Why a script costs what it costs: its runs loop by loop, classes of instructions, bindings, library functions and what
// of the sources is not there. The row that is selected is told in full below the tree.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "sdk/analyse/reasons.hpp"

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace rbpf::views {

class ReasonsView : public QWidget {
    Q_OBJECT
public:
    explicit ReasonsView(QWidget* parent = nullptr);

    /// Stays as the user left it from one build to the next. Filled once it is seen: builds follow each other while one
    /// types.
    void show(std::vector<analyse::Reason> reasons);
    void clear() { show({}); }

Q_SIGNALS:
    void sourceActivated(const QString& file, unsigned line);
    /// For what has no source: bytes from the start of the text.
    void codeActivated(std::uint32_t offset);

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void fill();
    void setColumnWidth();
    void tell(const QTreeWidgetItem* row);

    QTreeWidget* tree_;
    QLabel* told_;
    std::optional<std::vector<analyse::Reason>> waiting_; ///< until it is seen
};

} // namespace rbpf::views
