// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/plot_model.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using rbpf::model::PlotModel;

TEST_CASE("numbers are found in what a board prints, by their names") {
    PlotModel plot;
    plot.addText(QStringLiteral("temperature=21.5 battery: -3\nat 12:30:00 run 7\nthreshold=1e3\n"), 1);
    CHECK(plot.names() == QStringList{QStringLiteral("temperature"), QStringLiteral("battery"), QStringLiteral("threshold")});
    CHECK(plot.points(QStringLiteral("temperature")).front() == QPointF(1, 21.5));
    CHECK(plot.points(QStringLiteral("battery")).front() == QPointF(1, -3));
    CHECK(plot.points(QStringLiteral("threshold")).front() == QPointF(1, 1000));
}

TEST_CASE("a line that comes in pieces is one line") {
    PlotModel plot;
    plot.addText(QStringLiteral("val"), 1);
    plot.addText(QStringLiteral("ue=1"), 2);
    CHECK(plot.names().isEmpty());
    plot.addText(QStringLiteral("2\n"), 3);
    CHECK(plot.points(QStringLiteral("value")).front() == QPointF(3, 12));
}

TEST_CASE("a board that prints endlessly takes no more than its share") {
    PlotModel plot;
    for (int name = 0; name < 1000; ++name) {
        plot.add(QString::number(name), 1, 1);
    }
    CHECK(plot.names().size() == PlotModel::kMostSeries);
    for (std::size_t point = 0; point < PlotModel::kMostPoints + 10; ++point) {
        plot.add(QStringLiteral("0"), static_cast<double>(point), 0);
    }
    CHECK(plot.points(QStringLiteral("0")).size() == PlotModel::kMostPoints);
    plot.add(QStringLiteral("0"), 1, std::numeric_limits<double>::quiet_NaN());
    plot.add(QStringLiteral("0"), 1, std::numeric_limits<double>::infinity());
    CHECK(std::ranges::all_of(plot.points(QStringLiteral("0")), [](const QPointF& point) { return std::isfinite(point.y()); }));
}

TEST_CASE("time does not run back, also when the clock was set") {
    PlotModel plot;
    plot.add(QStringLiteral("a"), 10, 1);
    plot.add(QStringLiteral("a"), 5, 2);
    CHECK(plot.points(QStringLiteral("a")).back() == QPointF(10, 2));
}

TEST_CASE("thinned points keep every peak and the ends") {
    PlotModel plot;
    const QString name = QStringLiteral("wave");
    for (int point = 0; point < 10000; ++point) {
        plot.add(name, point, point == 4321 ? 99 : point == 8765 ? -99 : std::sin(point));
    }
    const QList<QPointF> thin = plot.thinned(name, 0, 9999, 100);
    CHECK(thin.size() <= 4 * 100 + 8);
    CHECK(thin.front().x() == 0);
    CHECK(thin.back().x() == 9999);
    CHECK(thin.contains(QPointF(4321, 99)));
    CHECK(thin.contains(QPointF(8765, -99)));
    CHECK(std::ranges::is_sorted(thin, {}, [](const QPointF& point) { return point.x(); }));
    CHECK(plot.thinned(name, 100, 110, 100).size() == 12); // few enough: all, and one beyond each end
    CHECK(plot.thinned(QStringLiteral("nobody"), 0, 1, 10).isEmpty());
}

TEST_CASE("the table has a row for each time and a gap where a series has no value") {
    PlotModel plot;
    plot.add(QStringLiteral("a"), 1, 0.5);
    plot.add(QStringLiteral("b"), 2, -7);
    plot.add(QStringLiteral("a"), 2, 1);
    CHECK(plot.csv(plot.names()) == QByteArray("time;a;b\n1.000;0.5;\n2.000;1;-7\n"));
}
