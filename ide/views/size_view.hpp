// SPDX-License-Identifier: GPL-3.0-or-later
// What the script costs: totals against the board's limits; below them a tree, why it is so, a map and the history of it.
#pragma once

#include <QWidget>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "ide/model/size_history.hpp"
#include "sdk/analyse/size.hpp"

class QLabel;
class QProgressBar;
class QTabWidget;

namespace rbpf::views {

class CostTree;
class ReasonsView;
class SizeHistoryView;
class Treemap;

class SizeView : public QWidget {
    Q_OBJECT
public:
    explicit SizeView(QWidget* parent = nullptr);

    /// `before` and `board` may be null: then no change and no limits are shown.
    void show(const analyse::SizeReport& now, const analyse::SizeReport* before, const link::BoardInfo* board);
    void showHistory(const std::vector<model::SizePoint>& points);
    void clear();

Q_SIGNALS:
    void activated(const QString& file, unsigned line);
    /// For what has no source: bytes from the start of the text.
    void codeActivated(std::uint32_t offset);

private:
    struct Gauge {
        QLabel* label = nullptr;
        QProgressBar* bar = nullptr;
    };
    Gauge gauge(const QString& name, const QString& tip, int row, int column);
    void set(const Gauge& gauge, std::uint64_t used, std::uint64_t limit, const QString& words = {});
    void showLongestRun(const analyse::SizeReport& now, const link::BoardInfo* board);
    void showTiles(const analyse::SizeReport& now);

    QLabel* summary_;
    Gauge image_, text_, rodata_, ram_, stack_, run_;
    QTabWidget* tabs_;
    CostTree* tree_;
    ReasonsView* reasons_;
    Treemap* map_;
    SizeHistoryView* history_;
};

} // namespace rbpf::views
