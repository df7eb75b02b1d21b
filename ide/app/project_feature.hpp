// SPDX-License-Identifier: GPL-3.0-or-later
// The panel of the project's files: opens them, and makes, renames and removes them.
#pragma once

#include <QObject>
#include <functional>

#include "sdk/support/error.hpp"

namespace rbpf::views {
class ProjectView;
}

namespace rbpf::app {

struct Workbench;

class ProjectFeature : public QObject {
    Q_OBJECT
public:
    ProjectFeature(Workbench& bench, QObject* parent);

private:
    /// `take` gets what was typed, once it is a name.
    void askName(const QString& title, const QString& label, const QString& first, std::function<void(const QString&)> take);
    void change(std::function<support::Result<void>()> work, std::function<void()> then);
    void rename(const QString& path);
    void remove(const QString& path);

    Workbench& bench_;
    views::ProjectView* view_;
};

} // namespace rbpf::app
