// SPDX-License-Identifier: LGPL-2.1-or-later
// A board in QEMU: the firmware that would be flashed, with a pseudo-terminal as its serial line and its flash kept in
// a file.
#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <random>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "boards/bare/simulated_block.hpp"
#include "boards/native/files.hpp"
#include "boards/native/pty_line.hpp"
#include "boards/native/record.hpp"
#include "boards/qemu/elf_symbols.hpp"
#include "boards/qemu/machine.hpp"

namespace {

using namespace rbpf;
using Clock = std::chrono::steady_clock;

constexpr int kExitUsage = 2;
constexpr int kExitBoard = 3;
constexpr std::chrono::milliseconds kQuiet{300}; ///< after the last byte the flash is looked at
constexpr std::chrono::seconds kLook{5};         ///< and so often without any

constexpr std::int32_t kQuarters = 86; ///< 21.5 °C, where QEMU has no thermometer

struct Arguments {
    std::string board;
    std::string name;
    std::string firmware;
    std::string state;
    std::string record;
    std::vector<std::string> qemu;
};

int fail(int code, const std::string& message) {
    std::fprintf(stderr, "rbpf-board-qemu: %s\n", message.c_str());
    return code;
}

/// The board's storage: in QEMU's memory, and as last written to the file.
class Storage {
public:
    Storage(qemu::Machine& machine, std::string path, std::uint32_t start, std::uint32_t end)
        : machine_(machine), path_(std::move(path)), start_(start), size_(end - start) {}

    /// Fills the flash as the file has it; there may be none.
    tl::expected<void, std::string> load() {
        if (!machine_.erase(start_, size_ + sizeof(bare::Simulated))) {
            return tl::unexpected(std::string("QEMU does not let its flash be erased"));
        }
        if (::access(path_.c_str(), F_OK) != 0 && errno == ENOENT) {
            return {};
        }
        const auto file = native::readFile(path_);
        if (!file) {
            return tl::unexpected(file.error());
        }
        if (file->size() != size_) {
            return tl::unexpected(path_ + " is not this board's flash: expected " + std::to_string(size_) +
                                  " bytes, found " + std::to_string(file->size()) +
                                  "; move it away to start with an empty board");
        }
        kept_.assign(file->begin(), file->end());
        if (!machine_.write(start_, kept_.data(), kept_.size())) {
            return tl::unexpected(std::string("QEMU does not take the flash's contents"));
        }
        return {};
    }

    /// Writes the file if the flash has changed.
    tl::expected<void, std::string> save() {
        auto now = machine_.read(start_, size_, path_ + ".qemu");
        if (!now) {
            return tl::unexpected(now.error());
        }
        if (*now == kept_) {
            return {};
        }
        if (auto written = native::writeFileAtomically(path_, *now); !written) {
            return written;
        }
        kept_ = std::move(*now);
        return {};
    }

private:
    qemu::Machine& machine_;
    std::string path_;
    std::uint32_t start_;
    std::uint32_t size_;
    std::vector<std::uint8_t> kept_;
};

int stopSignals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&set, number);
    }
    sigprocmask(SIG_BLOCK, &set, nullptr);
    return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/// Bytes on their way from one side to the other; the source waits while there are any.
class Way {
public:
    [[nodiscard]] bool empty() const { return at_ == size_; }
    void fill(std::size_t size) {
        at_ = 0;
        size_ = size;
    }
    [[nodiscard]] std::span<std::uint8_t> room() { return buffer_; }
    [[nodiscard]] std::span<const std::uint8_t> left() const { return {buffer_ + at_, size_ - at_}; }
    void taken(std::size_t size) { at_ += size; }

private:
    std::uint8_t buffer_[4096];
    std::size_t at_ = 0;
    std::size_t size_ = 0;
};

/// Serves until a signal asks for the end (true) or QEMU has ended.
bool serve(qemu::Machine& machine, native::PtyLine& line, Storage& storage, int stop) {
    Way toBoard;
    Way toClient;
    auto lookAt = Clock::now() + kLook;
    for (;;) {
        const auto events = [](const Way& in, const Way& out) {
            return static_cast<short>((in.empty() ? POLLIN : 0) | (out.empty() ? 0 : POLLOUT));
        };
        pollfd fds[] = {{line.descriptor(), events(toBoard, toClient), 0},
                        {machine.serial(), events(toClient, toBoard), 0},
                        {machine.monitor(), POLLIN, 0},
                        {stop, POLLIN, 0}};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(lookAt - Clock::now()).count() + 1;
        if (::poll(fds, 4, static_cast<int>(std::max<std::int64_t>(left, 0))) < 0 && errno != EINTR) {
            return false;
        }
        if ((fds[3].revents & POLLIN) != 0) {
            return true;
        }
        if (fds[2].revents != 0 && !machine.takeEvents()) {
            return false;
        }
        if ((fds[0].revents & POLLIN) != 0 && toBoard.empty()) {
            toBoard.fill(line.read(toBoard.room()));
            lookAt = std::min(lookAt, Clock::now() + kQuiet);
        }
        if ((fds[1].revents & POLLIN) != 0 && toClient.empty()) {
            const ssize_t got = ::read(machine.serial(), toClient.room().data(), toClient.room().size());
            toClient.fill(got > 0 ? static_cast<std::size_t>(got) : 0);
        }
        if (!toBoard.empty()) {
            const ssize_t put = ::write(machine.serial(), toBoard.left().data(), toBoard.left().size());
            toBoard.taken(put > 0 ? static_cast<std::size_t>(put) : 0);
        }
        if (!toClient.empty()) {
            toClient.taken(line.write(toClient.left()));
        }
        if (Clock::now() >= lookAt) {
            lookAt = Clock::now() + kLook;
            if (const auto saved = storage.save(); !saved) {
                (void)fail(kExitBoard, saved.error());
            }
        }
    }
}

