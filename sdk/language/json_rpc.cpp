// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/json_rpc.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/rpc_errors.hpp"

namespace rbpf::language {

namespace {

using nlohmann::json;
using support::ErrorKind;
using support::Result;

} // namespace

JsonRpc::JsonRpc(std::unique_ptr<support::Child> server, Notice notice, std::uint64_t lastId)
    : server_(std::move(server)), notice_(std::move(notice)), lastId_(lastId) {}

std::uint64_t JsonRpc::request(const std::string& method, json parameters, std::chrono::milliseconds deadline,
                               Answer answer) {
    const std::uint64_t id = ++lastId_;
    waiting_[id] = {method, Clock::now() + deadline, std::move(answer)};
    send({{"id", id}, {"method", method}, {"params", std::move(parameters)}});
    return id;
}

void JsonRpc::notify(const std::string& method, json parameters) {
    send({{"method", method}, {"params", std::move(parameters)}});
}

void JsonRpc::cancel(std::uint64_t id) {
    if (waiting_.contains(id)) {
        notify("$/cancelRequest", {{"id", id}});
        answer(id, support::fail(ErrorKind::Cancelled, "cancelled"));
    }
}

void JsonRpc::send(json message) {
    message["jsonrpc"] = "2.0";
    server_.send(message);
}

Result<void> JsonRpc::service() {
    auto served = server_.service([this](const json& message) { take(message); });
    giveUpLate();
    return served;
}

void JsonRpc::take(const json& message) {
    const auto id = message.find("id");
    if (const std::string method = text(field(message, "method")); !method.empty()) {
        const auto parameters = message.find("params");
        if (id == message.end()) {
            notice_(method, parameters != message.end() ? *parameters : json());
        } else {
            send({{"id", *id},
                  {"error", {{"code", kMethodNotFound}, {"message", "this client does not know " + method}}}});
        }
        return;
    }
    if (id == message.end() || !id->is_number_unsigned()) {
        return; // nothing that was asked
    }
    if (const auto error = message.find("error"); error != message.end() && error->is_object()) {
        std::string words = text(field(*error, "message"));
        answer(id->get<std::uint64_t>(),
               support::fail(ErrorKind::Usage, words.empty() ? "the language server refused" : std::move(words)));
        return;
    }
    const auto result = message.find("result");
    answer(id->get<std::uint64_t>(), result != message.end() ? *result : json());
}

void JsonRpc::answer(std::uint64_t id, Result<json> result) {
    const auto found = waiting_.find(id);
    if (found == waiting_.end()) {
        return; // late: it was given up, or cancelled
    }
    const Answer answer = std::move(found->second.answer);
    waiting_.erase(found);
    answer(std::move(result));
}

void JsonRpc::giveUpLate() {
    const auto now = Clock::now();
    std::vector<std::uint64_t> late;
    for (const auto& [id, one] : waiting_) {
        if (one.until <= now) {
            late.push_back(id);
        }
    }
    for (const std::uint64_t id : late) {
        // The answer to another one may have cancelled it.
        if (const auto found = waiting_.find(id); found != waiting_.end()) {
            notify("$/cancelRequest", {{"id", id}});
            answer(id, support::fail(ErrorKind::Link,
                                     fmt::format("the language server did not answer {} in time", found->second.method)));
        }
    }
}

std::optional<Clock::time_point> JsonRpc::due() const {
    const auto first = std::min_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
        return a.second.until < b.second.until;
    });
    const auto sign = server_.due();
    return first == waiting_.end() ? sign : std::min(first->second.until, sign.value_or(Clock::time_point::max()));
}

std::string JsonRpc::end() {
    const std::string how = server_.end();
    while (!waiting_.empty()) {
        answer(waiting_.begin()->first, support::fail(ErrorKind::Link, "the language server " + how));
    }
    return how;
}

} // namespace rbpf::language
