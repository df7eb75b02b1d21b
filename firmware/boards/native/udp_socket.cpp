// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/udp_socket.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <unistd.h>

namespace rbpf::native {

namespace {

constexpr std::size_t kPeersMax = 256;

bool isLoopback(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}

} // namespace

tl::expected<UdpSocket, std::string> UdpSocket::open(const std::string& address, std::uint16_t port) {
    const std::string where = "udp " + address + " port " + std::to_string(port);
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (code != 0) {
        return tl::unexpected(where + ": expected a numeric address such as 127.0.0.1 or ::1 (" + ::gai_strerror(code) +
                              ")");
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
    UdpSocket result(::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), 0);
    sockaddr_storage bound{};
    socklen_t length = sizeof bound;
    if (result.socket_ < 0 || ::bind(result.socket_, found->ai_addr, found->ai_addrlen) != 0 ||
        ::getsockname(result.socket_, reinterpret_cast<sockaddr*>(&bound), &length) != 0) {
        return tl::unexpected(where + ": " + std::strerror(errno));
    }
    result.port_ = ntohs(bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                                    : reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
    return result;
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), port_(other.port_), nextNumber_(other.nextNumber_),
      peers_(std::move(other.peers_)) {}

UdpSocket::~UdpSocket() {
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

std::uint32_t UdpSocket::numberOf(const sockaddr_storage& address, socklen_t length) {
    for (std::size_t i = 0; i < peers_.size(); ++i) {
        if (peers_[i].length == length && std::memcmp(&peers_[i].address, &address, length) == 0) {
            const Peer peer = peers_[i];
            peers_.erase(peers_.begin() + static_cast<std::ptrdiff_t>(i));
            peers_.push_back(peer);
            return peer.number;
        }
    }
    if (peers_.size() == kPeersMax) {
        peers_.pop_front();
    }
    peers_.push_back(Peer{address, length, nextNumber_++});
    return peers_.back().number;
}

bool UdpSocket::receive(std::span<std::uint8_t> buffer, Datagram& datagram) {
    sockaddr_storage from{};
    socklen_t length = sizeof from;
    const ssize_t got =
        ::recvfrom(socket_, buffer.data(), buffer.size(), MSG_TRUNC, reinterpret_cast<sockaddr*>(&from), &length);
    if (got < 0) {
        return false;
    }
    datagram = Datagram{numberOf(from, length), isLoopback(from), static_cast<std::size_t>(got)};
    return true;
}

void UdpSocket::send(std::uint32_t peer, std::span<const std::uint8_t> bytes) {
    for (const Peer& each : peers_) {
        if (each.number == peer) {
            (void)::sendto(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&each.address),
                           each.length);
            return;
        }
    }
}

} // namespace rbpf::native
