// SPDX-License-Identifier: GPL-3.0-or-later
// How a project's costs went from build to build: a chart of one of them.
#pragma once

#include <QWidget>
#include <vector>

#include "ide/model/size_history.hpp"

class QChart;
class QChartView;
class QComboBox;
class QLabel;

namespace rbpf::views {

class SizeHistoryView : public QWidget {
    Q_OBJECT
public:
    explicit SizeHistoryView(QWidget* parent = nullptr);

    void show(const std::vector<model::SizePoint>& points);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void draw();

    QComboBox* what_;
    QLabel* words_;
    QChartView* view_ = nullptr; ///< made when first seen: charts are slow to load
    std::vector<model::SizePoint> points_;
};

} // namespace rbpf::views
