// SPDX-License-Identifier: GPL-3.0-or-later
// Going on where one stopped: each project's open files, cursors, split and breakpoints, and the project that was open
// last. Remembered while working, so that a crash does not matter.
#pragma once

#include <QObject>
#include <QTimer>

namespace rbpf::app {

struct Workbench;

class SessionFeature : public QObject {
    Q_OBJECT
public:
    SessionFeature(Workbench& bench, QObject* parent);

    /// The project that was open when Studio ended, if that is to be opened again; else "".
    [[nodiscard]] static QString lastProject();

private:
    void restore();
    void save();

    Workbench& bench_;
    QString folder_; ///< whose session this is; "" = none, or it is on its way out
    QTimer pause_;
};

} // namespace rbpf::app
