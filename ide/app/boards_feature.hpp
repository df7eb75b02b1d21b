// SPDX-License-Identifier: GPL-3.0-or-later
// The Boards panel and the Board menu: start and stop virtual boards, name remote ones, remove scripts.
#pragma once

#include <QList>
#include <QObject>
#include <QPointer>

class QAction;

namespace rbpf::views {
class BoardsView;
}

namespace rbpf::app {

struct Workbench;

class BoardsFeature : public QObject {
    Q_OBJECT
public:
    BoardsFeature(Workbench& bench, QObject* parent);

private:
    void makeCommands();
    void update();
    void addRemote();
    void forget();
    void remove();

    Workbench& bench_;
    views::BoardsView* view_;
    QAction *stop_ = nullptr, *remove_ = nullptr, *forget_ = nullptr;
};

} // namespace rbpf::app
