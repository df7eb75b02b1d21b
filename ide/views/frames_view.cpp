// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/frames_view.hpp"

#include <QHeaderView>

#include "ide/views/theme.hpp"

namespace rbpf::views {

FramesView::FramesView(model::DebugModel& debug, QWidget* parent) : QTreeWidget(parent), debug_(debug) {
    setAccessibleName(tr("Call stack"));
    setHeaderLabels({tr("Function"), tr("Place")});
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    connect(&debug_, &model::DebugModel::stateChanged, this, &FramesView::show);
    connect(this, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item) {
        const auto shot = debug_.snapshot();
        const auto level = static_cast<std::size_t>(indexOfTopLevelItem(item));
        if (shot && level < shot->frames.size()) {
            debug_.selectFrame(static_cast<int>(level));
            const session::Location& place = shot->frames[level].location;
            Q_EMIT activated(QString::fromStdString(place.file), place.line);
        }
    });
}

void FramesView::show() {
    clear();
    const auto shot = debug_.snapshot();
    setEnabled(debug_.state() != model::DebugModel::State::Running);
    if (!shot) {
        return;
    }
    for (const session::Frame& frame : shot->frames) {
        auto* item = new QTreeWidgetItem(this);
        const QString name = frame.location.function.empty() ? QStringLiteral("?")
                                                             : QString::fromStdString(frame.location.function);
        item->setText(0, frame.inlined ? tr("%1 (inlined)").arg(name) : name);
        item->setText(1, frame.location.line > 0 ? QStringLiteral("%1:%2")
                                                       .arg(QString::fromStdString(frame.location.file))
                                                       .arg(frame.location.line)
                                                 : tr("instruction %1").arg(frame.location.pc / 8));
        if (frame.level == shot->frame) {
            setCurrentItem(item);
        }
    }
}

} // namespace rbpf::views
