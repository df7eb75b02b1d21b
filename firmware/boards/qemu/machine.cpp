// SPDX-License-Identifier: LGPL-2.1-or-later
// QEMU's documents "QMP specification" and "QTest protocol".
#include "boards/qemu/machine.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "boards/native/files.hpp"

namespace rbpf::qemu {

namespace {

using Clock = std::chrono::steady_clock;

constexpr MachineKind kMachines[] = {
    {"microbit", "microbit", 0x4001E000, 1024},
    {"mps2_an386", "mps2-an386", 0, 1024},
};

// NVMC
constexpr std::uint32_t kConfig = 0x504;
constexpr std::uint32_t kErasePage = 0x508;
constexpr std::uint32_t kReadOnly = 0;
constexpr std::uint32_t kWriteEnabled = 1;
constexpr std::uint32_t kEraseEnabled = 2;

constexpr std::chrono::seconds kAnswerDeadline{10};
constexpr std::size_t kPieceBytes = 1024;
constexpr int kNoProgram = 127;

/// Ours and QEMU's; ours closes with a later exec.
bool makePair(int (&pair)[2]) {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0;
}

std::string program() {
    const char* given = std::getenv("RBPF_QEMU");
    return given != nullptr && *given != '\0' ? given : "qemu-system-arm";
}

[[noreturn]] void become(const std::vector<std::string>& arguments, const int (&keep)[3], pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // it must not outlive us, however we end
    ::setpgid(0, 0);                    // Ctrl+C in a terminal is ours: the flash is saved first
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int descriptor : keep) {
        ::fcntl(descriptor, F_SETFD, 0);
    }
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    if (::getppid() == parent) {
        ::execvp(argv[0], argv.data());
    }
    ::_exit(kNoProgram);
}

} // namespace

const MachineKind* findMachine(const std::string& board) {
    for (const MachineKind& kind : kMachines) {
        if (board == kind.board) {
            return &kind;
        }
    }
    return nullptr;
}

std::string machineNames() {
    std::string names;
    for (const MachineKind& kind : kMachines) {
        names += (names.empty() ? "" : ", ") + std::string(kind.board);
    }
    return names;
}

tl::expected<Machine, std::string> Machine::start(const MachineKind& kind, const std::string& firmware,
                                                  const std::vector<std::string>& extra) {
    int pairs[3][2];
    for (auto& pair : pairs) {
        if (!makePair(pair)) {
            return tl::unexpected(std::string("cannot make a socket pair: ") + std::strerror(errno));
        }
    }
    std::vector<std::string> arguments{program(), "-M",     kind.machine, "-nodefaults", "-display", "none",
                                       "-kernel", firmware, "-S",         "-qtest-log",  "none"};
    const char* names[3] = {"serial", "monitor", "qtest"};
    for (unsigned i = 0; i < 3; ++i) {
        arguments.insert(arguments.end(),
                         {"-chardev", std::string("socket,id=") + names[i] + ",fd=" + std::to_string(pairs[i][1])});
    }
    arguments.insert(arguments.end(),
                     {"-serial", "chardev:serial", "-mon", "chardev=monitor,mode=control", "-qtest", "chardev:qtest"});
    arguments.insert(arguments.end(), extra.begin(), extra.end());

    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) {
        become(arguments, {pairs[0][1], pairs[1][1], pairs[2][1]}, parent);
    }
    for (const auto& pair : pairs) {
        ::close(pair[1]);
    }
    if (pid < 0) {
        return tl::unexpected(std::string("cannot start a process: ") + std::strerror(errno));
    }
    Machine machine(kind, pid, pairs[0][0], pairs[1][0], pairs[2][0]);
    ::fcntl(machine.serial_, F_SETFL, O_RDWR | O_NONBLOCK);
    if (!machine.command(R"({"execute": "qmp_capabilities"})")) {
        return tl::unexpected(machine.ending());
    }
    return machine;
}

Machine::Machine(Machine&& other) noexcept
    : kind_(other.kind_), pid_(std::exchange(other.pid_, -1)), serial_(std::exchange(other.serial_, -1)),
      monitor_(std::exchange(other.monitor_, -1)), tester_(std::exchange(other.tester_, -1)),
      monitorText_(std::move(other.monitorText_)), testerText_(std::move(other.testerText_)) {}

Machine::~Machine() {
    for (const int descriptor : {serial_, monitor_, tester_}) {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL); // nothing of it is worth keeping: the flash is in our file
        ::waitpid(pid_, nullptr, 0);
    }
}

