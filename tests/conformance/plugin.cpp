// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-conformance-plugin: runs one raw program for the public BPF conformance suites. Memory as hex in the first
// argument, the program as hex on standard input, r0 in hex on standard output.
#include <cctype>
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rbpf_vm/rbpf_vm.h"
#include "tests/fakes/board_vm.hpp"
#include "tests/fakes/image_builder.hpp"

namespace {

using namespace rbpf::fakes;

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;
constexpr uint32_t kBudget = 100'000'000;
constexpr int16_t kFrameBytes = 512; ///< what raw programs expect of each function's stack
constexpr uint16_t kStackBytes = kFrameBytes * RBPF_CALL_DEPTH_MAX;

constexpr const char* kHelp =
    R"(Usage: rbpf-conformance-plugin [MEMORY] [--engine ENGINE] < PROGRAM

Runs one eBPF program (RFC 9669) on rBPF's virtual machine.
  MEMORY    initial memory as hex bytes, with or without blanks; r1 points at it, r2 is its length
  PROGRAM   the instructions as hex bytes on standard input, 8 bytes per slot
  --engine  what executes the program: interpreter (default); m0 or m4, the build for that Cortex, in QEMU

Prints r0 in hex and exits with 0. A program that is rejected or faults: its reason on standard error, exit 1.
Wrong usage: exit 2. Functions called by number exist, do nothing and return 0.
Other options that conformance runners pass (--debug, …) are ignored with a note on standard error.
)";

int usageError(const std::string& message) {
    std::cerr << "rbpf-conformance-plugin: " << message << "; see --help\n";
    return kExitUsage;
}

/// Pairs of hex digits, blanks anywhere between them. A lone digit between blanks is a byte as well: some runners print
/// bytes without a leading 0.
std::optional<std::vector<uint8_t>> parseHex(std::string_view text) {
    std::vector<uint8_t> bytes;
    unsigned value = 0, digits = 0;
    const auto finish = [&] {
        bytes.push_back(static_cast<uint8_t>(value));
        value = digits = 0;
    };
    bool blanks = false;
    for (const char c : text) {
        if (std::isspace(static_cast<unsigned char>(c))) {
            blanks = true;
            if (digits == 1)
                finish();
            continue;
        }
        if (!std::isxdigit(static_cast<unsigned char>(c)))
            return std::nullopt;
        const bool isDecimal = std::isdigit(static_cast<unsigned char>(c));
        value = value << 4 | static_cast<unsigned>(isDecimal ? c - '0' : (c | 0x20) - 'a' + 10);
        if (++digits == 2)
            finish();
    }
    if (digits == 1) {
        if (!blanks)
            return std::nullopt;
        finish();
    }
    return bytes;
}

constexpr const char* kInterpreter = "interpreter";

struct Options {
    std::vector<uint8_t> memory;
    std::string engine = kInterpreter;
};

/// The options, or the exit code to leave with.
std::optional<Options> parseArguments(int argc, char** argv, int& exitCode) {
    Options options;
    for (int i = 1; i < argc; i++) {
        const std::string argument = argv[i];
        if (argument == "--help" || argument == "-h") {
            std::cout << kHelp;
            exitCode = 0;
            return std::nullopt;
        }
        if (argument == "--engine" || argument.starts_with("--engine=")) {
            const bool joined = argument.size() > 8;
            if (!joined && i + 1 == argc) {
                exitCode = usageError("--engine needs a value: interpreter, m0 or m4");
                return std::nullopt;
            }
            const std::string engine = joined ? argument.substr(9) : argv[++i];
            if (engine != kInterpreter && engine != "m0" && engine != "m4") {
                exitCode = usageError("no engine '" + engine + "'; there are: interpreter, m0, m4");
                return std::nullopt;
            }
            options.engine = engine;
        } else if (argument == "--elf" || argument == "--jit") {
            exitCode =
                usageError(argument + (argument == "--elf" ? ": ELF programs are not supported, pass raw instructions"
                                                           : ": this build has no JIT, only --engine interpreter"));
            return std::nullopt;
        } else if (argument.starts_with("-")) {
            std::cerr << "rbpf-conformance-plugin: option " << argument << " ignored\n";
        } else if (i == 1) {
            const auto memory = parseHex(argument);
            if (!memory) {
                exitCode = usageError("the memory in the first argument is not pairs of hex digits");
                return std::nullopt;
            }
            options.memory = *memory;
        } else if (!argument.empty()) {
            std::cerr << "rbpf-conformance-plugin: argument " << argument << " ignored\n";
        }
    }
    return options;
}

/// The run in the engine; nothing, and a message, if that cannot be had here.
std::optional<BoardOutcome> execute(const std::string& engine, const BoardRun& run) {
    if (engine == kInterpreter)
        return runHere(run);
    std::string why;
    const auto board = BoardVm::find(engine, why);
    if (!board) {
        std::cerr << "rbpf-conformance-plugin: " << why << "\n";
        return std::nullopt;
    }
    return board->run({run}).front();
}

int runProgram(std::vector<uint8_t> text, const Options& options) {
    rbpf::fakes::setFrames(text, kFrameBytes);
    rbpf::fakes::ImageParts parts;
    parts.text = std::move(text);
    parts.stackBytes = kStackBytes;
    parts.entries[0].frameBytes = kFrameBytes;
    const auto outcome = execute(options.engine, {rbpf::fakes::buildImage(parts), options.memory, kBudget, 1});
    if (!outcome)
        return kExitFailed;
    const auto& state = outcome->state;
    if (state.rejection == RBPF_STATUS_OK && state.halt == RBPF_HALT_EXITED) {
        std::printf("%" PRIx64 "\n", state.reg[0]);
        return 0;
    }
    if (state.rejection == RBPF_STATUS_OK && state.halt == RBPF_HALT_BUDGET)
        std::cerr << "stopped after " << kBudget << " instructions\n";
    else
        std::cerr << describe(*outcome) << "\n";
    return kExitFailed;
}

} // namespace

int main(int argc, char** argv) {
    int exitCode = 0;
    const auto options = parseArguments(argc, argv, exitCode);
    if (!options)
        return exitCode;
    const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    const auto text = parseHex(input);
    if (!text)
        return usageError("the program on standard input is not pairs of hex digits");
    if (text->empty() || text->size() % 8 != 0)
        return usageError("the program on standard input is not a whole number of 8-byte instructions");
    return runProgram(*text, *options);
}
