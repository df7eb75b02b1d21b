// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/docks.hpp"

#include <QSettings>

namespace rbpf::app {

QDockWidget* Docks::add(const QString& title, QWidget* view, Qt::DockWidgetArea area, bool whileDebugging) {
    auto* panel = new QDockWidget(title, &window_);
    panel->setObjectName(title);
    panel->setAccessibleName(title);
    panel->setWidget(view);
    window_.addDockWidget(area, panel);
    panels_ << panel;
    isForDebugging_.insert(panel, whileDebugging);
    area_.insert(panel, area);
    return panel;
}

void Docks::stack(const QList<QDockWidget*>& panels) {
    stacks_ << panels;
    for (qsizetype index = 1; index < panels.size(); ++index) {
        window_.tabifyDockWidget(panels[index - 1], panels[index]);
    }
    panels.front()->raise();
}

QString Docks::key() const {
    return debugging_ ? QStringLiteral("layout/debugging") : QStringLiteral("layout/writing");
}

void Docks::save() {
    QSettings().setValue(key(), window_.saveState());
}

void Docks::restore() {
    const QByteArray state = QSettings().value(key()).toByteArray();
    if (state.isEmpty() || !window_.restoreState(state)) {
        arrangeAsMade(debugging_);
    }
}

void Docks::arrange(bool debugging) {
    if (debugging == debugging_) {
        return;
    }
    save();
    debugging_ = debugging;
    restore();
}

void Docks::reset() {
    QSettings().remove(QStringLiteral("layout"));
    arrangeAsMade(debugging_);
}

void Docks::arrangeAsMade(bool debugging) {
    for (QDockWidget* panel : panels_) {
        panel->setFloating(false);
        window_.addDockWidget(area_.value(panel), panel);
    }
    for (const auto& panels : stacks_) {
        for (qsizetype index = 1; index < panels.size(); ++index) {
            window_.tabifyDockWidget(panels[index - 1], panels[index]);
        }
    }
    for (QDockWidget* panel : panels_) {
        panel->setVisible(debugging || !isForDebugging_.value(panel));
    }
    for (const auto& panels : stacks_) {
        for (QDockWidget* panel : panels) {
            if (panel->isVisibleTo(&window_) && isForDebugging_.value(panel) == debugging) {
                panel->raise();
                break;
            }
        }
    }
    // A quarter each for the sides, the rest for the text.
    QList<QDockWidget*> sides;
    QList<int> widths;
    for (QDockWidget* panel : panels_) {
        if (area_.value(panel) == Qt::LeftDockWidgetArea || area_.value(panel) == Qt::RightDockWidgetArea) {
            sides << panel;
            widths << window_.width() * (area_.value(panel) == Qt::LeftDockWidgetArea ? 18 : 30) / 100;
        }
    }
    window_.resizeDocks(sides, widths, Qt::Horizontal);
    QList<QDockWidget*> below;
    QList<int> heights;
    for (QDockWidget* panel : panels_) {
        if (area_.value(panel) == Qt::BottomDockWidgetArea) {
            below << panel;
            heights << window_.height() * 24 / 100;
        }
    }
    window_.resizeDocks(below, heights, Qt::Vertical);
}

} // namespace rbpf::app
