// SPDX-License-Identifier: GPL-3.0-or-later
// The history of the run: a slider over its instructions, binding calls as a list. What the world saw is marked, for
// going back does not undo it.
#pragma once

#include <QWidget>

#include "ide/model/debug_model.hpp"

class QLabel;
class QSlider;
class QTreeWidget;
class QTreeWidgetItem;

namespace rbpf::views {

class TimelineView : public QWidget {
    Q_OBJECT
public:
    explicit TimelineView(model::DebugModel& debug, QWidget* parent = nullptr);

private:
    void show();

    model::DebugModel& debug_;
    QSlider* slider_;
    QLabel* place_;
    QTreeWidget* items_;
    std::uint32_t run_ = 0;
    std::uint64_t last_ = 0; ///< the furthest step of the run that was seen
    bool isShowing_ = false;
};

} // namespace rbpf::views
