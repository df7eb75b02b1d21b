// SPDX-License-Identifier: GPL-3.0-or-later
// Makes projects from templates, asked for or not, off the window's thread.
#pragma once

#include <QObject>
#include <functional>
#include <vector>

#include "sdk/project/templates.hpp"

class QWidget;

namespace rbpf::app {

class ProjectMaker : public QObject {
    Q_OBJECT
public:
    using Tell = std::function<void(const QString& message, const QString& hint, bool isError)>;
    /// Gets the folder once the project is there.
    using Then = std::function<void(const QString& folder)>;

    /// Both outlive it; `tell` gets what went wrong.
    ProjectMaker(QWidget& window, Tell tell);

    void listTemplates(std::function<void(const std::vector<project::Template>&)> then);
    /// Asks for a template, `chosen` at first, and a folder.
    void ask(const QString& chosen, Then then);
    void make(const QString& templateName, const QString& folder, Then then);
    /// The one to try things with; made if it is not there yet.
    void makeFirst(Then then);

private:
    QWidget& window_;
    Tell tell_;
};

} // namespace rbpf::app
