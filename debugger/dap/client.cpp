// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "debugger/dap/arguments.hpp"

namespace rbpf::dap {

namespace {

using support::ErrorKind;
using support::Result;

/// A client that has not read anything for so long has gone.
constexpr int kWriteMs = 10'000;
constexpr std::size_t kReadBytes = 64 * 1024;

int makeNonBlocking(int descriptor) {
    const int flags = fcntl(descriptor, F_GETFL);
    fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
    return flags;
}

bool wouldBlock() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

Client::Client(int in, int out) : in_(in), out_(out) {
    inFlags_ = makeNonBlocking(in_);
    outFlags_ = fcntl(out_, F_GETFL);
    makeNonBlocking(out_);
}

Client::~Client() {
    static_cast<void>(flush());
    fcntl(out_, F_SETFL, outFlags_);
    fcntl(in_, F_SETFL, inFlags_);
}

Result<void> Client::poll(std::chrono::milliseconds wait) {
    if (const auto flushed = flush(); !flushed) {
        return flushed;
    }
    pollfd descriptor{in_, POLLIN, 0};
    if (ended_ || ::poll(&descriptor, 1, static_cast<int>(wait.count())) <= 0) {
        return {};
    }
    std::array<char, kReadBytes> buffer{};
    const ssize_t count = ::read(in_, buffer.data(), buffer.size());
    if (count < 0) {
        ended_ = !wouldBlock();
        return {};
    }
    if (count == 0) {
        ended_ = true;
        return reader_.midMessage() ? support::fail(ErrorKind::Link, "the client ended in the middle of a message")
                                    : Result<void>();
    }
    reader_.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (true) {
        auto message = reader_.next();
        if (!message) {
            ended_ = true;
            return tl::unexpected(message.error());
        }
        if (!*message) {
            return {};
        }
        if (auto taken = take(std::move(**message)); !taken) {
            ended_ = true;
            return taken;
        }
    }
}

Result<void> Client::take(nlohmann::json message) {
    const Arguments fields(message);
    if (fields.text("type") != "request") {
        return {}; // nothing is asked of the client, so a response answers nothing; events have no receiver here
    }
    const auto seq = fields.number("seq");
    if (!seq || !fields.has("command")) {
        return support::fail(ErrorKind::Usage, "a request has no number or no command");
    }
    Request request{*seq, fields.text("command"),
                    fields.has("arguments") ? message["arguments"] : nlohmann::json::object()};
    if (request.command == "cancel") {
        cancel(request);
    } else {
        requests_.push_back(std::move(request));
    }
    return {};
}

void Client::cancel(const Request& request) {
    const Arguments arguments(request.arguments);
    const auto id = arguments.number("requestId");
    const std::string progress = arguments.text("progressId");
    const auto waiting =
        std::find_if(requests_.begin(), requests_.end(), [&](const Request& one) { return id && one.seq == *id; });
    if (waiting != requests_.end()) {
        refuse(*waiting, "The request was cancelled before it began.", "cancelled");
        requests_.erase(waiting);
    } else if (current_ && ((id && *id == *current_) || (!progress.empty() && progress == progress_))) {
        stop_.request_stop();
    }
    respond(request);
}

std::optional<Request> Client::next() {
    if (requests_.empty()) {
        return std::nullopt;
    }
    Request request = std::move(requests_.front());
    requests_.pop_front();
    return request;
}

std::stop_token Client::begin(const Request& request) {
    current_ = request.seq;
    stop_ = std::stop_source();
    return stop_.get_token();
}

void Client::finish() {
    current_.reset();
    progress_.clear();
}

void Client::respond(const Request& request, nlohmann::json body) {
    nlohmann::json message{
        {"type", "response"}, {"request_seq", request.seq}, {"success", true}, {"command", request.command}};
    if (!body.is_null()) {
        message["body"] = std::move(body);
    }
    send(std::move(message));
}

void Client::refuse(const Request& request, const std::string& message, const std::string& shortMessage) {
    // The format string's braces would be taken for variables.
    send({{"type", "response"},
          {"request_seq", request.seq},
          {"success", false},
          {"command", request.command},
          {"message", shortMessage.empty() ? message : shortMessage},
          {"body",
           {{"error",
             {{"id", 1}, {"format", "{sentence}"}, {"variables", {{"sentence", message}}}, {"showUser", true}}}}}});
}

void Client::event(const std::string& name, nlohmann::json body) {
    nlohmann::json message{{"type", "event"}, {"event", name}};
    if (!body.is_null()) {
        message["body"] = std::move(body);
    }
    send(std::move(message));
}

void Client::send(nlohmann::json message) {
    message["seq"] = ++seq_;
    outgoing_ += support::encodeMessage(message);
}

Result<void> Client::flush() {
    while (!outgoing_.empty()) {
        // A socket that the other end has closed must not end this program by a signal.
        ssize_t count = ::send(out_, outgoing_.data(), outgoing_.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == ENOTSOCK) {
            count = ::write(out_, outgoing_.data(), outgoing_.size());
        }
        if (count > 0) {
            outgoing_.erase(0, static_cast<std::size_t>(count));
            continue;
        }
        pollfd descriptor{out_, POLLOUT, 0};
        if ((count < 0 && !wouldBlock()) || ::poll(&descriptor, 1, kWriteMs) <= 0) {
            outgoing_.clear();
            ended_ = true;
            return support::fail(ErrorKind::Link, "the client does not take what it is sent");
        }
    }
    return {};
}

} // namespace rbpf::dap
