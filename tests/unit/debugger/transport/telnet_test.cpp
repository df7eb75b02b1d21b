// SPDX-License-Identifier: GPL-3.0-or-later
// The Telnet client, byte by byte.
#include <catch2/catch.hpp>

#include "debugger/transport/telnet.hpp"

using namespace rbpf::transport;

namespace {

const TelnetBytes kBaudConfirmed{255, 250, 44, 101, 0, 1, 0xc2, 0, 255, 240};

struct Talk {
    TelnetClient client{115200};
    TelnetBytes data, out;

    Talk() { client.begin(out); }
    /// What the client answers to `bytes`.
    TelnetBytes hear(const TelnetBytes& bytes) {
        out.clear();
        client.receive(bytes, data, out);
        return out;
    }
    /// Until the line is ready, as ser2net does it.
    void settle() {
        hear({255, 253, 0, 255, 251, 0, 255, 253, 44});
        hear(kBaudConfirmed);
    }
};

} // namespace

TEST_CASE("the client opens with binary, no go-ahead and the serial port's option") {
    Talk talk;
    CHECK(talk.out == TelnetBytes{255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 251, 44});
    CHECK(!talk.client.ready());
    CHECK(!talk.client.heard());
}

TEST_CASE("once the server has the option, 115200 8N1 is asked for and its answer makes the line ready") {
    Talk talk;
    const TelnetBytes asked = talk.hear({255, 253, 44});
    const TelnetBytes baud{255, 250, 44, 1, 0, 1, 0xc2, 0, 255, 240};
    REQUIRE(asked.size() > baud.size());
    CHECK(TelnetBytes(asked.end() - static_cast<std::ptrdiff_t>(baud.size()), asked.end()) == baud);
    talk.hear(kBaudConfirmed);
    CHECK(!talk.client.ready()); // binary is still open
    talk.hear({255, 253, 0, 255, 251, 0});
    CHECK(talk.client.ready());
    CHECK(talk.hear({255, 253, 44}).empty()); // repeated
}

TEST_CASE("the byte 255 is doubled on the wire, and what is doubled arrives once") {
    TelnetBytes out;
    const TelnetBytes bytes{0xc0, 255, 255, 0};
    TelnetClient::send(bytes, out);
    CHECK(out == TelnetBytes{0xc0, 255, 255, 255, 255, 0});
    Talk talk;
    talk.hear({1, 255});
    talk.hear({255, 2, '\r', '\n', 0});
    CHECK(talk.data == TelnetBytes{1, 255, 2, '\r', '\n', 0});
}

TEST_CASE("commands in the midst of data, cut anywhere, leave the data whole") {
    const TelnetBytes wire{'a', 255, 241, 'b', 255, 250, 44, 107, 0x30, 255, 255, 9, 255, 240, 'c', 255, 253, 1, 'd'};
    for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
        Talk talk;
        const auto middle = wire.begin() + static_cast<std::ptrdiff_t>(cut);
        talk.hear({wire.begin(), middle});
        talk.hear({middle, wire.end()});
        CHECK(talk.data == TelnetBytes{'a', 'b', 'c', 'd'});
    }
}

TEST_CASE("options that are not ours are declined, and nothing is answered twice") {
    Talk talk;
    CHECK(talk.hear({255, 253, 24}) == TelnetBytes{255, 252, 24});
    CHECK(talk.hear({255, 251, 1}) == TelnetBytes{255, 254, 1});
    CHECK(talk.hear({255, 253, 3, 255, 251, 3}).empty());  // we had asked
    CHECK(talk.hear({255, 254, 24, 255, 252, 1}).empty()); // they are off already
    talk.settle();
    CHECK(talk.hear({255, 254, 3}) == TelnetBytes{255, 252, 3});
    CHECK(talk.hear({255, 254, 3}).empty());
}

TEST_CASE("a server that cannot do what is needed is told apart") {
    Talk without;
    without.hear({255, 254, 44});
    CHECK(without.client.refusal().find("RFC 2217") != std::string::npos);
    Talk text;
    text.hear({255, 252, 0});
    CHECK(text.client.refusal().find("binary") != std::string::npos);
    Talk slow;
    slow.hear({255, 253, 44, 255, 250, 44, 101, 0, 0, 0x25, 0x80, 255, 240});
    CHECK(slow.client.refusal() == "the server sets 9600 baud instead of 115200");
    CHECK(!slow.client.ready());
}

TEST_CASE("the server's signature is read without its control characters, and ours is told when asked for") {
    Talk talk;
    talk.hear({255, 250, 44, 100, 's', '2', 'n', 27, 255, 240});
    CHECK(talk.client.signature() == "s2n?");
    const TelnetBytes ours = talk.hear({255, 250, 44, 100, 255, 240});
    CHECK(std::string(ours.begin() + 4, ours.end() - 2) == "rBPF Studio");
}

TEST_CASE("the server can hold us back and let us go on") {
    Talk talk;
    talk.settle();
    talk.hear({255, 250, 44, 108, 255, 240});
    CHECK(talk.client.suspended());
    talk.hear({255, 250, 44, 109, 255, 240});
    CHECK(!talk.client.suspended());
}

TEST_CASE("an endless subnegotiation takes no memory, and nonsense no harm") {
    Talk talk;
    TelnetBytes endless(100000, 7);
    endless.insert(endless.begin(), {255, 250, 44, 100});
    talk.hear(endless);
    talk.hear({255, 240, 'x'});
    CHECK(talk.client.signature().size() < 300);
    CHECK(talk.data == TelnetBytes{'x'});
    std::uint32_t random = 1;
    TelnetBytes noise;
    for (int i = 0; i < 20000; ++i) {
        random = random * 1664525 + 1013904223;
        noise.push_back(random >> 31 != 0 ? 255 : static_cast<std::uint8_t>(random >> 24));
    }
    Talk other;
    CHECK(other.hear(noise).size() < 10 * noise.size());
}
