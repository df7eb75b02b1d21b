// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/boards_model.hpp"

#include <algorithm>

#include "ide/cli/board_choice.hpp"
#include "ide/cli/board_process.hpp"
#include "ide/cli/native_board.hpp"
#include "ide/model/background.hpp"

namespace rbpf::model {

namespace {

constexpr int kAgainMs = 1000;
constexpr std::chrono::milliseconds kAnswer{700}; ///< a board that is silent for longer is shown as silent

BoardState ask(const link::BoardRecord& record) {
    BoardState state{record, std::nullopt, {}, {}, {}};
    const auto trouble = [&](const support::Error& error) {
        state.problem = QString::fromStdString(error.message);
        state.hint = QString::fromStdString(error.hint);
    };
    auto client = cli::connectBoard(record);
    if (!client) {
        trouble(client.error());
        return state;
    }
    link::Options options;
    options.deadline = kAnswer;
    if (auto info = client->info(options)) {
        state.info = std::move(*info);
    } else {
        trouble(info.error());
        return state;
    }
    if (auto slots = client->slots(options)) {
        state.slots = std::move(*slots);
    }
    return state;
}

std::vector<BoardState> askAll() {
    std::vector<BoardState> states;
    for (const link::BoardRecord& record : link::listBoards()) {
        states.push_back(ask(record));
    }
    return states;
}

} // namespace

BoardsModel::BoardsModel(QObject* parent) : QObject(parent) {
    again_.setSingleShot(true);
    again_.setInterval(kAgainMs);
    connect(&again_, &QTimer::timeout, this, &BoardsModel::refresh);
}

const BoardState* BoardsModel::selectedBoard() const {
    const auto found = std::ranges::find(boards_, selected_.toStdString(),
                                         [](const BoardState& board) { return board.record.id; });
    if (found != boards_.end()) {
        return &*found;
    }
    return boards_.size() == 1 ? &boards_.front() : nullptr;
}

void BoardsModel::select(const QString& id) {
    if (selected_ != id) {
        selected_ = id;
        Q_EMIT changed();
    }
}

void BoardsModel::refresh() {
    if (asking_) {
        return;
    }
    asking_ = true;
    inBackground(this, askAll, [this](std::vector<BoardState> boards) { take(std::move(boards)); });
}

void BoardsModel::take(std::vector<BoardState> boards) {
    asking_ = false;
    boards_ = std::move(boards);
    again_.start();
    Q_EMIT changed();
}

void BoardsModel::startNative() {
    Q_EMIT busy(tr("Starting a virtual board"));
    std::string name = "native";
    for (int number = 2; std::ranges::any_of(boards_, [&](const BoardState& one) { return one.record.id == name; });
         ++number) {
        name = "native" + std::to_string(number);
    }
    inBackground(
        this,
        [name]() -> support::Result<void> {
            cli::NativeBoardOptions options;
            options.name = name;
            const auto started = cli::startNativeBoard(options);
            return started ? support::Result<void>() : tl::unexpected(started.error());
        },
        [this, name](const support::Result<void>& done) {
            if (done && selected_.isEmpty()) {
                selected_ = QString::fromStdString(name);
            }
            did(done);
        });
}

void BoardsModel::stopBoard(const QString& id) {
    Q_EMIT busy(tr("Stopping %1").arg(id));
    inBackground(
        this, [name = id.toStdString()] { return cli::stopBoard(name); },
        [this](const support::Result<void>& done) { did(done); });
}

void BoardsModel::removeScript(const QString& id, std::uint32_t slot) {
    inBackground(
        this,
        [name = id.toStdString(), slot]() -> support::Result<void> {
            const auto record = link::resolveBoard(name);
            if (!record) {
                return tl::unexpected(record.error());
            }
            auto client = cli::connectBoard(*record);
            return client ? client->remove(slot) : tl::unexpected(client.error());
        },
        [this](const support::Result<void>& done) { did(done); });
}

void BoardsModel::did(const support::Result<void>& done) {
    if (!done) {
        Q_EMIT failed(QString::fromStdString(done.error().message), QString::fromStdString(done.error().hint));
    }
    refresh();
}

} // namespace rbpf::model
