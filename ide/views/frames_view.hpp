// SPDX-License-Identifier: GPL-3.0-or-later
// The call stack, innermost first, inlined functions included.
#pragma once

#include <QTreeWidget>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class FramesView : public QTreeWidget {
    Q_OBJECT
public:
    explicit FramesView(model::DebugModel& debug, QWidget* parent = nullptr);

Q_SIGNALS:
    void activated(const QString& file, unsigned line);

private:
    void show();

    model::DebugModel& debug_;
};

} // namespace rbpf::views
