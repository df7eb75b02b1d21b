// SPDX-License-Identifier: GPL-3.0-or-later
// What builds cost over time, their log, and the way from a cost to the bytecode behind it.
#pragma once

#include <QElapsedTimer>
#include <QObject>

class QPlainTextEdit;

namespace rbpf::model {
class SizeHistory;
}

namespace rbpf::app {

struct Workbench;

class SizeFeature : public QObject {
    Q_OBJECT
public:
    SizeFeature(Workbench& bench, QObject* parent);

private:
    void onFinished();
    void log(const QString& text);

    Workbench& bench_;
    model::SizeHistory* history_;
    QPlainTextEdit* log_;
    QElapsedTimer building_;
};

} // namespace rbpf::app
