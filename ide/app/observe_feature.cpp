// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/observe_feature.hpp"

#include <QDateTime>
#include <QMenu>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/boards_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/model/observer_model.hpp"
#include "ide/model/plot_model.hpp"
#include "ide/model/trigger_model.hpp"
#include "ide/views/console_view.hpp"
#include "ide/views/plot_view.hpp"
#include "ide/views/sensors_view.hpp"
#include "ide/views/store_view.hpp"
#include "ide/views/trigger_view.hpp"

namespace rbpf::app {

ObserveFeature::ObserveFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), triggers_(new model::TriggerModel(bench.boards, this)),
      observer_(new model::ObserverModel(bench.boards, this)), plot_(new model::PlotModel(this)) {
    bench_.menus.board->addSeparator();
    addTrigger();
    addObserver();
    addPlot();
}

void ObserveFeature::addTrigger() {
    auto* view = new views::TriggerView(*triggers_, bench_.boards);
    bench_.docks.addBeside(tr("Console"), tr("Trigger"), view, Arrangement::Writing);
    addCommand(bench_.menus.board, tr("&Trigger a script"), Qt::CTRL | Qt::SHIFT | Qt::Key_R,
               [this] { bench_.docks.show(tr("Trigger")); }, tr("Send a request, invoke an entry, fire a trigger"));
    connect(&bench_.debug, &model::DebugModel::stateChanged, triggers_,
            [this] { triggers_->setPatient(isDebugging()); });
}

bool ObserveFeature::isDebugging() const {
    return bench_.debug.state() != model::DebugModel::State::Off;
}

void ObserveFeature::addObserver() {
    bench_.docks.addBeside(tr("Trigger"), tr("Sensors"), new views::SensorsView(*observer_), Arrangement::Writing);
    bench_.docks.addBeside(tr("Sensors"), tr("Stores"), new views::StoreView(*observer_), Arrangement::Writing);
    for (const QString& title : {tr("Sensors"), tr("Stores")}) {
        addCommand(bench_.menus.board, title, {}, [this, title] { bench_.docks.show(title); })->setObjectName(title);
    }
    connect(observer_, &model::ObserverModel::refused, this,
            [this](const QString& message, const QString& hint) { bench_.tell(message, hint, false); });
    connect(observer_, &model::ObserverModel::text, this, [this](const QString& text) {
        if (!isDebugging()) { // the session passes on what it hears
            bench_.console.add(views::ConsoleView::Kind::Board, text);
        }
    });
}

void ObserveFeature::addPlot() {
    bench_.docks.addBeside(tr("Bytecode"), tr("Plot"), new views::PlotView(*plot_, *observer_), Arrangement::OnDemand);
    addCommand(bench_.menus.board, tr("Plot"), {}, [this] { bench_.docks.show(tr("Plot")); },
               tr("Numbers of sensors, stores and the console over time"))
        ->setObjectName(tr("Plot"));
    connect(observer_, &model::ObserverModel::changed, this, [this] {
        if (observer_->last()) {
            plot_->addObservation(*observer_->last());
        }
    });
    const auto hear = [this](const QString& text) {
        plot_->addText(text, static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000);
    };
    connect(observer_, &model::ObserverModel::text, this, hear);
}

} // namespace rbpf::app
