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

/// An editor waits for the first answer before it shows anything.
constexpr auto kStartDeadline = 10s;

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
    readyBy_ = Clock::now() + kStartDeadline;
    if (const auto launched = launch(); !launched) {
        stayOff(launched.error());
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
    peer_ = std::make_unique<Peer>(std::move(*child), patience_);
    request("initialize", parameters_, [this](const json& answer) {
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
    waiting_[id] = std::move(answer);
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
        resume();
        return;
    }
    const auto served = peer_->service([this](const json& message) { take(message); });
    if (ready_ && readyBy_ <= Clock::now()) {
        std::exchange(ready_, nullptr)(json()); // it may be slow to start
    }
    if (!served) {
        lose(served.error());
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
        const Answer answer = std::move(found->second);
        waiting_.erase(found);
        answer(std::move(message));
    }
}

std::optional<Clock::time_point> Clangd::due() const {
    const auto first = peer_ ? peer_->due() : again_;
    return ready_ ? std::min(first.value_or(readyBy_), readyBy_) : first;
}

void Clangd::lose(const Error& error) {
    const std::string how = std::exchange(peer_, nullptr)->end();
    const std::string message = error.kind == ErrorKind::Link ? "clangd " + how : error.message;
    ends_.add();
    const auto old = std::exchange(waiting_, {});
    if (!ends_.areTooMany()) {
        again_ = Clock::now() + ends_.pause();
        resume();
    }
    for (const auto& [id, answer] : old) {
        answer(rpcError(kContentModified, message));
    }
    if (ends_.areTooMany()) {
        stayOff({ErrorKind::Link, message + ", again and again: it stays off", "restart the language server to try it again"});
    }
}

void Clangd::resume() {
    if (!again_ || *again_ > Clock::now()) {
        return;
    }
    again_.reset();
    if (const auto launched = launch(); !launched) {
        stayOff(launched.error());
    } else if (!ready_) {
        ears_.again();
    }
}

void Clangd::stayOff(const Error& why) {
    if (ready_) {
        std::exchange(ready_, nullptr)(json());
    }
    ears_.lost(why);
}

} // namespace rbpf::language
