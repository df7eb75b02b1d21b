// SPDX-License-Identifier: GPL-3.0-or-later
// Triggering scripts and observing what they do.
#pragma once

#include <QObject>

namespace rbpf::model {
class ObserverModel;
class PlotModel;
class TriggerModel;
}

namespace rbpf::app {

struct Workbench;

class ObserveFeature : public QObject {
    Q_OBJECT
public:
    ObserveFeature(Workbench& bench, QObject* parent);

private:
    void addTrigger();
    void addObserver();
    void addPlot();
    [[nodiscard]] bool isDebugging() const;

    Workbench& bench_;
    model::TriggerModel* triggers_;
    model::ObserverModel* observer_;
    model::PlotModel* plot_;
};

} // namespace rbpf::app
