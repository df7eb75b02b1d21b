// SPDX-License-Identifier: GPL-3.0-or-later
// Triggering scripts and observing what they do.
#pragma once

#include <QObject>

namespace rbpf::model {
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

    Workbench& bench_;
    model::TriggerModel* triggers_;
};

} // namespace rbpf::app
