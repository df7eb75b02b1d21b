// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/settings_feature.hpp"

#include <QAction>
#include <QActionGroup>
#include <QGuiApplication>
#include <QMainWindow>
#include <QMenu>
#include <algorithm>

#include "ide/app/workbench.hpp"
#include "ide/model/boards_model.hpp"
#include "ide/model/build_model.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/settings_dialog.hpp"

namespace rbpf::app {

using views::Preferences;

SettingsFeature::SettingsFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), preferences_(Preferences::load()) {
    bench.menus.edit->addSeparator();
    addCommand(bench.menus.edit, tr("&Settings…"), Qt::CTRL | Qt::Key_Comma, [this] { showDialog(); });
    addCommand(bench.menus.view, tr("Larger te&xt"), {}, [this] { zoom(1); }, tr("Of code, in all panels"))
        ->setShortcuts({Qt::CTRL | Qt::Key_Plus, Qt::CTRL | Qt::Key_Equal});
    addCommand(bench.menus.view, tr("S&maller text"), Qt::CTRL | Qt::Key_Minus, [this] { zoom(-1); });
    addCommand(bench.menus.view, tr("&Normal text size"), Qt::CTRL | Qt::Key_0, [this] { zoom(0); });
    addAppearances();
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this, [this](Qt::ApplicationState state) {
        if (state == Qt::ApplicationInactive && preferences_.savesOnFocusLoss) {
            bench_.editors.saveAll();
        }
    });
    connect(&bench.boards, &model::BoardsModel::changed, this, &SettingsFeature::chooseBoard);
    apply(preferences_);
}

void SettingsFeature::addAppearances() {
    QMenu* menu = bench_.menus.view->addMenu(tr("&Appearance"));
    auto* group = new QActionGroup(this);
    const auto add = [&](const QString& text, views::Appearance appearance) {
        QAction* action = menu->addAction(text, this, [this, appearance] {
            Preferences changed = preferences_;
            changed.appearance = appearance;
            changed.store();
            apply(changed);
        });
        action->setCheckable(true);
        group->addAction(action);
        appearances_[static_cast<int>(appearance)] = action;
    };
    add(tr("As the &desktop"), views::Appearance::Desktop);
    add(tr("&Light"), views::Appearance::Light);
    add(tr("Da&rk"), views::Appearance::Dark);
}

void SettingsFeature::apply(const Preferences& preferences) {
    const Preferences before = std::exchange(preferences_, preferences);
    if (before.appearance != preferences.appearance) {
        views::applyAppearance(preferences.appearance);
    }
    appearances_[static_cast<int>(preferences.appearance)]->setChecked(true);
    bench_.builds.setAutomatic(preferences.checksWhileTyping, preferences.checkPauseMs);
    views::applyCode({preferences.fontFamily, preferences.fontSize, zoom_, preferences.tabWidth});
    if (before.board != preferences.board) {
        hasChosenBoard_ = false;
        chooseBoard();
    }
}

/// Once: what the user chooses later in the boards panel stays.
void SettingsFeature::chooseBoard() {
    const auto& all = bench_.boards.boards();
    const bool isThere = std::ranges::any_of(all, [this](const model::BoardState& state) {
        return state.record.id == preferences_.board.toStdString();
    });
    if (!hasChosenBoard_ && isThere) {
        hasChosenBoard_ = true;
        bench_.boards.select(preferences_.board);
    }
}

void SettingsFeature::showDialog() {
    QStringList boards;
    for (const model::BoardState& state : bench_.boards.boards()) {
        boards << QString::fromStdString(state.record.id);
    }
    auto* dialog = new views::SettingsDialog(Preferences::load(), boards, &bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &views::SettingsDialog::changed, this, [this](const Preferences& preferences) {
        preferences.store();
        apply(preferences);
    });
    dialog->open();
}

void SettingsFeature::zoom(int points) {
    zoom_ = points == 0 ? 0 : std::clamp(zoom_ + points, -6, 30);
    apply(preferences_);
}

} // namespace rbpf::app
