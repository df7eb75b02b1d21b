// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
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

nlohmann::json response(const Request& request, nlohmann::json body = nullptr) {
    nlohmann::json message{
        {"type", "response"}, {"request_seq", request.seq}, {"success", true}, {"command", request.command}};
    if (!body.is_null()) {
        message["body"] = std::move(body);
    }
    return message;
}

nlohmann::json refusal(const Request& request, const std::string& message, const std::string& shortMessage) {
    // The format string's braces would be taken for variables.
    return {{"type", "response"},
            {"request_seq", request.seq},
            {"success", false},
            {"command", request.command},
            {"message", shortMessage.empty() ? message : shortMessage},
            {"body",
             {{"error",
               {{"id", 1}, {"format", "{sentence}"}, {"variables", {{"sentence", message}}}, {"showUser", true}}}}}};
}

} // namespace

Client::Client(int in, int out)
    : in_(in), out_(out), inFlags_(makeNonBlocking(in)), outFlags_(makeNonBlocking(out)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this] { listen(); }) {}

Client::~Client() {
    stopReading();
    static_cast<void>(write());
    fcntl(out_, F_SETFL, outFlags_);
    fcntl(in_, F_SETFL, inFlags_);
}

void Client::stopReading() {
    if (thread_.joinable()) {
        static_cast<void>(eventfd_write(wake_.get(), 1));
        thread_.join();
    }
}

void Client::listen() {
    std::array<pollfd, 2> descriptors{{{in_, POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
    while (true) {
        if (::poll(descriptors.data(), descriptors.size(), -1) < 0) {
            continue; // a signal
        }
        const bool more = descriptors[0].revents == 0 || read();
        if (!more || descriptors[1].revents != 0) {
            const std::lock_guard lock(mutex_);
            ended_ = true;
            arrived_.notify_all();
            return;
        }
    }
}

/// Whether more may come.
bool Client::read() {
    std::array<char, kReadBytes> buffer{};
    const ssize_t count = ::read(in_, buffer.data(), buffer.size());
    if (count < 0) {
        return wouldBlock();
    }
    const std::lock_guard lock(mutex_);
    if (count == 0) {
        if (reader_.midMessage()) {
            problem_ = support::Error{ErrorKind::Link, "the client ended in the middle of a message", {}};
        }
        return false;
    }
    reader_.feed({buffer.data(), static_cast<std::size_t>(count)});
    while (true) {
        auto message = reader_.next();
        if (message && !*message) {
            return true;
        }
        const auto taken = message ? take(std::move(**message)) : tl::unexpected(message.error());
        if (!taken) {
            problem_ = taken.error();
            return false;
        }
        arrived_.notify_all();
    }
}

Result<void> Client::poll(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    if (const auto written = write(); !written) {
        return written;
    }
    arrived_.wait_for(lock, wait, [&] { return !requests_.empty() || ended_; });
    if (problem_) {
        return tl::unexpected(*std::exchange(problem_, std::nullopt));
    }
    return {};
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
        if (request.command == "disconnect" && current_ && requests_.empty()) {
            stop_.request_stop();
        }
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
        queue(refusal(*waiting, "The request was cancelled before it began.", "cancelled"));
        requests_.erase(waiting);
    } else if (current_ && ((id && *id == *current_) || (!progress.empty() && progress == progress_))) {
        stop_.request_stop();
    }
    queue(response(request));
    static_cast<void>(write()); // what fails here fails in the next poll() too
}

bool Client::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

bool Client::hasRequests() const {
    const std::lock_guard lock(mutex_);
    return !requests_.empty();
}

std::optional<Request> Client::next() {
    const std::lock_guard lock(mutex_);
    if (requests_.empty()) {
        return std::nullopt;
    }
    Request request = std::move(requests_.front());
    requests_.pop_front();
    return request;
}

std::stop_token Client::begin(const Request& request) {
    const std::lock_guard lock(mutex_);
    current_ = request.seq;
    stop_ = std::stop_source();
    return stop_.get_token();
}

void Client::progress(std::string id) {
    const std::lock_guard lock(mutex_);
    progress_ = std::move(id);
}

void Client::finish() {
    const std::lock_guard lock(mutex_);
    current_.reset();
    progress_.clear();
}

void Client::respond(const Request& request, nlohmann::json body) {
    send(response(request, std::move(body)));
}

void Client::refuse(const Request& request, const std::string& message, const std::string& shortMessage) {
    send(refusal(request, message, shortMessage));
}

void Client::event(const std::string& name, nlohmann::json body) {
    nlohmann::json message{{"type", "event"}, {"event", name}};
    if (!body.is_null()) {
        message["body"] = std::move(body);
    }
    send(std::move(message));
}

void Client::send(nlohmann::json message) {
    const std::lock_guard lock(mutex_);
    queue(std::move(message));
}

void Client::queue(nlohmann::json message) {
    message["seq"] = ++seq_;
    outgoing_ += support::encodeMessage(message);
}

Result<void> Client::flush() {
    const std::lock_guard lock(mutex_);
    return write();
}

Result<void> Client::write() {
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
