// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/peer.hpp"

namespace rbpf::language {

namespace {

/// One that has this much to read has stopped reading.
constexpr std::size_t kMostUnread = 64u << 20;

} // namespace

support::Result<void> Peer::service(const Take& take) {
    std::string bytes;
    const bool isOpen = program_->receive(bytes);
    reader_.feed(bytes);
    for (;;) {
        auto message = reader_.next();
        if (!message) {
            return tl::unexpected(message.error());
        }
        if (!*message) {
            break;
        }
        take(std::move(**message));
    }
    if (!program_->send(outgoing_) || !isOpen) {
        return support::fail(support::ErrorKind::Link, "the language server has closed the connection");
    }
    if (outgoing_.size() > kMostUnread) {
        return support::fail(support::ErrorKind::Link, "the language server no longer reads what it is sent");
    }
    return {};
}

} // namespace rbpf::language
