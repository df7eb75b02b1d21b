// SPDX-License-Identifier: GPL-3.0-or-later
// r0 … r10 and pc: what changed since the stop before is coloured; pointers say where they point.
#pragma once

#include <QTreeWidget>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class RegistersView : public QTreeWidget {
    Q_OBJECT
public:
    explicit RegistersView(model::DebugModel& debug, QWidget* parent = nullptr);

private:
    void show();
    void edited(QTreeWidgetItem* item, int column);
    void menu(const QPoint& at);

    model::DebugModel& debug_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
