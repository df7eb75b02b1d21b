// SPDX-License-Identifier: GPL-3.0-or-later
// Commands on the editors as such: tabs, the split, a line, a file by its name.
#pragma once

#include <QObject>

namespace rbpf::app {

struct Workbench;

class EditingFeature : public QObject {
    Q_OBJECT
public:
    EditingFeature(Workbench& bench, QObject* parent);

private:
    void askLine();
    void askFile();

    Workbench& bench_;
};

} // namespace rbpf::app
