// SPDX-License-Identifier: GPL-3.0-or-later
// The window's panels and two arrangements of them: one for writing, one for debugging; each is remembered as the user
// left it.
#pragma once

#include <QDockWidget>
#include <QHash>
#include <QMainWindow>

namespace rbpf::app {

class Docks {
public:
    explicit Docks(QMainWindow& window) : window_(window) {}

    /// `whileDebugging`: the panel belongs to the debugging arrangement only.
    QDockWidget* add(const QString& title, QWidget* view, Qt::DockWidgetArea area, bool whileDebugging);
    /// Panels of one area become tabs of each other.
    void stack(const QList<QDockWidget*>& panels);
    /// To be called once all panels are there.
    void restore();
    void save();
    void arrange(bool debugging);
    void reset();

private:
    void arrangeAsMade(bool debugging);
    [[nodiscard]] QString key() const;

    QMainWindow& window_;
    QList<QDockWidget*> panels_;
    QHash<QDockWidget*, bool> isForDebugging_;
    QHash<QDockWidget*, Qt::DockWidgetArea> area_;
    QList<QList<QDockWidget*>> stacks_;
    bool debugging_ = false;
};

} // namespace rbpf::app
