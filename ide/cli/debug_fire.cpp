// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_fire.hpp"

#include <condition_variable>
#include <fmt/format.h>
#include <mutex>
#include <sstream>
#include <thread>

#include "ide/cli/board_shot.hpp"
#include "ide/cli/coap_method.hpp"

namespace rbpf::cli::debug {

namespace {

using support::ErrorKind;
using support::Result;

constexpr std::string_view kCoap = "coap/";
/// Somebody thinks in front of a halted script while the request waits.
constexpr std::chrono::hours kPatience{12};

class BoardTrigger : public Trigger {
public:
    BoardTrigger(link::BoardRecord board, std::uint32_t slot, std::vector<image::Entry> entries)
        : board_(std::move(board)), slot_(slot), entries_(std::move(entries)) {}

    Result<void> fire(const std::string& arguments) override {
        if (pending()) {
            return support::fail(ErrorKind::Usage, "what was fired before has no answer yet",
                                 "`continue` lets its run end");
        }
        auto shot = shotFor(arguments);
        if (!shot) {
            return tl::unexpected(shot.error());
        }
        {
            const std::lock_guard lock(mutex_);
            pending_ = true;
        }
        thread_ = std::jthread([this, shot = std::move(*shot)](const std::stop_token& stop) {
            std::string answer = send(shot, stop);
            const std::lock_guard lock(mutex_);
            answer_ = std::move(answer);
            came_.notify_one();
        });
        return {};
    }

    std::optional<std::string> answer(std::chrono::milliseconds wait) override {
        std::unique_lock lock(mutex_);
        if (!pending_ || !came_.wait_for(lock, wait, [this] { return answer_.has_value(); })) {
            return std::nullopt;
        }
        pending_ = false;
        return std::exchange(answer_, std::nullopt);
    }

    [[nodiscard]] bool pending() const override {
        const std::lock_guard lock(mutex_);
        return pending_;
    }

    [[nodiscard]] std::string hint() const override {
        if (entries_.empty()) {
            return "";
        }
        const image::Entry& first = entries_.front();
        if (!first.trigger.starts_with(kCoap)) {
            return fmt::format("`rbpf invoke {}{}` fires it{}.", slot_,
                               first.name.empty() ? "" : " --entry " + first.name,
                               first.trigger.empty() ? "" : fmt::format(", and so does its trigger {}", first.trigger));
        }
        const std::string path = first.trigger.substr(kCoap.size() - 1);
        return board_.coap != 0
                   ? fmt::format("`coap-client -m get -B 600 coap://127.0.0.1:{}{}` fires it.", board_.coap, path)
                   : fmt::format("`rbpf get {}` fires it.", path);
    }

private:
    [[nodiscard]] Result<Shot> shotFor(const std::string& arguments) const {
        std::istringstream words(arguments);
        std::string first;
        words >> first;
        if (const auto method = coapMethod(first); method && !first.empty()) {
            Shot shot;
            shot.method = *method;
            words >> shot.path;
            std::string payload;
            std::getline(words >> std::ws, payload);
            shot.payload.assign(payload.begin(), payload.end());
            if (!shot.path.starts_with('/')) {
                return support::fail(ErrorKind::Usage, "a CoAP request needs a path", "run PUT /thermostat 21");
            }
            return shot;
        }
        std::string known;
        for (const image::Entry& entry : entries_) {
            if (arguments.empty() || entry.name == arguments || entry.trigger == arguments) {
                Shot shot;
                if (entry.trigger.starts_with(kCoap)) {
                    shot.path = entry.trigger.substr(kCoap.size() - 1);
                } else {
                    shot.kind = Shot::Kind::Invocation;
                    shot.slot = slot_;
                    shot.entry = entry.name;
                }
                return shot;
            }
            known += (known.empty() ? "" : ", ") + (entry.name.empty() ? entry.trigger : entry.name);
        }
        return support::fail(ErrorKind::Usage, "the script has no entry \"" + arguments + "\"", "it has " + known);
    }

    [[nodiscard]] std::string send(const Shot& shot, const std::stop_token& stop) const {
        const auto answer = shoot(board_, shot, kPatience, stop);
        const bool isText = answer && answer->response; // ends as it is
        return fmt::format("{}{}{}", shotWords(shot), answer ? answerWords(*answer) : ": " + answer.error().message,
                           isText ? "" : ".");
    }

    link::BoardRecord board_;
    std::uint32_t slot_;
    std::vector<image::Entry> entries_;
    mutable std::mutex mutex_;
    std::condition_variable came_;
    bool pending_ = false;
    std::optional<std::string> answer_;
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace

std::unique_ptr<Trigger> boardTrigger(link::BoardRecord board, std::uint32_t slot, std::vector<image::Entry> entries) {
    return std::make_unique<BoardTrigger>(std::move(board), slot, std::move(entries));
}

} // namespace rbpf::cli::debug
