// SPDX-License-Identifier: GPL-3.0-or-later
// Serial ports behind a network: servers that work, refuse, stay silent, talk nonsense and leave.
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "debugger/transport/network_line.hpp"
#include "debugger/transport/shared_port.hpp"
#include "tests/fakes/processes.hpp"

using namespace rbpf;
using namespace rbpf::transport;
using namespace std::chrono_literals;
using support::ErrorKind;
using Bytes = std::vector<std::uint8_t>;

namespace {

const Bytes kAgrees{255, 253, 0, 255, 251, 0, 255, 253, 44, 255, 250, 44, 101, 0, 1, 0xc2, 0, 255, 240};

/// Listens, and says `greeting` to who connects.
struct Server {
    Fd listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::string place;
    Server() {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(bind(listener.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
        socklen_t size = sizeof any;
        REQUIRE(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&any), &size) == 0);
        REQUIRE(listen(listener.get(), 4) == 0);
        place = "127.0.0.1:" + std::to_string(ntohs(any.sin_port));
    }
    /// Opens the line while the server greets it; the server's end of the connection is `peer`.
    support::Result<NetworkLine> open(const Bytes& greeting, Clock::duration patience = 10s) {
        std::jthread greeter([&] {
            peer = Fd(accept(listener.get(), nullptr, nullptr));
            (void)!send(peer.get(), greeting.data(), greeting.size(), MSG_NOSIGNAL);
        });
        return openNetwork("rfc2217://" + place, Clock::now() + patience);
    }
    /// Reads until `wanted` has come, Telnet commands before it included.
    bool gets(const Bytes& wanted) {
        Bytes all;
        for (;;) {
            if (std::search(all.begin(), all.end(), wanted.begin(), wanted.end()) != all.end()) {
                return true;
            }
            std::uint8_t buffer[1000];
            const ssize_t got = recv(peer.get(), buffer, sizeof buffer, 0);
            if (got <= 0) {
                return false;
            }
            all.insert(all.end(), buffer, buffer + got);
        }
    }
    Fd peer;
};

/// Reads `size` bytes, or what comes until the end.
Bytes take(int fd, std::size_t size) {
    Bytes all;
    while (all.size() < size) {
        pollfd ready{fd, POLLIN, 0};
        std::uint8_t buffer[1000];
        if (poll(&ready, 1, 10000) <= 0) {
            break;
        }
        const ssize_t got = recv(fd, buffer, std::min(sizeof buffer, size - all.size()), 0);
        if (got <= 0) {
            break;
        }
        all.insert(all.end(), buffer, buffer + got);
    }
    return all;
}

} // namespace

TEST_CASE("bytes cross an RFC 2217 line whole, in both directions, and its end is seen") {
    Server server;
    auto line = server.open(kAgrees);
    REQUIRE(line);
    const Bytes out{0xc0, 255, 0, '\r', 0xc0};
    REQUIRE(send(line->fd.get(), out.data(), out.size(), 0) == 5);
    CHECK(server.gets({0xc0, 255, 255, 0, '\r', 0xc0}));
    const Bytes in{0xc0, 255, 255, 7, 0xc0};
    REQUIRE(send(server.peer.get(), in.data(), in.size(), 0) == 5);
    CHECK(take(line->fd.get(), 4) == Bytes{0xc0, 255, 7, 0xc0});
    server.peer.reset();
    CHECK(take(line->fd.get(), 1).empty());
}

TEST_CASE("what was given before the line is left still reaches the board") {
    Server server;
    {
        auto line = server.open(kAgrees);
        REQUIRE(line);
        REQUIRE(send(line->fd.get(), "last words", 10, 0) == 10);
    }
    CHECK(server.gets({'w', 'o', 'r', 'd', 's'}));
}

TEST_CASE("what the board says while the line is being set up is not lost") {
    Server server;
    Bytes greeting{0xc0, 'h', 'i', 0xc0};
    greeting.insert(greeting.end(), kAgrees.begin(), kAgrees.end());
    auto line = server.open(greeting);
    REQUIRE(line);
    CHECK(take(line->fd.get(), 4) == Bytes{0xc0, 'h', 'i', 0xc0});
}

TEST_CASE("a server that is silent, foreign or refuses is named as such") {
    const auto problem = [](const Bytes& greeting) {
        Server server;
        const auto line = server.open(greeting, 300ms);
        REQUIRE(!line);
        CHECK(line.error().kind == ErrorKind::Link);
        CHECK(!line.error().hint.empty());
        return line.error().message;
    };
    CHECK(problem({}).find("nothing there speaks Telnet") != std::string::npos);
    CHECK(problem({'S', 'S', 'H', '-', '2'}).find("nothing there speaks Telnet") != std::string::npos);
    CHECK(problem(Bytes(200000, 'x')).find("nothing there speaks Telnet") != std::string::npos);
    CHECK(problem({255, 254, 44}).find("does not offer RFC 2217") != std::string::npos);
    CHECK(problem({255, 253, 0, 255, 251, 0, 255, 253, 44}).find("does not confirm") != std::string::npos);
}

TEST_CASE("a server that hangs up in the middle is an error at once") {
    Server server;
    std::jthread leaver([&] { Fd(accept(server.listener.get(), nullptr, nullptr)).reset(); });
    const auto line = openNetwork("rfc2217://" + server.place, Clock::now() + 10s);
    REQUIRE(!line);
    CHECK(line.error().message.find("closed the connection") != std::string::npos);
}

TEST_CASE("a network address without host or port is a mistake in its use") {
    for (const char* address :
         {"rfc2217://", "rfc2217://host", "rfc2217://host:", "rfc2217://:1", "tcp://h:65536", "tcp://h:0"}) {
        const auto line = openNetwork(address, Clock::now() + 1s);
        REQUIRE(!line);
        CHECK(line.error().kind == ErrorKind::Usage);
    }
}

TEST_CASE("a TCP line is shared: its server sees one connection, each program gets every frame") {
    test::RuntimeFolder folder;
    Server server;
    auto first = openShared("tcp://" + server.place);
    REQUIRE(first);
    auto second = openShared("tcp://" + server.place);
    REQUIRE(second);
    Fd peer(accept(server.listener.get(), nullptr, nullptr));
    pollfd another{server.listener.get(), POLLIN, 0};
    CHECK(poll(&another, 1, 100) == 0);
    const Bytes frame{0xc0, 1, 2, 0xc0};
    for (auto* line : {&first, &second}) {
        REQUIRE((**line)->write(frame, Clock::now() + 10s));
        CHECK(take(peer.get(), 4) == frame);
    }
    REQUIRE(send(peer.get(), frame.data(), frame.size(), 0) == 4);
    for (auto* line : {&first, &second}) {
        std::uint8_t buffer[10];
        CHECK((**line)->read(buffer, Clock::now() + 10s) == 4u);
    }
}

TEST_CASE("when the owner of a TCP line leaves, another program takes it over with a connection of its own") {
    test::RuntimeFolder folder;
    Server server;
    auto first = openShared("tcp://" + server.place);
    REQUIRE(first);
    Fd before(accept(server.listener.get(), nullptr, nullptr));
    auto second = openShared("tcp://" + server.place);
    REQUIRE(second);
    first->reset();
    const Bytes frame{0xc0, 1, 2, 0xc0};
    REQUIRE((*second)->write(frame, Clock::now() + 10s));
    Fd after(accept(server.listener.get(), nullptr, nullptr));
    CHECK(take(before.get(), 1).empty());
    REQUIRE((*second)->write(frame, Clock::now() + 10s));
    CHECK(take(after.get(), 4) == frame);
}
