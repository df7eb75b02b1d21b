// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/server_loop.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sdk/language/server.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;
using support::ErrorKind;
using support::Result;

/// At most so long without a look at `stop`.
constexpr std::chrono::milliseconds kIdleWait = 500ms;
/// An editor that has this much to read has stopped reading.
constexpr std::size_t kMostUnread = 64u << 20;

bool wouldBlock() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// Neither reads nor writes of a descriptor wait while one lives.
class NonBlocking {
public:
    explicit NonBlocking(int descriptor) : descriptor_(descriptor), flags_(::fcntl(descriptor, F_GETFL)) {
        ::fcntl(descriptor_, F_SETFL, flags_ | O_NONBLOCK);
    }
    ~NonBlocking() { ::fcntl(descriptor_, F_SETFL, flags_); }
    NonBlocking(const NonBlocking&) = delete;
    NonBlocking& operator=(const NonBlocking&) = delete;

private:
    int descriptor_;
    int flags_;
};

/// The editor's side of the connection.
class Editor {
public:
    Editor(int in, int out) : in_(in), out_(out) {}

    void send(const nlohmann::json& message) { outgoing_ += support::encodeMessage(message); }

    /// Hands what has arrived to the server; false: the editor has gone.
    [[nodiscard]] Result<bool> read(Server& server) {
        std::array<char, 64 * 1024> buffer{};
        const ssize_t count = ::read(in_, buffer.data(), buffer.size());
        if (count == 0 || (count < 0 && !wouldBlock())) {
            return false;
        }
        reader_.feed({buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))});
        while (!server.isDone()) {
            const auto message = reader_.next();
            if (!message && message.error().kind == ErrorKind::Script) {
                server.receiveGarbled(message.error().message);
            } else if (!message) {
                return tl::unexpected(message.error());
            } else if (*message) {
                server.receive(**message);
            } else {
                break;
            }
        }
        return true;
    }

    /// False: the editor has gone or no longer reads.
    [[nodiscard]] bool write() {
        std::size_t sent = 0;
        bool isOpen = outgoing_.size() <= kMostUnread;
        while (isOpen && sent < outgoing_.size()) {
            // A socket that the other end has closed must not end this program by a signal.
            ssize_t count = ::send(out_, outgoing_.data() + sent, outgoing_.size() - sent, MSG_NOSIGNAL);
            if (count < 0 && errno == ENOTSOCK) {
                count = ::write(out_, outgoing_.data() + sent, outgoing_.size() - sent);
            }
            if (count < 0 && errno != EINTR) {
                isOpen = wouldBlock();
                break;
            }
            sent += static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        }
        outgoing_.erase(0, sent);
        return isOpen;
    }

    [[nodiscard]] bool isWriting() const { return !outgoing_.empty(); }

private:
    int in_;
    int out_;
    support::MessageReader reader_;
    std::string outgoing_;
};

/// Until something arrives, can be sent or is due.
void wait(const Server& server, const Editor& editor, int in, int out) {
    std::vector<pollfd> ready{{in, POLLIN, 0}, {editor.isWriting() ? out : -1, POLLOUT, 0}};
    for (const Server::Descriptor& one : server.descriptors()) {
        ready.push_back({one.number, static_cast<short>(POLLIN | (one.wantsToWrite ? POLLOUT : 0)), 0});
    }
    auto most = kIdleWait;
    if (const auto due = server.due()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - std::chrono::steady_clock::now());
        most = std::clamp(left, std::chrono::milliseconds(0), most);
    }
    ::poll(ready.data(), ready.size(), static_cast<int>(most.count()));
}

} // namespace

Result<int> serve(int in, int out, ServerHooks hooks, const std::stop_token& stop) {
    const NonBlocking reading(in);
    const NonBlocking writing(out);
    Editor editor(in, out);
    Server server(std::move(hooks), [&editor](const nlohmann::json& message) { editor.send(message); });
    while (!stop.stop_requested() && !server.isDone()) {
        wait(server, editor, in, out);
        const auto isThere = editor.read(server);
        if (!isThere) {
            static_cast<void>(editor.write());
            return tl::unexpected(isThere.error());
        }
        server.service();
        if (!editor.write() || !*isThere) {
            return server.exitCode() == 0 ? Result<int>(0)
                                          : support::fail(ErrorKind::Link, "the editor has gone without saying exit");
        }
    }
    static_cast<void>(editor.write());
    return server.exitCode();
}

} // namespace rbpf::language