bool Machine::readLine(int descriptor, std::string& buffer, std::string& line) {
    const auto deadline = Clock::now() + kAnswerDeadline;
    for (;;) {
        if (const std::size_t end = buffer.find('\n'); end != std::string::npos) {
            line = buffer.substr(0, end);
            buffer.erase(0, end + 1);
            return true;
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd wait{descriptor, POLLIN, 0};
        if (left.count() <= 0 || (::poll(&wait, 1, static_cast<int>(left.count())) < 0 && errno != EINTR)) {
            return false;
        }
        char bytes[4096];
        const ssize_t got = ::recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got > 0) {
            buffer.append(bytes, static_cast<std::size_t>(got));
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return false;
        }
    }
}

bool Machine::command(const std::string& json) {
    const std::string text = json + "\n";
    if (::send(monitor_, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) {
        return false;
    }
    std::string line;
    while (readLine(monitor_, monitorText_, line)) {
        const auto answer = nlohmann::json::parse(line, nullptr, false);
        if (answer.contains("return") || answer.contains("error")) {
            return answer.contains("return");
        }
    }
    return false;
}

bool Machine::test(const std::string& line) {
    const std::string text = line + "\n";
    std::string answer;
    return ::send(tester_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()) &&
           readLine(tester_, testerText_, answer) && answer.starts_with("OK");
}

bool Machine::setRegister(std::uint32_t offset, std::uint32_t value) {
    return kind_->controller == 0 ||
           test("writel " + std::to_string(kind_->controller + offset) + " " + std::to_string(value));
}

bool Machine::erase(std::uint32_t address, std::size_t size) {
    const std::vector<std::uint8_t> blank(kind_->pageBytes, 0xFF);
    bool good = setRegister(kConfig, kEraseEnabled);
    for (std::size_t at = 0; at < size && good; at += blank.size()) {
        const auto page = static_cast<std::uint32_t>(address + at);
        good = kind_->controller != 0 ? setRegister(kErasePage, page) : put(page, blank.data(), blank.size());
    }
    return setRegister(kConfig, kReadOnly) && good;
}

bool Machine::write(std::uint32_t address, const std::uint8_t* data, std::size_t size) {
    bool good = setRegister(kConfig, kWriteEnabled);
    for (std::size_t at = 0; at < size && good; at += kPieceBytes) {
        const std::size_t count = std::min(kPieceBytes, size - at);
        const auto blank = std::count(data + at, data + at + count, 0xFF);
        good =
            static_cast<std::size_t>(blank) == count || put(static_cast<std::uint32_t>(address + at), data + at, count);
    }
    return setRegister(kConfig, kReadOnly) && good;
}

bool Machine::put(std::uint32_t address, const std::uint8_t* data, std::size_t size) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) {
        hex += {kDigits[data[i] >> 4], kDigits[data[i] & 15]};
    }
    return test("write " + std::to_string(address) + " " + std::to_string(size) + " 0x" + hex);
}

tl::expected<std::vector<std::uint8_t>, std::string> Machine::read(std::uint32_t address, std::size_t size,
                                                                   const std::string& path) {
    // As the processor sees it: the nRF51 has an address space of its own, which pmemsave does not reach.
    const nlohmann::json request = {{"execute", "memsave"},
                                    {"arguments", {{"val", address}, {"size", size}, {"filename", path}}}};
    if (!command(request.dump())) {
        return tl::unexpected("QEMU could not write " + path);
    }
    const auto bytes = native::readFile(path);
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    if (bytes->size() != size) {
        return tl::unexpected(path + ": QEMU wrote only a part of the flash");
    }
    return std::vector<std::uint8_t>(bytes->begin(), bytes->end());
}

bool Machine::takeEvents() {
    char bytes[4096];
    const ssize_t got = ::recv(monitor_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0) {
        monitorText_.append(bytes, static_cast<std::size_t>(got));
        monitorText_.erase(0, monitorText_.rfind('\n') + 1);
    }
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

std::string Machine::ending() {
    int status = 0;
    ::close(std::exchange(monitor_, -1));
    ::kill(pid_, SIGTERM);
    if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) {
        return "QEMU has ended";
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNoProgram) {
        return program() + " cannot be run; the Debian package qemu-system-arm has it, RBPF_QEMU names another one";
    }
    return WIFSIGNALED(status) ? "QEMU was ended by signal " + std::to_string(WTERMSIG(status))
                               : "QEMU ended with status " + std::to_string(WEXITSTATUS(status));
}

} // namespace rbpf::qemu
