// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_clangd.hpp"

#include <algorithm>
#include <vector>

#include "sdk/language/clangd.hpp"
#include "sdk/language/json_fields.hpp"
#include "sdk/language/rpc_errors.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::Error;
using support::ErrorKind;
using Steady = std::chrono::steady_clock;

constexpr const char* kFirst = "initialize";
/// An editor waits for the first answer before it shows anything.
constexpr std::chrono::milliseconds kStartDeadline = 10s;

} // namespace

Clangd::~Clangd() {
    if (peer_) {
        peer_->end();
    }
}

void Clangd::start(json parameters, Encoding encoding, std::function<void(const json&)> ready) {
    parameters_ = std::move(parameters);
    encoding_ = encoding;
    ready_ = std::move(ready);
    if (const auto launched = launch(); !launched) {
        std::exchange(ready_, nullptr)(json());
        ears_.lost(launched.error());
    }
}

support::Result<void> Clangd::launch() {
    const auto program = findClangd();
    if (!program) {
        return tl::unexpected(program.error());
    }
    auto child = support::Child::start({clangdCommand(*program, encoding_), {}, false});
    if (!child) {
        return tl::unexpected(child.error());
    }
    peer_ = std::make_unique<Peer>(std::move(*child));
    request(kFirst, parameters_, [this](const json& answer) {
        // One that has ended is lose()'s matter.
        if (ready_ && field(field(answer, "error"), "code") != kContentModified) {
            std::exchange(ready_, nullptr)(field(answer, "result"));
        }
    });
    notify("initialized", json::object());
    return {};
}

std::uint64_t Clangd::request(const std::string& method, json parameters, Answer answer) {
    if (!peer_) {
        answer(rpcError(kRequestFailed, "clangd does not run"));
        return 0;
    }
    const std::uint64_t id = ++lastId_;
    waiting_[id] = {Steady::now() + (method == kFirst ? kStartDeadline : patience_), std::move(answer), method};
    peer_->send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
    return id;
}

void Clangd::notify(const std::string& method, json parameters) {
    if (peer_) {
        peer_->send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}});
    }
}

void Clangd::respond(json message) {
    if (peer_) {
        peer_->send(message);
    }
}

void Clangd::cancel(std::uint64_t id) {
    if (waiting_.contains(id)) {
        notify("$/cancelRequest", {{"id", id}});
    }
}

void Clangd::service() {
    if (!peer_) {
        return;
    }
    const auto served = peer_->service([this](const json& message) { take(message); });
    const auto answered = giveUpLate();
    if (!served || !answered) {
        lose(served ? answered.error() : served.error());
    }
}

void Clangd::take(const json& message) {
    const json& id = field(message, "id");
    if (const std::string method = text(field(message, "method")); !method.empty()) {
        if (id.is_null()) {
            ears_.notice(method, field(message, "params"));
        } else {
            ears_.question(id, method, field(message, "params"));
        }
    } else if (id.is_number_unsigned()) {
        const json& error = field(message, "error");
        answer(id.get<std::uint64_t>(), error.is_null() ? json{{"result", field(message, "result")}} : json{{"error", error}});
    }
}

void Clangd::answer(std::uint64_t id, json message) {
    const auto found = waiting_.find(id);
    if (found != waiting_.end()) {
        const Answer answer = std::move(found->second.answer);
        waiting_.erase(found);
        answer(std::move(message));
    }
}

support::Result<void> Clangd::giveUpLate() {
    support::Result<void> all;
    std::vector<std::uint64_t> late;
    for (const auto& [id, one] : waiting_) {
        if (one.until <= Steady::now()) {
            late.push_back(id);
            if (one.method != kFirst) { // it may be slow to start
                all = support::fail(ErrorKind::Io, "clangd did not answer " + one.method + " in time");
            }
        }
    }
    for (const std::uint64_t id : late) {
        answer(id, rpcError(kRequestFailed, "clangd did not answer in time and is started again"));
    }
    return all;
}

std::optional<Steady::time_point> Clangd::due() const {
    std::optional<Steady::time_point> first;
    for (const auto& [id, one] : waiting_) {
        first = std::min(first.value_or(one.until), one.until);
    }
    return first;
}

void Clangd::lose(const Error& error) {
    const std::string how = std::exchange(peer_, nullptr)->end();
    const std::string message = error.kind == ErrorKind::Link ? "clangd " + how : error.message;
    const bool wasReady = !ready_;
    ends_.add();
    std::optional<Error> why;
    if (ends_.areTooMany()) {
        why = Error{ErrorKind::Link, message + ", again and again: it stays off", "restart the language server to try it again"};
    } else if (const auto again = launch(); !again) {
        why = again.error();
    }
    // Those of the one that has ended; the new one's first request stays.
    std::vector<Answer> old;
    for (auto one = waiting_.begin(); one != waiting_.end();) {
        if (peer_ && one->first == lastId_) {
            break;
        }
        old.push_back(std::move(one->second.answer));
        one = waiting_.erase(one);
    }
    const auto ready = why ? std::exchange(ready_, nullptr) : nullptr;
    for (const Answer& one : old) {
        one(rpcError(kContentModified, message));
    }
    if (ready) {
        ready(json());
    }
    if (why) {
        ears_.lost(*why);
    } else if (wasReady) {
        ears_.again();
    }
}

} // namespace rbpf::language
