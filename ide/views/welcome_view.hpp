// SPDX-License-Identifier: GPL-3.0-or-later
// The first thing a user sees: start from a template, open a project, go on with a recent one, or try it at once.
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "sdk/project/templates.hpp"

class QListWidget;
class QPushButton;
class QTextBrowser;

namespace rbpf::views {

class WelcomeView : public QWidget {
    Q_OBJECT
public:
    explicit WelcomeView(QWidget* parent = nullptr);

    void showTemplates(const std::vector<project::Template>& templates);
    void showRecent(const QStringList& folders);

Q_SIGNALS:
    void templateChosen(const QString& name);
    void tryChosen(); ///< a sample project on a virtual board
    void openChosen();
    void recentChosen(const QString& folder);

private:
    QListWidget* templates_;
    QListWidget* recent_;
    QTextBrowser* preview_; ///< what the chosen template does
    QPushButton* create_;
};

} // namespace rbpf::views
