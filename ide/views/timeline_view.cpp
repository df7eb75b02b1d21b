// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/timeline_view.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSlider>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kRun = Qt::UserRole, kStep = Qt::UserRole + 1;
constexpr int kWhat = 2, kResult = 3, kOutside = 4, kColumns = 5;
constexpr std::size_t kMost = 2000; ///< items shown, the newest

/// "bpf_store_local(key 5, value 7) = 0" as the call and its result.
std::pair<QString, QString> partsOf(const session::TimelineItem& item) {
    const QString text = QString::fromStdString(item.text);
    const qsizetype equals = item.kind == session::TimelineItem::Kind::Call ? text.lastIndexOf(QLatin1String(") = ")) : -1;
    return equals < 0 ? std::pair(text, QString()) : std::pair(text.left(equals + 1), text.mid(equals + 4));
}

} // namespace

TimelineView::TimelineView(model::DebugModel& debug, QWidget* parent)
    : QWidget(parent), debug_(debug), slider_(new QSlider(Qt::Horizontal)), place_(new QLabel), items_(new QTreeWidget) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 0);
    auto* top = new QHBoxLayout;
    slider_->setAccessibleName(tr("Position in the run"));
    slider_->setTracking(false); // each step is executed again: once, where the slider is let go
    top->addWidget(slider_, 1);
    top->addWidget(place_);
    layout->addLayout(top);
    items_->setAccessibleName(tr("Timeline"));
    items_->setHeaderLabels({tr("Run"), tr("Step"), tr("What happened"), tr("Result"), tr("Outside")});
    items_->header()->setStretchLastSection(false);
    items_->header()->setSectionResizeMode(kWhat, QHeaderView::Stretch);
    items_->header()->setSectionResizeMode(kResult, QHeaderView::ResizeToContents);
    items_->header()->setSectionResizeMode(kOutside, QHeaderView::ResizeToContents);
    items_->headerItem()->setToolTip(kOutside, tr("The world saw it: going back does not undo it"));
    items_->setRootIsDecorated(false);
    items_->setUniformRowHeights(true);
    items_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    items_->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    layout->addWidget(items_, 1);
    connect(slider_, &QSlider::valueChanged, this, [this](int step) {
        if (!isShowing_) {
            debug_.travel({run_, static_cast<std::uint64_t>(step), false});
        }
    });
    connect(slider_, &QSlider::sliderMoved, this, [this](int step) { place_->setText(tr("step %1").arg(step)); });
    connect(items_, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        debug_.travel({item->data(0, kRun).toUInt(), item->data(0, kStep).toULongLong(), false});
    });
    connect(items_, &QTreeWidget::itemClicked, items_, &QTreeWidget::itemActivated);
    connect(&debug_, &model::DebugModel::stateChanged, this, &TimelineView::show);
    show();
}

void TimelineView::show() {
    const auto shot = debug_.snapshot();
    setEnabled(debug_.state() == model::DebugModel::State::Stopped);
    if (!shot) {
        if (debug_.state() == model::DebugModel::State::Off) {
            items_->clear();
            place_->setText(tr("no session"));
            run_ = 0;
        }
        return;
    }
    isShowing_ = true;
    const session::Position& at = shot->stop.position;
    if (at.run != run_ || at.live) {
        last_ = at.step;
        run_ = at.run;
    }
    for (const session::TimelineItem& one : shot->timeline) {
        if (one.position.run == run_) {
            last_ = std::max(last_, one.position.step);
        }
    }
    slider_->setRange(0, static_cast<int>(std::min<std::uint64_t>(last_, INT_MAX)));
    slider_->setValue(static_cast<int>(std::min<std::uint64_t>(at.step, INT_MAX)));
    place_->setText(at.live ? tr("run %1, step %2 (now)").arg(at.run).arg(at.step)
                            : tr("run %1, step %2 (past)").arg(at.run).arg(at.step));
    items_->clear();
    const std::size_t first = shot->timeline.size() - std::min(shot->timeline.size(), kMost);
    QTreeWidgetItem* here = nullptr;
    for (std::size_t index = first; index < shot->timeline.size(); ++index) {
        const session::TimelineItem& one = shot->timeline[index];
        auto* item = new QTreeWidgetItem(items_);
        item->setText(0, QString::number(one.position.run));
        item->setText(1, QString::number(one.position.step));
        const auto [what, result] = partsOf(one);
        item->setText(kWhat, what);
        item->setToolTip(kWhat, QString::fromStdString(one.text));
        item->setText(kResult, result);
        item->setText(kOutside, one.outside ? tr("seen, not undone") : QString());
        item->setForeground(kOutside, theme().warning);
        item->setData(0, kRun, one.position.run);
        item->setData(0, kStep, static_cast<qulonglong>(one.position.step));
        if (one.position.run == at.run && one.position.step <= at.step) {
            here = item;
        } else if (one.position.run == at.run) {
            for (int column = 0; column < kColumns; ++column) {
                item->setForeground(column, theme().faint);
            }
        }
    }
    items_->setCurrentItem(here);
    if (here != nullptr) {
        items_->scrollToItem(here);
    } else {
        items_->scrollToBottom();
    }
    isShowing_ = false;
}

} // namespace rbpf::views
