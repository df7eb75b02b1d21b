// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/docks.hpp"

#include <QSettings>
#include <QTabBar>
#include <algorithm>

#include "sdk/support/assert.hpp"

namespace rbpf::app {

QDockWidget* Docks::add(const QString& title, QWidget* view, Qt::DockWidgetArea area, Arrangement from) {
    auto* panel = new QDockWidget(title, &window_);
    panel->setObjectName(title);
    panel->setAccessibleName(title);
    panel->setWidget(view);
    if (area == Qt::BottomDockWidgetArea) {
        // Until they are tabs these stand side by side: with all the room that each would like they widen the window.
        constexpr int kLeastWidth = 40;
        view->setMinimumWidth(kLeastWidth);
    }
    window_.addDockWidget(area, panel);
    panels_ << panel;
    from_.insert(panel, from);
    area_.insert(panel, area);
    return panel;
}

QDockWidget* Docks::panel(const QString& title) const {
    const auto found = std::ranges::find(panels_, title, &QDockWidget::objectName);
    RBPF_ASSERT(found != panels_.end());
    return *found;
}

QDockWidget* Docks::addBeside(const QString& neighbour, const QString& title, QWidget* view, Arrangement from) {
    QDockWidget* before = panel(neighbour);
    QDockWidget* added = add(title, view, area_.value(before), from);
    for (Stack& stack : stacks_) {
        if (stack.panels.contains(before)) {
            stack.panels << added;
            tabify(stack);
            return added;
        }
    }
    stack({before, added}, before);
    return added;
}

void Docks::show(const QString& title) {
    panel(title)->show();
    panel(title)->raise();
    keepTabsLegible();
}

void Docks::stack(const QList<QDockWidget*>& panels, QDockWidget* debugging) {
    stacks_ << Stack{panels, debugging};
    tabify(stacks_.back());
}

void Docks::frontWhileDebugging(QDockWidget* panel) {
    for (Stack& stack : stacks_) {
        stack.debugging = stack.panels.contains(panel) ? panel : stack.debugging;
    }
}

void Docks::tabify(const Stack& stack) {
    for (qsizetype index = 1; index < stack.panels.size(); ++index) {
        window_.tabifyDockWidget(stack.panels[index - 1], stack.panels[index]);
    }
}

QString Docks::key() const {
    switch (arrangement_) {
    case Arrangement::Welcome: return QStringLiteral("layout/welcome");
    case Arrangement::Writing: return QStringLiteral("layout/writing");
    case Arrangement::Debugging:
    case Arrangement::OnDemand: break;
    }
    return QStringLiteral("layout/debugging");
}

void Docks::save() {
    QSettings().setValue(key(), window_.saveState());
}

void Docks::restore() {
    const QByteArray state = QSettings().value(key()).toByteArray();
    if (state.isEmpty() || !window_.restoreState(state)) {
        arrangeAsMade();
    }
    keepTabsLegible();
}

/// Qt would shorten the tabs' titles where they are many; they are scrolled instead. It makes tab bars as they are needed.
void Docks::keepTabsLegible() {
    for (QTabBar* bar : window_.findChildren<QTabBar*>(Qt::FindDirectChildrenOnly)) {
        bar->setElideMode(Qt::ElideNone);
        bar->setUsesScrollButtons(true);
    }
}

void Docks::arrange(Arrangement arrangement) {
    if (arrangement == arrangement_) {
        return;
    }
    save();
    arrangement_ = arrangement;
    restore();
}

void Docks::reset() {
    QSettings().remove(QStringLiteral("layout"));
    arrangeAsMade();
    keepTabsLegible();
}

void Docks::arrangeAsMade() {
    // What becomes a tab never stands beside the others meanwhile: that would widen the window.
    for (QDockWidget* panel : panels_) {
        panel->setFloating(false);
        window_.removeDockWidget(panel);
    }
    const auto isBehind = [this](QDockWidget* panel) {
        return std::ranges::any_of(stacks_, [panel](const Stack& stack) { return stack.panels.indexOf(panel) > 0; });
    };
    for (QDockWidget* panel : panels_) {
        if (!isBehind(panel)) {
            window_.addDockWidget(area_.value(panel), panel);
        }
    }
    for (const Stack& stack : stacks_) {
        tabify(stack);
    }
    for (QDockWidget* panel : panels_) {
        panel->setVisible(from_.value(panel) <= arrangement_);
    }
    for (const Stack& stack : stacks_) {
        (arrangement_ == Arrangement::Debugging ? stack.debugging : stack.panels.front())->raise();
    }
    share(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea, Qt::Horizontal, [this](Qt::DockWidgetArea area) {
        return window_.width() * (area == Qt::LeftDockWidgetArea ? 18 : 30) / 100;
    });
    share(Qt::BottomDockWidgetArea, Qt::Vertical, [this](Qt::DockWidgetArea) { return window_.height() * 24 / 100; });
    // On the right, where the code stands, the upper panel is as high as those below it together.
    for (const auto area : {Qt::LeftDockWidgetArea, Qt::RightDockWidgetArea}) {
        QList<QDockWidget*> column;
        QList<int> heights;
        for (QDockWidget* panel : panels_) {
            if (area_.value(panel) == area && !isBehind(panel) && !panel->isHidden()) {
                heights << window_.height() / (column.isEmpty() && area == Qt::RightDockWidgetArea ? 2 : 4);
                column << panel;
            }
        }
        window_.resizeDocks(column, heights, Qt::Vertical);
    }
}

void Docks::share(Qt::DockWidgetAreas areas, Qt::Orientation orientation,
                  const std::function<int(Qt::DockWidgetArea)>& size) {
    QList<QDockWidget*> panels;
    QList<int> sizes;
    for (QDockWidget* panel : panels_) {
        if (areas.testFlag(area_.value(panel))) {
            panels << panel;
            sizes << size(area_.value(panel));
        }
    }
    window_.resizeDocks(panels, sizes, orientation);
}

} // namespace rbpf::app
