// SPDX-License-Identifier: GPL-3.0-or-later
// The boards, each with what runs in its slots; the selected one is what deploying and debugging mean.
#pragma once

#include <QWidget>
#include <optional>

#include "ide/model/boards_model.hpp"

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace rbpf::views {

class BoardsView : public QWidget {
    Q_OBJECT
public:
    explicit BoardsView(model::BoardsModel& boards, QWidget* parent = nullptr);

    /// A way to start a board; the first is what the button does, the others are behind its arrow.
    void addStart(QAction* action);
    /// Buttons below the list; all of them also in the list's context menu.
    void setActions(const QList<QAction*>& buttons, const QList<QAction*>& others);
    /// The selected slot, if a script is in it.
    [[nodiscard]] std::optional<std::uint32_t> currentSlot() const;

Q_SIGNALS:
    void currentChanged();

protected:
    void changeEvent(QEvent* event) override;

private:
    void show();
    void showBoard(QTreeWidgetItem* row, const model::BoardState& board);
    void showSlot(QTreeWidgetItem* row, const link::SlotInfo& slot);
    void showDetails();

    model::BoardsModel& boards_;
    QTreeWidget* tree_;
    QLabel* details_;
    QToolButton* start_;
    QHBoxLayout* buttons_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
