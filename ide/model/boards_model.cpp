// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/boards_model.hpp"

#include <algorithm>

#include "debugger/link/remembered_boards.hpp"
#include "ide/cli/board_choice.hpp"
#include "ide/cli/board_process.hpp"
#include "ide/cli/emulated_board.hpp"
#include "ide/cli/native_board.hpp"
#include "ide/model/background.hpp"

namespace rbpf::model {

namespace {

constexpr int kAgainMs = 1000;
constexpr qint64 kGoneMs = 15000; ///< how long a board that vanished is shown

const std::string kNative = "native";

support::Result<void> startBoard(const std::string& kind, const std::string& name) {
    if (kind == kNative) {
        cli::NativeBoardOptions options;
        options.name = name;
        const auto started = cli::startNativeBoard(options);
        return started ? support::Result<void>() : tl::unexpected(started.error());
    }
    cli::EmulatedBoardOptions options;
    options.board = kind;
    options.name = name;
    const auto started = cli::startEmulatedBoard(options);
    return started ? support::Result<void>() : tl::unexpected(started.error());
}

} // namespace

BoardsModel::BoardsModel(QObject* parent) : QObject(parent) {
    again_.setSingleShot(true);
    again_.setInterval(kAgainMs);
    connect(&again_, &QTimer::timeout, this, &BoardsModel::refresh);
}

const BoardState* BoardsModel::board(const QString& id) const {
    const auto found =
        std::ranges::find(boards_, id.toStdString(), [](const BoardState& board) { return board.record.id; });
    return found != boards_.end() ? &*found : nullptr;
}

const BoardState* BoardsModel::selectedBoard() const {
    if (const BoardState* chosen = board(selected_)) {
        return chosen;
    }
    return boards_.size() == 1 ? &boards_.front() : nullptr;
}

void BoardsModel::select(const QString& id) {
    if (selected_ != id) {
        selected_ = id;
        Q_EMIT changed();
    }
}

void BoardsModel::setDebugging(bool isDebugging) {
    const BoardState* one = isDebugging ? selectedBoard() : nullptr;
    debugged_ = one != nullptr ? QString::fromStdString(one->record.id) : QString();
}

void BoardsModel::refresh() {
    if (asking_) {
        askAgain_ = true;
        return;
    }
    asking_ = true;
    askAgain_ = false;
    std::set<std::string> leaveAlone;
    if (!debugged_.isEmpty()) {
        leaveAlone.insert(debugged_.toStdString());
    }
    using Seen = std::pair<std::vector<BoardState>, std::vector<std::string>>;
    inBackground(
        this,
        [poll = poll_, leaveAlone] { return Seen(poll->look(leaveAlone), link::otherPorts()); },
        [this](Seen seen) { take(std::move(seen.first), std::move(seen.second)); });
}

void BoardsModel::take(std::vector<BoardState> boards, std::vector<std::string> otherPorts) {
    asking_ = false;
    for (const BoardState& board : boards) {
        goneFor_.erase(board.record.id);
    }
    for (BoardState& old : boards_) {
        const std::string& id = old.record.id;
        if (leaving_.contains(id) ||
            std::ranges::any_of(boards, [&](const BoardState& board) { return board.record.id == id; })) {
            continue;
        }
        const auto [since, isNew] = goneFor_.try_emplace(id);
        if (isNew) {
            since->second.start();
        }
        if (since->second.elapsed() < kGoneMs) {
            BoardState gone{old.record, {}, std::nullopt, {}, tr("it is gone: it was unplugged, or its process has ended"),
                            tr("plug it in again, or start it again; it is found by itself"), false, true};
            boards.push_back(std::move(gone));
        } else {
            goneFor_.erase(id);
        }
    }
    std::erase_if(leaving_, [&](const std::string& id) {
        return std::ranges::none_of(boards, [&](const BoardState& board) { return board.record.id == id; });
    });
    const bool isOther = boards != boards_ || otherPorts != otherPorts_;
    boards_ = std::move(boards);
    otherPorts_ = std::move(otherPorts);
    if (askAgain_) {
        refresh();
    } else {
        again_.start();
    }
    if (isOther) {
        Q_EMIT changed();
    }
}

QStringList BoardsModel::kinds() {
    QStringList kinds{QString::fromStdString(kNative)};
    for (const std::string& board : cli::emulatedBoards()) {
        kinds << QString::fromStdString(board);
    }
    return kinds;
}

void BoardsModel::start(const QString& kind) {
    std::string name = kind.toStdString();
    const auto isTaken = [this](const std::string& id) {
        return std::ranges::any_of(boards_, [&](const BoardState& one) { return one.record.id == id && !one.isGone; });
    };
    for (int number = 2; isTaken(name); ++number) {
        name = kind.toStdString() + std::to_string(number);
    }
    perform(
        tr("Starting the virtual board %1").arg(QString::fromStdString(name)),
        [kind = kind.toStdString(), name] { return startBoard(kind, name); },
        [this, name] { selected_ = QString::fromStdString(name); });
}

void BoardsModel::stopBoard(const QString& id) {
    leaving_.insert(id.toStdString());
    perform(tr("Stopping %1").arg(id), [name = id.toStdString()] { return cli::stopBoard(name); });
}

void BoardsModel::removeScript(const QString& id, std::uint32_t slot) {
    perform(tr("Emptying slot %1 of %2").arg(slot).arg(id), [name = id.toStdString(), slot]() -> support::Result<void> {
        const auto record = link::resolveBoard(name);
        if (!record) {
            return tl::unexpected(record.error());
        }
        auto client = cli::connectBoard(*record);
        return client ? client->remove(slot) : tl::unexpected(client.error());
    });
}

void BoardsModel::remember(const QString& name, const QString& address) {
    perform(tr("Adding %1").arg(name), [name = name.toStdString(), address = address.toStdString()] {
        return link::rememberBoard(name, address);
    });
}

void BoardsModel::forget(const QString& id) {
    leaving_.insert(id.toStdString());
    perform(tr("Forgetting %1").arg(id), [name = id.toStdString()] { return link::forgetBoard(name); });
}

void BoardsModel::perform(const QString& what, std::function<support::Result<void>()> work, std::function<void()> done) {
    Q_EMIT busy(what);
    inBackground(this, std::move(work), [this, done = std::move(done)](const support::Result<void>& result) {
        if (!result) {
            leaving_.clear();
            Q_EMIT failed(QString::fromStdString(result.error().message), QString::fromStdString(result.error().hint));
        } else if (done) {
            done();
        }
        refresh();
    });
}

} // namespace rbpf::model
