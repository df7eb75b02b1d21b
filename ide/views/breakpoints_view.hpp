// SPDX-License-Identifier: GPL-3.0-or-later
// All breakpoints: where, whether they are on, their condition, how many hits they let pass, what they log instead of
// stopping, how often they were hit, and what the script made of them. Edited in place.
#pragma once

#include <QWidget>
#include <functional>

#include "ide/cli/debug_break_spec.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/debug_model.hpp"

class QLineEdit;
class QMenu;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace rbpf::views {

class BreakpointsView : public QWidget {
    Q_OBJECT
public:
    /// `here`: where a line number alone is meant.
    BreakpointsView(model::DebugModel& debug, model::BuildModel& builds, std::function<cli::debug::Here()> here,
                    QWidget* parent = nullptr);

    enum class Field {
        Where,
        Condition,
        Ignore,
        Log,
        Hits,
        Note
    };
    /// Begins to edit a field of a breakpoint.
    void edit(int id, Field field);

Q_SIGNALS:
    void placeActivated(const QString& file, unsigned line);
    void refused(const QString& message, const QString& hint);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show();
    void fill(QTreeWidgetItem* item, const session::Breakpoint& breakpoint);
    void edited(QTreeWidgetItem* item, int column);
    void add();
    void fillAddMenu(QMenu* menu);
    void menu(const QPoint& at);
    void removeCurrent();
    [[nodiscard]] const session::Breakpoint* current() const;
    [[nodiscard]] const session::Breakpoint* find(int id) const;

    model::DebugModel& debug_;
    model::BuildModel& builds_;
    std::function<cli::debug::Here()> here_;
    QTreeWidget* tree_;
    QLineEdit* place_;
    QPushButton* remove_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
