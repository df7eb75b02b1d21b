// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/network_line.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>

#include "debugger/transport/network_address.hpp"
#include "debugger/transport/port_holder.hpp"
#include "debugger/transport/rfc2217.hpp"
#include "debugger/transport/tcp.hpp"

namespace rbpf::transport {

namespace {

/// The order matters: the lock goes last.
struct LockedKeeper {
    Fd lock;
    std::shared_ptr<void> line;
};

} // namespace

support::Result<NetworkLine> openNetwork(const std::string& address, Clock::time_point deadline) {
    const auto parsed = parseNetworkAddress(address);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    auto socket = connectTcp(*parsed, address, deadline);
    if (!socket) {
        return tl::unexpected(socket.error());
    }
    if (parsed->scheme == "rfc2217") {
        return openRfc2217(std::move(*socket), address, deadline);
    }
    return NetworkLine{std::move(*socket), {}};
}

support::Result<SerialOpening> openNetworkLocked(const std::string& address, const std::filesystem::path& lockFile,
                                                 Clock::time_point deadline) {
    auto keeper = std::make_shared<LockedKeeper>();
    if (!lockFile.empty()) {
        keeper->lock = Fd(::open(lockFile.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (keeper->lock && flock(keeper->lock.get(), LOCK_EX | LOCK_NB) != 0) {
            const auto holder = lockHolder(keeper->lock.get());
            return SerialOpening{Fd{}, holder ? holderText(*holder) : "another process", {}};
        }
    }
    auto line = openNetwork(address, deadline);
    if (!line) {
        return tl::unexpected(line.error());
    }
    keeper->line = std::move(line->keeper);
    return SerialOpening{std::move(line->fd), {}, std::move(keeper)};
}

} // namespace rbpf::transport
