// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/plot_view.hpp"

#include <QBuffer>
#include <QChart>
#include <QChartView>
#include <QCheckBox>
#include <QDateTime>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineSeries>
#include <QMenu>
#include <QMessageBox>
#include <QMouseEvent>
#include <QToolButton>
#include <QValueAxis>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>

#include "ide/model/observer_model.hpp"
#include "ide/views/theme.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::views {

namespace {

constexpr int kDrawEveryMs = 100;
constexpr double kLeastSpan = 0.1, kMostSpan = 86400;
constexpr double kZoomStep = 1.25;
/// Told apart on light and dark ground, and by people who do not see all colours (Okabe and Ito).
constexpr QRgb kColours[] = {0xFFE69F00, 0xFF56B4E9, 0xFF009E73, 0xFFCC79A7, 0xFFD55E00, 0xFF0072B2, 0xFF9A8C00, 0xFF888888};

QToolButton* button(const QString& text, const QString& tip) {
    auto* one = new QToolButton;
    one->setText(text);
    one->setToolTip(tip);
    one->setFocusPolicy(Qt::StrongFocus);
    return one;
}

} // namespace

PlotView::PlotView(model::PlotModel& plot, model::ObserverModel& observer, QWidget* parent)
    : QWidget(parent), plot_(plot), observer_(observer), chart_(new QChart), view_(new QChartView(chart_)),
      time_(new QValueAxis), value_(new QValueAxis), menu_(new QMenu(this)),
      choose_(button(tr("Series"), tr("Which numbers are shown"))), pause_(new QCheckBox(tr("Pause"))),
      follow_(new QCheckBox(tr("Follow"))), hint_(new QLabel) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    auto* bar = new QHBoxLayout;
    choose_->setMenu(menu_);
    choose_->setPopupMode(QToolButton::InstantPopup);
    follow_->setChecked(true);
    follow_->setToolTip(tr("The newest numbers stay in sight; dragging the plot ends that"));
    pause_->setToolTip(tr("Holds the picture; the numbers are still gathered"));
    auto* clear = button(tr("Clear"), tr("Forgets all numbers gathered so far"));
    auto* table = button(tr("CSV…"), tr("Saves the numbers of the shown series as a table"));
    auto* picture = button(tr("PNG…"), tr("Saves the plot as a picture"));
    hint_->setText(tr("Numbers of sensors and stores, and what the board prints as name=1.5 or name: 1.5"));
    hint_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (QWidget* widget : std::initializer_list<QWidget*>{choose_, follow_, pause_, clear, table, picture}) {
        bar->addWidget(widget);
    }
    bar->addWidget(hint_, 1);
    layout->addLayout(bar);
    view_->setAccessibleName(tr("Plot"));
    view_->setMinimumSize(60, 60);
    view_->viewport()->installEventFilter(this);
    chart_->addAxis(time_, Qt::AlignBottom);
    chart_->addAxis(value_, Qt::AlignLeft);
    chart_->legend()->setAlignment(Qt::AlignBottom);
    chart_->legend()->setShowToolTips(true); // names are cut where there are many
    chart_->setMargins({0, 0, 0, 0});
    chart_->layout()->setContentsMargins(0, 0, 0, 0);
    time_->setLabelFormat(QStringLiteral("%.1f s"));
    value_->setLabelFormat(QStringLiteral("%.4g"));
    value_->setTickCount(3);
    layout->addWidget(view_, 1);
    paintTheme();
    again_.setInterval(kDrawEveryMs);
    connect(&again_, &QTimer::timeout, this, &PlotView::draw);
    connect(&plot_, &model::PlotModel::namesChanged, this, &PlotView::offerSeries);
    connect(pause_, &QCheckBox::toggled, this, [this] { stopped_ = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000; });
    connect(clear, &QToolButton::clicked, &plot_, &model::PlotModel::clear);
    connect(table, &QToolButton::clicked, this, [this] {
        save(tr("Save the numbers"), QStringLiteral("plot.csv"), tr("Tables (*.csv)"), [this] { return plot_.csv(shown()); });
    });
    connect(picture, &QToolButton::clicked, this, [this] {
        save(tr("Save the plot"), QStringLiteral("plot.png"), tr("Pictures (*.png)"), [this] {
            QByteArray bytes;
            QBuffer buffer(&bytes);
            buffer.open(QIODevice::WriteOnly);
            view_->grab().save(&buffer, "PNG");
            return bytes;
        });
    });
    offerSeries();
}

double PlotView::now() const {
    return pause_->isChecked() ? stopped_ : static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
}

void PlotView::showEvent(QShowEvent* event) {
    observer_.wantSensors(this, true);
    observer_.wantStores(this, true);
    again_.start();
    QWidget::showEvent(event);
}

void PlotView::hideEvent(QHideEvent* event) {
    observer_.wantSensors(this, false);
    observer_.wantStores(this, false);
    again_.stop();
    QWidget::hideEvent(event);
}

void PlotView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && again_.interval() != 0) {
        paintTheme();
    }
    QWidget::changeEvent(event);
}

