// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/shared_port.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "debugger/transport/descriptor_stream.hpp"
#include "debugger/transport/frame_splitter.hpp"
#include "debugger/transport/line_broker.hpp"
#include "debugger/transport/network_address.hpp"
#include "debugger/transport/network_line.hpp"
#include "debugger/transport/runtime_dir.hpp"
#include "debugger/transport/serial_posix.hpp"

namespace rbpf::transport {

namespace fs = std::filesystem;

namespace {

/// How long a process that found the port locked tries to reach its owner, which may be about to offer it or to leave.
constexpr std::chrono::seconds kJoinTime{1};
constexpr int kRetryMs = 5;

/// Where the owner of a tty listens: "line-dev-pts-3" in the runtime folder. An address may be longer than a socket's
/// name can be, so it is reached through a descriptor of the folder.
class Meeting {
public:
    explicit Meeting(const std::string& port) {
        std::error_code unknown;
        const fs::path device = fs::canonical(port, unknown);
        std::string name = (isNetworkAddress(port) ? "line-" : "line") + (unknown ? port : device.string());
        std::replace(name.begin(), name.end(), '/', '-');
        if (const auto folder = runtimeDir()) {
            path_ = *folder / name;
            folder_ = Fd(::open(folder->c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
            const std::string near = "/proc/self/fd/" + std::to_string(folder_.get()) + "/" + name;
            usable_ = folder_ && near.size() < sizeof address_.sun_path;
            if (usable_) {
                address_.sun_family = AF_UNIX;
                std::memcpy(address_.sun_path, near.c_str(), near.size() + 1);
            }
        }
    }

    [[nodiscard]] const fs::path& path() const { return path_; }
    /// For lines that are no files; "" if there is no place for it.
    [[nodiscard]] fs::path lockFile() const { return path_.empty() ? fs::path() : fs::path(path_.string() + ".lock"); }

    /// A connection to the owner; empty if nobody listens.
    [[nodiscard]] Fd join() const {
        Fd fd = makeSocket();
        if (fd && connect(fd.get(), address(), sizeof address_) != 0) {
            fd.reset();
        }
        return fd;
    }

    /// A listening socket; empty if there is no place for it. Only for who holds the port's lock.
    [[nodiscard]] Fd listen() const {
        Fd fd = makeSocket();
        if (fd) {
            unlink(path_.c_str()); // left behind by an owner that was killed
            if (bind(fd.get(), address(), sizeof address_) != 0 || ::listen(fd.get(), 16) != 0) {
                fd.reset();
            }
        }
        return fd;
    }

private:
    [[nodiscard]] Fd makeSocket() const {
        return Fd(usable_ ? socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1);
    }
    [[nodiscard]] const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }

    fs::path path_;
    Fd folder_;
    sockaddr_un address_{};
    bool usable_ = false;
};

class SharedPort final : public Transport {
public:
    explicit SharedPort(std::string path) : path_(std::move(path)), meeting_(path_) {}

    /// Becomes a client of the port's owner, or its owner.
    support::Result<void> join() {
        // A network line's owner may still be about to reach its server.
        const Clock::time_point until =
            Clock::now() + kJoinTime + (isNetworkAddress(path_) ? kConnectTime : std::chrono::seconds(0));
        for (;;) {
            if (!isSameDevice()) {
                return lineLost(path_, ENODEV);
            }
            socket_ = meeting_.join();
            if (socket_) {
                return {};
            }
            auto opening = isNetworkAddress(path_)
                               ? openNetworkLocked(path_, meeting_.lockFile(), Clock::now() + kConnectTime)
                               : openSerial(path_);
            if (!opening) {
                return tl::unexpected(opening.error());
            }
            if (opening->fd) {
                keeper_ = std::move(opening->keeper);
                return own(std::move(opening->fd));
            }
            if (Clock::now() >= until) {
                return portHeld(path_, opening->heldBy);
            }
            poll(nullptr, 0, kRetryMs);
        }
    }

    support::Result<std::size_t> read(std::span<std::uint8_t> buffer, Clock::time_point deadline) override {
        while (received_.empty()) {
            if (!socket_) {
                if (auto joined = rejoin(0); !joined) {
                    return tl::unexpected(joined.error());
                }
            }
            pollfd ready{socket_.get(), POLLIN, 0};
            const int count = poll(&ready, 1, pollTimeoutMs(deadline));
            if (count == 0) {
                return 0;
            }
            received_.resize(kLongestFrame);
            const ssize_t got = recv(socket_.get(), received_.data(), received_.size(), MSG_DONTWAIT);
            received_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
                socket_.reset();
            }
        }
        const std::size_t size = std::min(buffer.size(), received_.size());
        std::copy_n(received_.begin(), size, buffer.begin());
        received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(size));
        return size;
    }

    support::Result<void> write(std::span<const std::uint8_t> bytes, Clock::time_point deadline) override {
        support::Result<void> result;
        splitter_.put(bytes, [&](std::span<const std::uint8_t> frame) {
            if (result) {
                result = sendFrame(frame, deadline);
            }
        });
        return result;
    }

    [[nodiscard]] int descriptor() const override { return socket_.get(); }
    [[nodiscard]] std::string name() const override { return path_; }

private:
    /// False if the path has become another device's: after a board is unplugged, the next one gets its port's name.
    bool isSameDevice() {
        struct stat status{};
        if (isNetworkAddress(path_) || stat(path_.c_str(), &status) != 0) {
            return true; // opening tells
        }
        if (device_ == 0) {
            device_ = status.st_ino;
        }
        return device_ == status.st_ino;
    }

    support::Result<void> own(Fd line) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0) {
            return support::fail(support::ErrorKind::Link, path_ + ": " + std::strerror(errno));
        }
        socket_ = Fd(pair[0]);
        broker_ = std::make_unique<LineBroker>(std::move(line), meeting_.listen(), meeting_.path(), Fd(pair[1]));
        return {};
    }

    /// After the connection has ended: the owner has left, or the line is gone.
    support::Result<void> rejoin(int errorNumber) {
        if (broker_) {
            return lineLost(path_, broker_->lineGone() ? broker_->errorNumber() : errorNumber);
        }
        return join();
    }

    support::Result<void> sendFrame(std::span<const std::uint8_t> frame, Clock::time_point deadline) {
        for (;;) {
            if (!socket_) {
                if (auto joined = rejoin(EPIPE); !joined) {
                    return joined;
                }
            }
            if (send(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
                return {};
            }
            if (errno == EAGAIN) {
                pollfd ready{socket_.get(), POLLOUT, 0};
                if (poll(&ready, 1, pollTimeoutMs(deadline)) == 0) {
                    return support::fail(support::ErrorKind::Link, path_ + ": the line takes no more bytes",
                                         "the board does not read; reset it");
                }
            } else if (errno != EINTR) {
                socket_.reset();
            }
        }
    }

    std::string path_;
    Meeting meeting_;
    ino_t device_ = 0;                   ///< the port's node when it was first opened; 0: not yet
    std::shared_ptr<void> keeper_;       ///< of the broker's line
    std::unique_ptr<LineBroker> broker_; ///< if we are the owner
    Fd socket_;                          ///< to the owner's broker; empty: to be joined again
    std::vector<std::uint8_t> received_;
    FrameSplitter splitter_;
};

} // namespace

support::Result<std::unique_ptr<Transport>> openShared(const std::string& address) {
    auto port = std::make_unique<SharedPort>(address);
    if (auto joined = port->join(); !joined) {
        return tl::unexpected(joined.error());
    }
    return port;
}

} // namespace rbpf::transport
