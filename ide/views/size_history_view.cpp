// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/size_history_view.hpp"

#include <QChart>
#include <QChartView>
#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QLineSeries>
#include <QLocale>
#include <QScatterSeries>
#include <QToolTip>
#include <QVBoxLayout>
#include <QValueAxis>
#include <algorithm>
#include <array>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

using model::SizePoint;

constexpr std::array<unsigned SizePoint::*, 5> kMeasures{&SizePoint::image, &SizePoint::text, &SizePoint::instructions,
                                                         &SizePoint::stack, &SizePoint::ram};

QString when(const SizePoint& point) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(point.timeMs), QLocale::ShortFormat);
}

} // namespace

SizeHistoryView::SizeHistoryView(QWidget* parent) : QWidget(parent), what_(new QComboBox), words_(new QLabel) {
    auto* layout = new QVBoxLayout(this);
    what_->setAccessibleName(tr("What the history shows"));
    what_->addItems({tr("Image, bytes"), tr("Text, bytes"), tr("Instructions"), tr("Stack, bytes"), tr("Data, bytes")});
    layout->addWidget(what_);
    words_->setWordWrap(true);
    layout->addWidget(words_);
    layout->addStretch();
    connect(what_, &QComboBox::currentIndexChanged, this, &SizeHistoryView::draw);
}

void SizeHistoryView::show(const std::vector<SizePoint>& points) {
    points_ = points;
    draw();
}

void SizeHistoryView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (view_ == nullptr) {
        auto* chart = new QChart;
        chart->legend()->hide();
        chart->setMargins({});
        chart->setBackgroundRoundness(0);
        view_ = new QChartView(chart);
        view_->setRenderHint(QPainter::Antialiasing);
        view_->setAccessibleName(tr("Costs from build to build"));
        view_->setMinimumHeight(120);
        auto* box = static_cast<QVBoxLayout*>(layout());
        delete box->takeAt(box->count() - 1);
        box->addWidget(view_, 1);
        draw();
    }
}

void SizeHistoryView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        draw();
    }
}

void SizeHistoryView::draw() {
    const auto measure = kMeasures[static_cast<std::size_t>(std::max(what_->currentIndex(), 0))];
    if (points_.empty()) {
        words_->setText(tr("Each build (Ctrl+B) that changes a size adds a point. There is none yet."));
    } else {
        const auto [least, most] = std::ranges::minmax(points_, {}, measure);
        words_->setText((points_.size() == 1 ? tr("1 build") : tr("%1 builds").arg(points_.size())) +
                        tr(" since %1: now %2, between %3 and %4.")
                            .arg(when(points_.front()))
                            .arg(points_.back().*measure)
                            .arg(least.*measure)
                            .arg(most.*measure));
    }
    if (view_ == nullptr) {
        return;
    }
    const Theme& colours = theme();
    QChart* chart = view_->chart();
    chart->removeAllSeries();
    for (QAbstractAxis* axis : chart->axes()) {
        chart->removeAxis(axis);
        delete axis;
    }
    chart->setBackgroundBrush(colours.background);
    view_->setBackgroundBrush(colours.background);
    auto* line = new QLineSeries;
    auto* dots = new QScatterSeries;
    unsigned most = 1;
    for (std::size_t index = 0; index < points_.size(); ++index) {
        const QPointF point(static_cast<double>(index + 1), points_[index].*measure);
        line->append(point);
        dots->append(point);
        most = std::max(most, points_[index].*measure);
    }
    line->setPen(QPen(colours.accent, 2));
    dots->setColor(colours.accent);
    dots->setBorderColor(colours.background);
    dots->setMarkerSize(points_.size() > 60 ? 5 : 9);
    chart->addSeries(line);
    chart->addSeries(dots);
    auto* builds = new QValueAxis;
    builds->setRange(0.5, static_cast<double>(std::max<std::size_t>(points_.size(), 2)) + 0.5);
    builds->setLabelFormat(QStringLiteral("%d"));
    builds->setTickType(QValueAxis::TicksDynamic);
    builds->setTickAnchor(0);
    builds->setTickInterval(static_cast<double>(std::max<std::size_t>(1, (points_.size() + 5) / 6)));
    builds->setTitleText(tr("Build"));
    auto* sizes = new QValueAxis;
    sizes->setRange(0, most * 1.15);
    sizes->setTickCount(4);
    sizes->applyNiceNumbers();
    sizes->setLabelFormat(QStringLiteral("%d"));
    for (auto [axis, side] : {std::pair(builds, Qt::AlignBottom), std::pair(sizes, Qt::AlignLeft)}) {
        axis->setLabelsColor(colours.text);
        axis->setTitleBrush(colours.marginText);
        axis->setGridLineColor(colours.isDark ? colours.margin.lighter(130) : colours.margin.darker(105));
        axis->setLinePen(QPen(colours.faint));
        chart->addAxis(axis, side);
        line->attachAxis(axis);
        dots->attachAxis(axis);
    }
    connect(dots, &QScatterSeries::hovered, this, [this, measure](const QPointF& point, bool isOver) {
        const auto index = static_cast<std::size_t>(std::max(point.x() - 1, 0.0));
        if (isOver && index < points_.size()) {
            QToolTip::showText(QCursor::pos(), tr("%1 on %2").arg(points_[index].*measure).arg(when(points_[index])), view_);
        }
    });
}

} // namespace rbpf::views
