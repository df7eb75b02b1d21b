// SPDX-License-Identifier: GPL-3.0-or-later
// What the user set takes effect: at the start, from the settings dialog, by the keys that zoom.
#pragma once

#include <QHash>
#include <QObject>

#include "ide/views/preferences.hpp"

class QAction;

namespace rbpf::app {

struct Workbench;

class SettingsFeature : public QObject {
    Q_OBJECT
public:
    SettingsFeature(Workbench& bench, QObject* parent);

private:
    void apply(const views::Preferences& preferences);
    void showDialog();
    void zoom(int points);
    void chooseBoard();
    void addAppearances();

    Workbench& bench_;
    views::Preferences preferences_;
    int zoom_ = 0; ///< points more than set
    bool hasChosenBoard_ = false;
    QHash<int, QAction*> appearances_; ///< by views::Appearance
};

} // namespace rbpf::app
