// SPDX-License-Identifier: GPL-3.0-or-later
// What the script costs: totals against the board's limits, and by function with what changed since the build before.
#pragma once

#include <QWidget>
#include <optional>

#include "debugger/link/board_client.hpp"
#include "sdk/analyse/size.hpp"

class QLabel;
class QProgressBar;
class QTreeWidget;

namespace rbpf::views {

class SizeView : public QWidget {
    Q_OBJECT
public:
    explicit SizeView(QWidget* parent = nullptr);

    /// `before` and `board` may be null: then no change and no limits are shown.
    void show(const analyse::SizeReport& now, const analyse::SizeReport* before, const link::BoardInfo* board);
    void clear();

Q_SIGNALS:
    void activated(const QString& file, unsigned line);

private:
    struct Gauge {
        QLabel* label = nullptr;
        QProgressBar* bar = nullptr;
    };
    Gauge gauge(const QString& name);
    void set(const Gauge& gauge, unsigned used, unsigned limit, const QString& unit);

    QLabel* summary_;
    Gauge image_, ram_, stack_;
    QTreeWidget* functions_;
};

} // namespace rbpf::views
