// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/observe_feature.hpp"

#include <QMenu>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/boards_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/model/trigger_model.hpp"
#include "ide/views/trigger_view.hpp"

namespace rbpf::app {

ObserveFeature::ObserveFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), triggers_(new model::TriggerModel(bench.boards, this)) {
    bench_.menus.board->addSeparator();
    addTrigger();
}

void ObserveFeature::addTrigger() {
    auto* view = new views::TriggerView(*triggers_, bench_.boards);
    bench_.docks.addBeside(tr("Console"), tr("Trigger"), view, Arrangement::Writing);
    addCommand(bench_.menus.board, tr("&Trigger a script"), Qt::CTRL | Qt::SHIFT | Qt::Key_R,
               [this] { bench_.docks.show(tr("Trigger")); }, tr("Send a request, invoke an entry, fire a trigger"));
    connect(&bench_.debug, &model::DebugModel::stateChanged, triggers_,
            [this] { triggers_->setPatient(bench_.debug.state() != model::DebugModel::State::Off); });
}

} // namespace rbpf::app