int run(const Arguments& arguments) {
    const qemu::MachineKind* kind = qemu::findMachine(arguments.board);
    if (kind == nullptr) {
        return fail(kExitUsage, "--board: expected one of " + qemu::machineNames() + ", found " + arguments.board);
    }
    const auto symbols = qemu::elfSymbols(arguments.firmware, {"storageStart", "storageEnd"});
    if (!symbols) {
        return fail(kExitUsage, symbols.error());
    }
    if (symbols->size() != 2) {
        return fail(kExitUsage,
                    arguments.firmware + " is no rBPF firmware: it has no symbols storageStart, storageEnd");
    }
    const std::string name = arguments.name.empty() ? arguments.board : arguments.name;
    const std::string state = arguments.state.empty() ? native::defaultStatePath(name) : arguments.state;
    const std::string recordPath = arguments.record.empty() ? native::defaultRecordPath(name) : arguments.record;
    for (const std::string& path : {state, recordPath}) {
        if (const auto made = native::makeFoldersFor(path); !made) {
            return fail(kExitBoard, made.error());
        }
    }
    if (const auto lock = native::lockState(state); !lock) {
        return fail(kExitBoard, lock.error());
    }
    auto line = native::PtyLine::open();
    if (!line) {
        return fail(kExitBoard, line.error());
    }
    const int stop = stopSignals();
    auto machine = qemu::Machine::start(*kind, arguments.firmware, arguments.qemu);
    if (!machine) {
        return fail(kExitBoard, machine.error());
    }
    const std::uint32_t storageEnd = symbols->at("storageEnd");
    Storage storage(*machine, state, symbols->at("storageStart"), storageEnd);
    if (const auto loaded = storage.load(); !loaded) {
        return fail(kExitBoard, loaded.error());
    }
    const bare::Simulated simulated{bare::kSimulatedMagic, kQuarters, std::random_device{}()};
    std::uint8_t bytes[sizeof simulated];
    std::memcpy(bytes, &simulated, sizeof bytes);
    if (!machine->write(storageEnd, bytes, sizeof bytes) || !machine->resume()) {
        return fail(kExitBoard, machine->ending());
    }
    native::Record record{name, line->path(), 0, state};
    record.board = arguments.board;
    if (const auto written = native::writeRecord(recordPath, record); !written) {
        return fail(kExitBoard, written.error());
    }
    std::printf("board %s: serial %s, state %s\n", name.c_str(), line->path().c_str(), state.c_str());
    std::fflush(stdout);

    const bool asked = serve(*machine, *line, storage, stop);
    ::unlink(recordPath.c_str());
    if (!asked) {
        return fail(kExitBoard, machine->ending() + "; the board is gone");
    }
    (void)machine->halt();
    if (const auto saved = storage.save(); !saved) {
        return fail(kExitBoard, "what was stored last is lost: " + saved.error());
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{
        "An rBPF board in QEMU: the firmware that would be flashed, with a pseudo-terminal as its serial line\n"
        "and its flash kept in a file. It runs until it gets SIGTERM or SIGINT (Ctrl+C)."};
    Arguments arguments;
    app.add_option("--board", arguments.board, "Which one: " + qemu::machineNames())->required();
    app.add_option("--firmware", arguments.firmware, "Its firmware")->type_name("FILE.elf")->required();
    app.add_option("--name", arguments.name, "The board's name (default: which one it is)");
    app.add_option("--state", arguments.state, "Its flash: scripts, keys and values (default: by name)");
    app.add_option("--record", arguments.record,
                   "Where to write how to reach the board, when it is ready (default: by name)")
        ->type_name("FILE.json");
    app.add_option("qemu", arguments.qemu,
                   "Behind --: arguments for QEMU itself, e.g. -- -gdb tcp::3333 to debug the firmware");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kExitUsage;
    }
    return run(arguments);
}
