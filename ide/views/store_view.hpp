// SPDX-License-Identifier: GPL-3.0-or-later
// The key-value stores of the board as a table that can be written into.
#pragma once

#include <QWidget>

#include "ide/model/observer_model.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QTableWidget;
class QTableWidgetItem;

namespace rbpf::views {

class StoreView : public QWidget {
    Q_OBJECT
public:
    explicit StoreView(model::ObserverModel& observer, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void update();
    void edited(QTableWidgetItem* item);
    void add();
    void remove();
    [[nodiscard]] bool isEditing() const;

    model::ObserverModel& observer_;
    QTableWidget* table_;
    QComboBox* scope_;
    QLineEdit *key_, *value_;
    QLabel* message_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
