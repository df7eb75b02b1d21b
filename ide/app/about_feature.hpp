// SPDX-License-Identifier: GPL-3.0-or-later
// Help › About: asks each part of the program for its version.
#pragma once

#include <QObject>

namespace rbpf::app {

struct Workbench;

class AboutFeature : public QObject {
    Q_OBJECT
public:
    AboutFeature(Workbench& bench, QObject* parent);

private:
    void open();

    Workbench& bench_;
};

} // namespace rbpf::app
