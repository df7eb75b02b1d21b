// SPDX-License-Identifier: LGPL-2.1-or-later
// rbpf-board-native: a board as a process. Its USB serial line is a pseudo-terminal, its network a UDP socket, its
// sensors are simulated; the firmware is the same as on a microcontroller.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "boards/native/board_port.hpp"
#include "boards/native/pty_line.hpp"
#include "boards/native/record.hpp"
#include "boards/native/tty_line.hpp"
#include "rbpf_agent/agent.hpp"

namespace {

using namespace rbpf;
using native::Record;

constexpr int kExitUsage = 2;
constexpr int kExitBoard = 3;
constexpr std::uint32_t kReopenMs = 50; ///< how often a tty that hung up is tried again

struct Arguments {
    std::string name = "native";
    std::string sensors;
    std::string state;
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string record;
    std::string link;
    std::string tty;
    bool openManagement = false;
};

int fail(int code, const std::string& message) {
    std::fprintf(stderr, "rbpf-board-native: %s\n", message.c_str());
    return code;
}

void describe(CLI::App& app, Arguments& arguments) {
    app.add_option("--name", arguments.name, "What programs call this board")->capture_default_str();
    app.add_option(
           "--sensors", arguments.sensors,
           "JSON file that describes sensors, actuators and pins (default: led, temperature, humidity, light, button, "
           "relay at positions 0 to 5)")
        ->type_name("FILE.json");
    app.add_option("--state", arguments.state,
                   "File that keeps scripts and stored values across restarts (default: by name)")
        ->type_name("FILE");
    app.add_option("--udp-address", arguments.address, "Address that answers CoAP over UDP")->capture_default_str();
    app.add_option("--udp-port", arguments.port, "Its port; 0 = any that is free")->capture_default_str();
    app.add_flag("--open-management", arguments.openManagement,
                 "Let programs on this machine install scripts over UDP too, not only over the serial line");
    app.add_option("--record", arguments.record,
                   "Where to write how to reach the board, when it is ready (default: by name)")
        ->type_name("FILE.json");
    CLI::Option* link =
        app.add_option("--link", arguments.link, "Symbolic link to make to the serial line")->type_name("PATH");
    app.add_option(
           "--tty", arguments.tty,
           "Serve this tty instead of a pseudo-terminal: the device side of a USB gadget (/dev/ttyGS0), one end "
           "of a cable. It is opened again whenever it hung up. No record is written unless --record asks")
        ->type_name("PATH")
        ->excludes(link);
    app.footer(
        "The board runs until it gets SIGTERM or SIGINT (Ctrl+C). Examples:\n"
        "  rbpf-board-native                                the board \"native\" with its default sensors\n"
        "  rbpf-board-native --link /tmp/board              its serial line is found at /tmp/board\n"
        "  rbpf-board-native --name lab --udp-port 5683     a second board, on CoAP's own port\n"
        "A sensor file:\n"
        "  {\"devices\": [{\"name\": \"oven\", \"type\": \"temperature\", \"unit\": \"celsius\", \"scale\": -1,\n"
        "                \"signal\": {\"kind\": \"ramp\", \"from\": 20, \"to\": 220, \"periodMs\": 60000}}]}\n"
        "Kinds of signal: constant (or just a number), sine, ramp, noise, csv.");
}

bool validName(const std::string& name) {
    return !name.empty() && name.size() <= 64 && name[0] != '.' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               std::string::npos;
}

/// A file that goes away with the process.
class Removed {
public:
    ~Removed() {
        if (!path_.empty()) {
            ::unlink(path_.c_str());
        }
    }
    Removed() = default;
    Removed(const Removed&) = delete;
    Removed& operator=(const Removed&) = delete;
    void own(std::string path) { path_ = std::move(path); }

private:
    std::string path_;
};

/// Makes the link in one step, over an earlier link but never over a file.
bool makeLink(const std::string& target, const std::string& link) {
    std::error_code error;
    const auto status = std::filesystem::symlink_status(link, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_symlink(status)) {
        errno = EEXIST;
        return false;
    }
    const std::string temporary = link + ".new";
    ::unlink(temporary.c_str());
    return ::symlink(target.c_str(), temporary.c_str()) == 0 && ::rename(temporary.c_str(), link.c_str()) == 0;
}

/// SIGTERM and SIGINT as a descriptor; writes past a size limit or into a closed pipe become errors instead of the end.
int stopSignals() {
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Input, then the agent's work, then sleep until either has more.
void serve(agent::Agent& agent, native::SerialLine& line, native::UdpSocket& socket, int stop) {
    std::uint8_t buffer[65536];
    for (;;) {
        std::uint32_t wait = agent.poll();
        if (!line.ready()) {
            wait = std::min(wait, kReopenMs);
        }
        const short serialEvents = agent.serialIdle() ? POLLIN : POLLIN | POLLOUT;
        pollfd fds[] = {{line.descriptor(), serialEvents, 0}, {socket.descriptor(), POLLIN, 0}, {stop, POLLIN, 0}};
        const int timeout = wait == agent::kNever ? -1 : static_cast<int>(std::min<std::uint32_t>(wait, 60000));
        if (::poll(fds, 3, timeout) < 0 && errno != EINTR) {
            return;
        }
        if ((fds[2].revents & POLLIN) != 0) {
            return;
        }
        if ((fds[0].revents & POLLIN) != 0) {
            agent.serialInput(buffer, line.read(buffer));
        }
        native::Datagram datagram;
        // One datagram a turn, as one read of the line: neither shuts the other out.
        if ((fds[1].revents & POLLIN) != 0 && socket.receive(buffer, datagram)) {
            agent.datagramInput(datagram.peer, datagram.loopback, buffer, std::min(datagram.size, sizeof buffer));
        }
    }
}

tl::expected<std::unique_ptr<native::SerialLine>, std::string> openLine(const std::string& tty) {
    const auto own = [](auto&& line) -> std::unique_ptr<native::SerialLine> {
        return std::make_unique<std::decay_t<decltype(line)>>(std::move(line));
    };
    if (tty.empty()) {
        return native::PtyLine::open().map(own);
    }
    return native::TtyLine::open(tty).map(own);
}

int run(Arguments& arguments) {
    using Config = agent::LargeConfig;
    if (!validName(arguments.name)) {
        return fail(kExitUsage, "--name: expected letters, digits, '.', '_' or '-', found \"" + arguments.name + "\"");
    }
    auto devices = arguments.sensors.empty() ? tl::expected<native::Devices, std::string>(native::defaultDevices())
                                             : native::loadDevices(arguments.sensors);
    if (!devices) {
        return fail(kExitUsage, devices.error());
    }
    const std::string statePath = arguments.state.empty() ? native::defaultStatePath(arguments.name) : arguments.state;
    // Clients do not open the board's own side of a cable, so there is nothing to record.
    const std::string recordPath = arguments.record.empty() && arguments.tty.empty()
                                       ? native::defaultRecordPath(arguments.name)
                                       : arguments.record;
    for (const std::string& path : {statePath, recordPath}) {
        if (const auto made = native::makeFoldersFor(path); !made) {
            return fail(kExitBoard, made.error());
        }
    }
    if (const auto lock = native::lockState(statePath); !lock) {
        return fail(kExitBoard, lock.error());
    }
    auto state = native::loadState(statePath, Config::kSlots);
    if (!state) {
        return fail(kExitBoard, state.error() + "; move it away to start with an empty board");
    }
    auto opened = openLine(arguments.tty);
    if (!opened) {
        return fail(kExitBoard, opened.error());
    }
    native::SerialLine* const line = opened->get();
    auto socket = native::UdpSocket::open(arguments.address, arguments.port);
    if (!socket) {
        return fail(kExitBoard, socket.error());
    }
    const int stop = stopSignals();

    native::BoardPort port(std::move(*devices), std::move(*state), statePath, Config::kImageBytes, *line, *socket);
    port.devices().onWrite = [](const std::string& name, const std::string& value) {
        std::printf("%s = %s\n", name.c_str(), value.c_str());
        std::fflush(stdout);
    };
    const auto memory = std::make_unique<agent::AgentMemory<Config>>();
    agent::Options options;
    options.board = "native";
    options.udp = true;
    options.udpPort = socket->port();
    options.openManagement = arguments.openManagement;
    agent::Agent agent(port, memory->view(), options);
    agent.start();

    Removed linkFile;
    Removed recordFile;
    if (!arguments.link.empty()) {
        if (!makeLink(line->path(), arguments.link)) {
            return fail(kExitBoard, "cannot make the link " + arguments.link + ": " + std::strerror(errno));
        }
        linkFile.own(arguments.link);
    }
    if (!recordPath.empty()) {
        const auto written =
            native::writeRecord(recordPath, Record{arguments.name, line->path(), socket->port(), statePath});
        if (!written) {
            return fail(kExitBoard, written.error());
        }
        recordFile.own(recordPath);
    }
    std::printf("board %s: serial %s, coap://%s:%u, state %s\n", arguments.name.c_str(), line->path().c_str(),
                arguments.address.c_str(), static_cast<unsigned>(socket->port()), statePath.c_str());
    std::fflush(stdout);

    serve(agent, *line, *socket, stop);
    if (agent.saveStore() != RBPF_STATUS_OK) {
        return fail(kExitBoard, "stored values are lost: " + port.storageError());
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "A virtual rBPF board: the firmware as a process, with a pseudo-terminal as its serial line, CoAP over UDP\n"
        "and simulated sensors."};
    Arguments arguments;
    describe(app, arguments);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kExitUsage;
    }
    return run(arguments);
}
