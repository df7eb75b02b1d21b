// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/board_poll.hpp"

#include <thread>

#include "ide/cli/board_choice.hpp"

namespace rbpf::model {

namespace {

constexpr std::chrono::milliseconds kPatience{700}; ///< a board that is silent for longer is shown as silent
/// How often a board is asked again that was silent: that takes all of the patience.
constexpr std::chrono::seconds kAskAgain{4};

bool isSilent(link::BoardState state) {
    return state == link::BoardState::NoAnswer || state == link::BoardState::NoFirmware ||
           state == link::BoardState::WrongVersion;
}

/// Reads away what was said meanwhile: what is not read fills the line up, and an answer is lost.
void drain(link::BoardClient& client) {
    constexpr std::chrono::milliseconds kAtMost{100};
    const auto end = std::chrono::steady_clock::now() + kAtMost;
    for (auto text = client.log({}); text && !text->empty() && std::chrono::steady_clock::now() < end;) {
        text = client.log({});
    }
}

} // namespace

void BoardPoll::ask(Known& known) {
    BoardState& state = known.state;
    link::Options options;
    options.deadline = kPatience;
    if (known.client) {
        drain(*known.client);
        if (auto slots = known.client->slots(options)) {
            state.slots = std::move(*slots);
            return;
        }
        known.client.reset(); // what is wrong, a fresh look tells
    }
    known.asked = Clock::now();
    state.status = link::lookAt(state.record, kPatience);
    state.info = state.status.info;
    state.slots.clear();
    state.problem = QString::fromStdString(state.status.reason);
    state.hint = QString::fromStdString(state.status.next);
    if (state.status.state != link::BoardState::Ready) {
        return;
    }
    if (auto client = cli::connectBoard(state.record)) {
        known.client.emplace(std::move(*client));
        if (auto slots = known.client->slots(options)) {
            state.slots = std::move(*slots);
        }
    }
}

std::vector<BoardState> BoardPoll::look(const std::set<std::string>& leaveAlone) {
    const auto records = link::listBoards();
    std::map<std::string, Known> now;
    std::vector<std::jthread> asking;
    for (const link::BoardRecord& record : records) {
        const auto [place, isNew] = now.try_emplace(record.id);
        Known& known = place->second;
        if (const auto before = known_.find(record.id); isNew && before != known_.end()) {
            known = std::move(before->second);
        }
        const bool isOther = known.state.record.serial != record.serial || known.state.record.pid != record.pid;
        known.state.record = record;
        known.state.isDebugged = leaveAlone.contains(record.id) && !isOther;
        if (known.state.isDebugged) {
            continue; // its line stays open: who closes it first disturbs the others
        }
        if (isOther) {
            known.client.reset();
        }
        if (isOther || known.client || !isSilent(known.state.status.state) || Clock::now() - known.asked >= kAskAgain) {
            asking.emplace_back([&known] { ask(known); });
        }
    }
    asking.clear(); // waits for them
    known_ = std::move(now);
    std::vector<BoardState> states;
    for (const link::BoardRecord& record : records) {
        states.push_back(known_.at(record.id).state);
    }
    return states;
}

} // namespace rbpf::model
