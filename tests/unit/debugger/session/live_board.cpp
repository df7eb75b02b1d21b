// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/debugger/session/live_board.hpp"

#include <algorithm>
#include <fstream>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "debugger/link/board_client.hpp"
#include "debugger/transport/shared_port.hpp"
#include "tests/paths.hpp"
#include "tests/unit/sdk/compile/script.hpp"

namespace rbpf::test {

using namespace std::chrono_literals;

Script::Script(const std::string& source, bool forDebugging)
    : Script({{"main.c", source.substr(source.find('\n') + 1)}}, forDebugging) {}

Script::Script(const std::map<std::string, std::string>& files, bool forDebugging) {
    Sources sources;
    sources.files = files;
    source_ = sources.files["main.c"];
    sources.files.erase(files.contains("main.c") ? "" : "main.c");
    sources.optimise = forDebugging ? compile::Optimise::Debug : compile::Optimise::Size;
    const Linked linked = build(sources);
    image = linked.output.image;
    elf = linked.output.debugElf;
}

unsigned Script::line(const std::string& text) const {
    const auto at = source_.find(text);
    REQUIRE(at != std::string::npos);
    return static_cast<unsigned>(std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
           1;
}

LiveBoard::LiveBoard(const Script& script) {
    start();
    install(script.image);
}

void LiveBoard::start() {
    // Readings do not drift, so that two boards give a script the same.
    const std::string sensors = (runtime_.folder / "sensors.json").string();
    std::ofstream(sensors) << R"({"devices": [
        {"name": "led", "type": "switch", "actuator": true, "unit": "boolean", "value": 0},
        {"name": "t", "type": "temperature", "unit": "celsius", "scale": -2, "signal": 21.5}]})";
    pid_ = fork();
    if (pid_ == 0) {
        const std::string program = binaryDir() + "/bin/rbpf-board-native";
        const std::string state = (runtime_.folder / "state").string();
        std::freopen("/dev/null", "w", stdout);
        execl(program.c_str(), program.c_str(), "--name", "probe", "--udp-port", "0", "--state", state.c_str(),
              "--sensors", sensors.c_str(), nullptr);
        _exit(127);
    }
    const auto until = transport::Clock::now() + 20s;
    while (transport::Clock::now() < until) {
        const auto found = link::resolveBoard("probe");
        if (found && found->pid == pid_) {
            record_ = *found;
            return;
        }
        poll(nullptr, 0, 5);
    }
    FAIL("the native board did not start");
}

void LiveBoard::kill() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
}

LiveBoard::~LiveBoard() {
    kill();
    if (socket_ >= 0) {
        close(socket_);
    }
}

void LiveBoard::install(const std::vector<std::uint8_t>& image, std::uint32_t slot) const {
    auto line = transport::openShared(record_.serial);
    REQUIRE(line);
    link::BoardClient client(std::move(*line));
    link::Options options;
    options.deadline = 20s;
    const auto installed = client.install(slot, image, options);
    INFO((installed ? "" : installed.error().message));
    REQUIRE(installed);
}

void LiveBoard::trigger(const std::string& path) {
    if (socket_ < 0) {
        socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(record_.coap);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::uint16_t id = message_++;
    std::string packet = {0x51,
                          0x01,
                          static_cast<char>(id >> 8),
                          static_cast<char>(id),
                          static_cast<char>(id),
                          static_cast<char>(0xB0 + path.size())}; // NON GET, token of one byte, Uri-Path
    packet += path;
    REQUIRE(sendto(socket_, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to) ==
            static_cast<ssize_t>(packet.size()));
}

std::optional<std::string> LiveBoard::answer() {
    pollfd ready{socket_, POLLIN, 0};
    char buffer[1500];
    if (poll(&ready, 1, 20000) != 1) {
        return std::nullopt;
    }
    const ssize_t size = recv(socket_, buffer, sizeof buffer, 0);
    const std::string packet(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    constexpr std::size_t kOptions = 5; // behind header and token, where any byte may be 0xFF
    const auto marker = packet.find(static_cast<char>(0xFF), kOptions);
    return marker == packet.npos ? "" : packet.substr(marker + 1);
}

session::Options LiveBoard::options(const Script& script) const {
    session::Options options;
    options.board = "probe";
    options.image = script.image;
    options.debugElf = script.elf;
    return options;
}

} // namespace rbpf::test
