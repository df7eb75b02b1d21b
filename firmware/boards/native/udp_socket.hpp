// SPDX-License-Identifier: LGPL-2.1-or-later
// The board's network: one UDP socket, its peers numbered.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>

#include <sys/socket.h>
#include <tl/expected.hpp>

namespace rbpf::native {

struct Datagram {
    std::uint32_t peer = 0;
    bool loopback = false;
    std::size_t size = 0; ///< may exceed the buffer: then only its beginning was kept
};

class UdpSocket {
public:
    /// `address` is numeric, IPv4 or IPv6; port 0 = any that is free.
    static tl::expected<UdpSocket, std::string> open(const std::string& address, std::uint16_t port);
    UdpSocket(UdpSocket&& other) noexcept;
    UdpSocket& operator=(UdpSocket&&) = delete;
    ~UdpSocket();

    [[nodiscard]] int descriptor() const { return socket_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// False if none waits.
    bool receive(std::span<std::uint8_t> buffer, Datagram& datagram);
    /// To a peer that has sent something lately; dropped otherwise.
    void send(std::uint32_t peer, std::span<const std::uint8_t> bytes);

private:
    struct Peer {
        sockaddr_storage address{};
        socklen_t length = 0;
        std::uint32_t number = 0;
    };

    UdpSocket(int socket, std::uint16_t port) : socket_(socket), port_(port) {}
    std::uint32_t numberOf(const sockaddr_storage& address, socklen_t length);

    int socket_;
    std::uint16_t port_;
    std::uint32_t nextNumber_ = 1;
    std::deque<Peer> peers_; ///< latest last
};

} // namespace rbpf::native
