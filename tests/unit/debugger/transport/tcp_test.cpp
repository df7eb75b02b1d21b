// SPDX-License-Identifier: GPL-3.0-or-later
// A board's line over TCP.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "debugger/transport/fd.hpp"
#include "debugger/transport/transport.hpp"
#include "tests/fakes/processes.hpp"

using namespace rbpf;
using namespace rbpf::transport;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

struct Server {
    Fd listener{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::string address;
    Server() {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(bind(listener.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) == 0);
        socklen_t size = sizeof any;
        REQUIRE(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&any), &size) == 0);
        address = "tcp://127.0.0.1:" + std::to_string(ntohs(any.sin_port));
    }
};

} // namespace

TEST_CASE("bytes cross a TCP line, and its end is an error") {
    Server server;
    REQUIRE(listen(server.listener.get(), 1) == 0);
    auto line = transport::open(server.address);
    REQUIRE(line);
    Fd peer(accept(server.listener.get(), nullptr, nullptr));
    const std::uint8_t out[] = {1, 2, 3};
    REQUIRE((*line)->write(out, Clock::now() + 10s));
    std::uint8_t in[8];
    CHECK(recv(peer.get(), in, sizeof in, 0) == 3);
    CHECK(send(peer.get(), "ab", 2, 0) == 2);
    CHECK((*line)->read(in, Clock::now() + 10s) == 2u);
    peer.reset();
    const auto end = (*line)->read(in, Clock::now() + 10s);
    REQUIRE(!end);
    CHECK(end.error().kind == ErrorKind::Link);
}

TEST_CASE("an address where nothing listens says so") {
    Server server; // bound but not listening
    const auto line = transport::open(server.address);
    REQUIRE(!line);
    CHECK(line.error().kind == ErrorKind::Link);
    CHECK(line.error().hint.find("nothing listens there") != std::string::npos);
}

TEST_CASE("an address without host or port is a mistake in its use") {
    for (const char* address : {"tcp://", "tcp://host", "tcp://host:", "tcp://:20000"}) {
        const auto line = transport::open(address);
        REQUIRE(!line);
        CHECK(line.error().kind == ErrorKind::Usage);
    }
}
