// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/boards_feature.hpp"

#include <QAction>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/boards_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/views/boards_view.hpp"

namespace rbpf::app {

BoardsFeature::BoardsFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), view_(new views::BoardsView(bench.boards)) {
    bench_.docks.add(tr("Boards"), view_, Qt::LeftDockWidgetArea, Arrangement::Welcome);
    makeCommands();
    connect(&bench_.boards, &model::BoardsModel::changed, this, &BoardsFeature::update);
    connect(view_, &views::BoardsView::currentChanged, this, &BoardsFeature::update);
    connect(&bench_.debug, &model::DebugModel::stateChanged, this,
            [this] { bench_.boards.setDebugging(bench_.debug.state() != model::DebugModel::State::Off); });
    update();
}

void BoardsFeature::makeCommands() {
    QMenu* menu = bench_.menus.board;
    for (const QString& kind : model::BoardsModel::kinds()) {
        const bool isNative = kind == model::BoardsModel::kinds().front();
        QAction* start = addCommand(
            menu, isNative ? tr("&Start a native board") : tr("Start %1 in QEMU").arg(kind), {},
            [this, kind] { bench_.boards.start(kind); },
            isNative ? tr("The firmware as a process of this machine, with simulated sensors")
                     : tr("The firmware that would be flashed, on an emulated processor"));
        view_->addStart(start);
    }
    menu->addSeparator();
    stop_ = addCommand(menu, tr("S&top the board"), {},
                       [this] { bench_.boards.stopBoard(bench_.boards.selected()); },
                       tr("Ends a virtual board's process; its scripts and values are kept"));
    remove_ = addCommand(menu, tr("&Remove the script"), {}, [this] { remove(); }, tr("Empties the selected slot"));
    stop_->setIconText(tr("Stop"));
    remove_->setIconText(tr("Remove script"));
    menu->addSeparator();
    QAction* add = addCommand(menu, tr("&Add a remote board…"), {}, [this] { addRemote(); },
                              tr("Give a name to tcp://host:port, rfc2217://host:port or a serial port"));
    forget_ = addCommand(menu, tr("&Forget the remote board"), {}, [this] { forget(); }, tr("Takes it off the list"));
    menu->addSeparator();
    QAction* refresh = addCommand(menu, tr("&Look again"), {}, [this] { bench_.boards.refresh(); },
                                  tr("Ask all boards now"));
    view_->setActions({stop_, remove_}, {add, forget_, refresh});
}

void BoardsFeature::update() {
    const model::BoardState* board = bench_.boards.selectedBoard();
    const bool isProcess = board != nullptr && board->record.pid != 0 && !board->isGone;
    stop_->setEnabled(isProcess);
    stop_->setToolTip(isProcess ? tr("Ends the virtual board's process; its scripts and values are kept")
                                : tr("Only a virtual board can be stopped; select one"));
    remove_->setEnabled(view_->currentSlot().has_value());
    remove_->setToolTip(remove_->isEnabled() ? tr("Empties the selected slot") : tr("Select a slot with a script in it"));
    forget_->setEnabled(board != nullptr && board->record.place == link::BoardPlace::Remote);
}

void BoardsFeature::remove() {
    if (const auto slot = view_->currentSlot()) {
        bench_.boards.removeScript(bench_.boards.selected(), *slot);
    }
}

void BoardsFeature::addRemote() {
    QDialog dialog(&bench_.window);
    dialog.setWindowTitle(tr("Add a remote board"));
    auto* form = new QFormLayout(&dialog);
    auto* name = new QLineEdit;
    name->setAccessibleName(tr("Name of the board"));
    name->setPlaceholderText(tr("greenhouse"));
    auto* address = new QLineEdit;
    address->setAccessibleName(tr("Address of the board"));
    address->setPlaceholderText(tr("tcp://host:port or rfc2217://host:port"));
    if (!bench_.boards.otherPorts().empty()) {
        address->setText(QString::fromStdString(bench_.boards.otherPorts().front()));
    }
    form->addRow(tr("&Name"), name);
    form->addRow(tr("&Address"), address);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    form->addRow(buttons);
    QPushButton* ok = buttons->button(QDialogButtonBox::Ok);
    ok->setText(tr("&Add"));
    const auto check = [=] { ok->setEnabled(!name->text().trimmed().isEmpty() && !address->text().trimmed().isEmpty()); };
    connect(name, &QLineEdit::textChanged, &dialog, check);
    connect(address, &QLineEdit::textChanged, &dialog, check);
    check();
    connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    dialog.setMinimumWidth(420);
    if (dialog.exec() == QDialog::Accepted) {
        bench_.boards.remember(name->text().trimmed(), address->text().trimmed());
    }
}

void BoardsFeature::forget() {
    const model::BoardState* board = bench_.boards.selectedBoard();
    if (board == nullptr) {
        return;
    }
    const QString id = QString::fromStdString(board->record.id);
    if (QMessageBox::question(&bench_.window, tr("Forget %1?").arg(id),
                              tr("%1 stands for %2. Only the name is forgotten; the board stays as it is.")
                                  .arg(id, QString::fromStdString(board->record.serial))) == QMessageBox::Yes) {
        bench_.boards.forget(id);
    }
}

} // namespace rbpf::app