void PlotView::paintTheme() {
    chart_->setBackgroundBrush(theme().background);
    chart_->setBackgroundRoundness(0);
    chart_->legend()->setLabelColor(theme().text);
    QColor grid = theme().faint;
    grid.setAlphaF(0.3F);
    for (QValueAxis* axis : {time_, value_}) {
        axis->setLabelsColor(theme().text);
        axis->setGridLineColor(grid);
        axis->setLinePenColor(theme().faint);
    }
}

void PlotView::offerSeries() {
    for (const QString& name : lines_.keys()) {
        if (!plot_.names().contains(name)) {
            delete lines_.take(name);
        }
    }
    QHash<QString, bool> was;
    for (const QAction* action : menu_->actions()) {
        was.insert(action->text(), action->isChecked());
    }
    menu_->clear();
    for (const QString& name : plot_.names()) {
        QAction* action = menu_->addAction(name);
        action->setCheckable(true);
        const bool isShown = was.value(name, true);
        action->setChecked(isShown);
        connect(action, &QAction::toggled, this, [this, name](bool isOn) { setShown(name, isOn); });
        setShown(name, isShown);
    }
    choose_->setEnabled(!plot_.names().isEmpty());
}

void PlotView::setShown(const QString& name, bool isShown) {
    if (!isShown) {
        delete lines_.take(name);
    } else if (!lines_.contains(name)) {
        auto* line = new QLineSeries;
        line->setName(name);
        const auto colour = static_cast<std::size_t>(plot_.names().indexOf(name)) % std::size(kColours);
        line->setPen(QPen(QColor::fromRgb(kColours[colour]), 2));
        chart_->addSeries(line);
        line->attachAxis(time_);
        line->attachAxis(value_);
        lines_.insert(name, line);
    }
    draw();
}

QStringList PlotView::shown() const {
    QStringList names;
    for (const QString& name : plot_.names()) {
        if (lines_.contains(name)) {
            names << name;
        }
    }
    return names;
}

void PlotView::draw() {
    const double end = follow_->isChecked() ? now() : end_;
    const double from = end - span_;
    if (origin_ == 0) {
        origin_ = end;
    }
    double low = 0;
    double high = 0;
    bool isEmpty = true;
    for (auto line = lines_.begin(); line != lines_.end(); ++line) {
        QList<QPointF> points = plot_.thinned(line.key(), from, end, std::max(view_->width(), 100));
        for (QPointF& point : points) {
            low = isEmpty ? point.y() : std::min(low, point.y());
            high = isEmpty ? point.y() : std::max(high, point.y());
            isEmpty = false;
            point.rx() -= origin_;
        }
        line.value()->replace(points);
    }
    const double margin = high > low ? (high - low) * 0.05 : 1;
    value_->setRange(low - margin, high + margin);
    time_->setRange(from - origin_, end - origin_);
}

void PlotView::zoom(double factor, double at) {
    const double end = follow_->isChecked() ? now() : end_;
    const double wanted = std::clamp(span_ * factor, kLeastSpan, kMostSpan);
    const double fixed = end - span_ * (1 - at);
    end_ = fixed + wanted * (1 - at);
    span_ = wanted;
    draw();
}

bool PlotView::eventFilter(QObject* watched, QEvent* event) {
    const QRectF area = chart_->plotArea();
    switch (event->type()) {
    case QEvent::Wheel: {
        const auto* wheel = static_cast<QWheelEvent*>(event);
        const double at = follow_->isChecked() ? 1 : std::clamp((wheel->position().x() - area.left()) / area.width(), 0.0, 1.0);
        zoom(wheel->angleDelta().y() > 0 ? 1 / kZoomStep : kZoomStep, at);
        return true;
    }
    case QEvent::MouseButtonPress:
        dragFrom_ = static_cast<QMouseEvent*>(event)->pos().x();
        return true;
    case QEvent::MouseMove:
        if (dragFrom_ >= 0) {
            const int x = static_cast<QMouseEvent*>(event)->pos().x();
            if (follow_->isChecked()) {
                end_ = now();
                follow_->setChecked(false);
            }
            end_ -= (x - dragFrom_) * span_ / std::max(area.width(), 1.0);
            dragFrom_ = x;
            draw();
        }
        return true;
    case QEvent::MouseButtonRelease:
        dragFrom_ = -1;
        return true;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void PlotView::save(const QString& title, const QString& name, const QString& filter,
                    const std::function<QByteArray()>& content) {
    const QByteArray bytes = content(); // as it is now, not as it is when the user has found a name
    const QString path = QFileDialog::getSaveFileName(this, title, name, filter);
    if (path.isEmpty()) {
        return;
    }
    const std::string_view text(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    if (const auto written = support::writeAtomically(path.toStdString(), text); !written) {
        QMessageBox::warning(this, tr("Not saved"),
                             QStringLiteral("%1\n%2").arg(QString::fromStdString(written.error().message),
                                                          QString::fromStdString(written.error().hint)));
    }
}

} // namespace rbpf::views
