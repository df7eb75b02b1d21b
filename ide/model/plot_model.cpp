// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/plot_model.hpp"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <map>

namespace rbpf::model {

namespace {

constexpr qsizetype kLongestLine = 1000;
constexpr double kMs = 1000;

} // namespace

const std::deque<QPointF>& PlotModel::points(const QString& name) const {
    static const std::deque<QPointF> none;
    const auto found = series_.constFind(name);
    return found != series_.constEnd() ? *found : none;
}

void PlotModel::add(const QString& name, double time, double value) {
    if (!std::isfinite(value)) {
        return;
    }
    if (!series_.contains(name)) {
        if (names_.size() >= kMostSeries) {
            return;
        }
        names_ << name;
        series_.insert(name, {});
        Q_EMIT namesChanged();
    }
    std::deque<QPointF>& points = series_[name];
    // Time does not run back in a plot, also where the clock was set.
    points.emplace_back(points.empty() ? time : std::max(time, points.back().x()), value);
    if (points.size() > kMostPoints) {
        points.pop_front();
    }
}

void PlotModel::addObservation(const Observation& seen) {
    const double time = static_cast<double>(seen.timeMs) / kMs;
    for (const link::DeviceInfo& device : seen.devices) {
        const QString name = QString::fromStdString(device.name);
        for (std::size_t axis = 0; axis < device.values.size(); ++axis) {
            add(device.values.size() == 1 ? name : QStringLiteral("%1.%2").arg(name).arg(QLatin1Char("xyz"[axis])), time,
                device.values[axis] * std::pow(10.0, device.scale));
        }
    }
    for (const auto& [scope, values] : seen.stores) {
        for (const auto& [key, value] : values) {
            add(QStringLiteral("%1[%2]").arg(scope == "global" ? QStringLiteral("global") : QStringLiteral("slot ") + QString::fromStdString(scope))
                    .arg(key),
                time, static_cast<std::int32_t>(value));
        }
    }
}

void PlotModel::addText(const QString& text, double time) {
    static const QRegularExpression number(
        QStringLiteral(R"(([A-Za-z_][\w.]{0,31})\s?[=:]\s?(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.:]))"));
    const QString all = unfinished_ + text;
    const qsizetype end = all.lastIndexOf(QLatin1Char('\n'));
    unfinished_ = all.mid(end + 1).right(kLongestLine);
    for (auto found = number.globalMatch(all.left(end + 1)); found.hasNext();) {
        const auto match = found.next();
        add(match.captured(1), time, match.captured(2).toDouble());
    }
}

void PlotModel::clear() {
    names_.clear();
    series_.clear();
    Q_EMIT namesChanged();
}

QList<QPointF> PlotModel::thinned(const QString& name, double from, double to, int columns) const {
    const std::deque<QPointF>& all = points(name);
    const auto before = [](const QPointF& point, double time) { return point.x() < time; };
    auto first = std::lower_bound(all.begin(), all.end(), from, before);
    auto last = std::lower_bound(first, all.end(), to, before);
    first -= first != all.begin() ? 1 : 0;
    last += last != all.end() ? 1 : 0;
    if (last - first <= 4 * columns) {
        return {first, last};
    }
    QList<QPointF> thin;
    const double width = std::max((to - from) / columns, 1e-9);
    while (first != last) {
        const double edge = from + (std::floor((first->x() - from) / width) + 1) * width;
        auto end = std::lower_bound(first, last, edge, before);
        end += end == first ? 1 : 0;
        const auto [low, high] =
            std::minmax_element(first, end, [](const QPointF& a, const QPointF& b) { return a.y() < b.y(); });
        auto inOrder = std::minmax(low, high);
        QList<QPointF> column{*first, *inOrder.first, *inOrder.second, *(end - 1)};
        column.erase(std::unique(column.begin(), column.end()), column.end());
        thin += column;
        first = end;
    }
    return thin;
}

QByteArray PlotModel::csv(const QStringList& names) const {
    std::map<double, std::vector<const QPointF*>> rows;
    for (qsizetype column = 0; column < names.size(); ++column) {
        for (const QPointF& point : points(names[column])) {
            auto& row = rows[point.x()];
            row.resize(static_cast<std::size_t>(names.size()));
            row[static_cast<std::size_t>(column)] = &point;
        }
    }
    QByteArray text = "time";
    for (const QString& name : names) {
        text += ';' + name.toUtf8();
    }
    text += '\n';
    for (const auto& [time, row] : rows) {
        text += QByteArray::number(time, 'f', 3);
        for (const QPointF* point : row) {
            text += ';';
            if (point != nullptr) {
                text += QByteArray::number(point->y(), 'g', 12);
            }
        }
        text += '\n';
    }
    return text;
}

} // namespace rbpf::model
