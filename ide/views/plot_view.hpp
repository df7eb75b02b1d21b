// SPDX-License-Identifier: GPL-3.0-or-later
// A live plot: zoomed with the wheel, moved by dragging, saved as a table or a picture.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ide/model/plot_model.hpp"

class QCheckBox;
class QLabel;
class QMenu;
class QToolButton;
QT_BEGIN_NAMESPACE
class QChart;
class QChartView;
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace rbpf::model {
class ObserverModel;
}

namespace rbpf::views {

class PlotView : public QWidget {
    Q_OBJECT
public:
    PlotView(model::PlotModel& plot, model::ObserverModel& observer, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void offerSeries();
    void setShown(const QString& name, bool isShown);
    [[nodiscard]] QStringList shown() const;
    void draw();
    void paintTheme();
    void zoom(double factor, double at);
    void save(const QString& title, const QString& name, const QString& filter,
              const std::function<QByteArray()>& content);
    [[nodiscard]] double now() const;

    model::PlotModel& plot_;
    model::ObserverModel& observer_;
    QChart* chart_;
    QChartView* view_;
    QValueAxis *time_, *value_;
    QMenu* menu_;
    QToolButton* choose_;
    QCheckBox *pause_, *follow_;
    QLabel* hint_;
    QHash<QString, QLineSeries*> lines_;
    QTimer again_;
    double origin_ = 0;  ///< what the time axis counts from
    double span_ = 60;   ///< seconds that are seen
    double end_ = 0;     ///< right end of what is seen, unless it follows
    double stopped_ = 0; ///< when it was paused
    int dragFrom_ = -1;
};

} // namespace rbpf::views
