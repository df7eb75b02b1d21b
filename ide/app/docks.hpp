// SPDX-License-Identifier: GPL-3.0-or-later
// The window's panels and their arrangements: before a project is open, for writing, for debugging. Each is remembered
// as the user left it.
#pragma once

#include <QDockWidget>
#include <QHash>
#include <QMainWindow>
#include <functional>

namespace rbpf::app {

enum class Arrangement {
    Welcome,
    Writing,
    Debugging,
    OnDemand ///< of a panel: shown once something opens it
};

class Docks {
public:
    explicit Docks(QMainWindow& window) : window_(window) {}

    /// `from`: the panel is shown in this arrangement and those after it.
    QDockWidget* add(const QString& title, QWidget* view, Qt::DockWidgetArea area, Arrangement from);
    /// A panel that is a tab behind the one titled `neighbour`, from the same arrangement on or a later one.
    QDockWidget* addBeside(const QString& neighbour, const QString& title, QWidget* view, Arrangement from);
    /// Panels of one area become tabs of each other; the first is in front, but `debugging` while debugging.
    void stack(const QList<QDockWidget*>& panels, QDockWidget* debugging);
    /// It is in front of its neighbours while debugging.
    void frontWhileDebugging(QDockWidget* panel);
    /// To be called once all panels are there.
    void restore();
    void save();
    /// Opens the panel of this title and brings it to the front.
    void show(const QString& title);
    void arrange(Arrangement arrangement);
    void reset();

private:
    void arrangeAsMade();
    void keepTabsLegible();
    void share(Qt::DockWidgetAreas areas, Qt::Orientation orientation, const std::function<int(Qt::DockWidgetArea)>& size);
    [[nodiscard]] QString key() const;
    [[nodiscard]] QDockWidget* panel(const QString& title) const;

    QMainWindow& window_;
    QList<QDockWidget*> panels_;
    QHash<QDockWidget*, Arrangement> from_;
    QHash<QDockWidget*, Qt::DockWidgetArea> area_;
    struct Stack {
        QList<QDockWidget*> panels;
        QDockWidget* debugging;
    };
    void tabify(const Stack& stack);
    QList<Stack> stacks_;
    Arrangement arrangement_ = Arrangement::Welcome;
};

} // namespace rbpf::app
