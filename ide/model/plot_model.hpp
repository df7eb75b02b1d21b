// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers over time, as they come: of sensors, of stores, and out of what the board prints ("name=3.5", "name: 3.5").
#pragma once

#include <QHash>
#include <QObject>
#include <QPointF>
#include <QString>
#include <QStringList>
#include <deque>
#include <vector>

#include "ide/model/observer_worker.hpp"

namespace rbpf::model {

class PlotModel : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMostPoints = 20000; ///< of a series; then the oldest go
    static constexpr qsizetype kMostSeries = 64;      ///< what is printed is not trusted to have few names

    explicit PlotModel(QObject* parent = nullptr) : QObject(parent) {}

    /// Names, in the order in which they appeared.
    [[nodiscard]] const QStringList& names() const { return names_; }
    /// Points by time in seconds since 1970.
    [[nodiscard]] const std::deque<QPointF>& points(const QString& name) const;
    /// The points within `from` … `to` and one beyond each end, as at most about 4 · `columns` points that look the same:
    /// of each column the first, lowest, highest and last.
    [[nodiscard]] QList<QPointF> thinned(const QString& name, double from, double to, int columns) const;
    /// All series, a row for each time: "time;a;b".
    [[nodiscard]] QByteArray csv(const QStringList& names) const;

    void addObservation(const Observation& seen);
    /// Any piece of text; lines are put together.
    void addText(const QString& text, double time);
    void add(const QString& name, double time, double value);
    void clear();

Q_SIGNALS:
    void namesChanged();

private:
    QStringList names_;
    QHash<QString, std::deque<QPointF>> series_;
    QString unfinished_;
};

} // namespace rbpf::model
