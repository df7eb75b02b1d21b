// SPDX-License-Identifier: GPL-3.0-or-later
#include <QMainWindow>
#include <QMenu>

#include "ide/app/about_feature.hpp"
#include "ide/app/boards_feature.hpp"
#include "ide/app/debug_panels_feature.hpp"
#include "ide/app/debugging_feature.hpp"
#include "ide/app/observe_feature.hpp"
#include "ide/app/editing_feature.hpp"
#include "ide/app/language_feature.hpp"
#include "ide/app/project_feature.hpp"
#include "ide/app/recovery_feature.hpp"
#include "ide/app/search_feature.hpp"
#include "ide/app/session_feature.hpp"
#include "ide/app/settings_feature.hpp"
#include "ide/app/size_feature.hpp"
#include "ide/app/workbench.hpp"

namespace rbpf::app {

QAction* addCommand(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run,
                    const QString& tip) {
    QAction* action = menu->addAction(text);
    action->setShortcut(keys);
    QString name = tip.isEmpty() ? text : tip;
    name.remove(QLatin1Char('&'));
    action->setToolTip(keys.isEmpty() ? name
                                      : QStringLiteral("%1 (%2)").arg(name, keys.toString(QKeySequence::NativeText)));
    QObject::connect(action, &QAction::triggered, menu, std::move(run));
    return action;
}

/// One line a part.
void addFeatures(Workbench& bench) {
    new ProjectFeature(bench, &bench.window); // its panel is the first on its side
    new AboutFeature(bench, &bench.window);
    new BoardsFeature(bench, &bench.window);
    new ObserveFeature(bench, &bench.window);
    new EditingFeature(bench, &bench.window);
    new LanguageFeature(bench, &bench.window);
    new SearchFeature(bench, &bench.window);
    new SizeFeature(bench, &bench.window);
    new SettingsFeature(bench, &bench.window);
    new SessionFeature(bench, &bench.window);
    new RecoveryFeature(bench, &bench.window);
    new DebugPanelsFeature(bench, &bench.window);
    new DebuggingFeature(bench, &bench.window);
}

} // namespace rbpf::app
