// SPDX-License-Identifier: GPL-3.0-or-later
// The boards, each with what runs in its slots; the selected one is what deploying and debugging mean.
#pragma once

#include <QWidget>

#include "ide/model/boards_model.hpp"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace rbpf::views {

class BoardsView : public QWidget {
    Q_OBJECT
public:
    explicit BoardsView(model::BoardsModel& boards, QWidget* parent = nullptr);

private:
    void show();
    void updateButtons();
    [[nodiscard]] const model::BoardState* current() const;

    model::BoardsModel& boards_;
    QTreeWidget* tree_;
    QLabel* hint_;
    QPushButton* start_;
    QPushButton* stop_;
    QPushButton* remove_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
