// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/flasher.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "debugger/flash/pyocd_words.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::flash {

namespace fs = std::filesystem;
using support::Error;
using support::ErrorKind;
using support::Result;

namespace {

/// One megabyte at 10 kB/s and some.
constexpr std::chrono::minutes kLongest{5};
/// What lies between two parts is read with them rather than in a run of its own.
constexpr std::uint64_t kWorthReading = 16 * 1024;

constexpr const char* kUntouched = "nothing was written: the chip is as it was";
constexpr const char* kHalfWritten = "the chip is half written and will not start until it is flashed again";
constexpr const char* kUnverified = "the firmware is written, but was not read back";
constexpr const char* kErased = "the chip is erased";

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::error_code code;
        std::string name = (fs::temp_directory_path(code) / "rbpf-flash-XXXXXX").string();
        if (::mkdtemp(name.data()) != nullptr) {
            path = name;
        }
    }
    ~TemporaryFolder() {
        std::error_code code;
        if (!path.empty()) {
            fs::remove_all(path, code);
        }
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    fs::path path;
};

Error inState(Error error, std::string_view state) {
    error.message += fmt::format("; {}", state);
    return error;
}

std::vector<ReadRange> rangesOf(const Firmware& firmware, const fs::path& folder) {
    std::vector<ReadRange> ranges;
    for (const Part& part : firmware.parts) {
        const auto size = static_cast<std::uint32_t>(part.bytes.size());
        if (!ranges.empty() &&
            part.address - (std::uint64_t{ranges.back().address} + ranges.back().size) <= kWorthReading) {
            ranges.back().size = part.address - ranges.back().address + size;
        } else {
            ranges.push_back({part.address, size, folder / fmt::format("{}.bin", ranges.size())});
        }
    }
    return ranges;
}

Result<void> compare(const Firmware& firmware, const std::vector<ReadRange>& ranges) {
    for (const ReadRange& range : ranges) {
        const auto found = support::readBytes(range.file);
        if (!found || found->size() != range.size) {
            return support::fail(ErrorKind::Board, "pyOCD did not read the flash back");
        }
        for (const Part& part : firmware.parts) {
            if (part.address < range.address || part.end() > std::uint64_t{range.address} + range.size) {
                continue;
            }
            const auto start = found->begin() + (part.address - range.address);
            const auto wrong = std::mismatch(part.bytes.begin(), part.bytes.end(), start);
            if (wrong.first != part.bytes.end()) {
                return support::fail(ErrorKind::Board,
                                     fmt::format("the chip has {:02x} at {:#010x} where {:02x} was written",
                                                 *wrong.second, part.address + (wrong.first - part.bytes.begin()),
                                                 *wrong.first),
                                     "flash it again; if it stays, check power and cable or try a lower speed");
            }
        }
    }
    return {};
}

/// The core that pyOCD found ("Cortex-M0") if it is another one than the chip's, else "".
std::string coreMismatch(std::string_view text, std::string_view target) {
    const Chip* chip = findChip(target);
    for (const std::string_view words : {"CPU core is ", "CPU core #0: "}) {
        const std::size_t at = text.find(words);
        if (chip == nullptr || at == std::string_view::npos) {
            continue;
        }
        text.remove_prefix(at + words.size());
        const std::size_t end = text.find_first_of(" \n");
        // A line that is still coming has no end.
        if (end != std::string_view::npos && text.starts_with("Cortex-") &&
            text.substr(0, end) != coreName(chip->core)) {
            return std::string(text.substr(0, end));
        }
        return "";
    }
    return "";
}

std::string listed(const std::vector<Probe>& probes) {
    std::string text;
    for (const Probe& probe : probes) {
        text += fmt::format("\n  {}  {}{}", probe.uniqueId, probe.description,
                            probe.board.empty() ? "" : fmt::format(" ({})", probe.board));
    }
    return text;
}

bool contains(std::string text, std::string part) {
    const auto lower = [](unsigned char c) { return static_cast<char>(std::tolower(c)); };
    std::ranges::transform(text, text.begin(), lower);
    std::ranges::transform(part, part.begin(), lower);
    return text.find(part) != std::string::npos;
}

} // namespace

Result<PyocdOutput> Flasher::run(const support::ProcessCommand& command, const FlashOptions& options,
                                 const std::function<void(const PyocdOutput&)>& heard) {
    PyocdOutput output;
    support::ProcessOptions running;
    running.deadline = kLongest;
    running.silence = options.silence;
    running.grace = options.grace;
    running.stop = options.stop;
    running.output = [&](support::OutputStream, std::string_view piece) {
        output.feed(piece);
        heard(output);
    };
    transcript_ += fmt::format("$ {}\n", fmt::join(command.arguments, " "));
    const auto end = support::runProcess(command, running);
    if (!end) {
        return tl::unexpected(end.error());
    }
    transcript_ += end->out;
    if (!end->out.empty() && end->out.back() != '\n') {
        transcript_ += '\n';
    }
    if (end->isStopped) {
        return support::fail(ErrorKind::Cancelled, "cancelled");
    }
    // Before all else: a program that waits for its probe is late, too.
    const std::string text = output.text();
    const bool hasFailed = end->isLate || end->exitCode != 0;
    if (auto cause = knownCause(hasFailed ? text : errorLines(text), pyocd_, chosen_)) {
        return tl::unexpected(std::move(*cause));
    }
    if (end->isLate) {
        return support::fail(ErrorKind::Board, "pyOCD got stuck and was ended",
                             "unplug the probe, plug it in again and repeat the command");
    }
    if (end->exitCode != 0) {
        return support::fail(ErrorKind::Board,
                             end->signal != 0
                                 ? fmt::format("pyOCD was ended by signal {}: {}", end->signal, usefulLine(text))
                                 : fmt::format("pyOCD failed: {}", usefulLine(text)),
                             "--verbose shows all that pyOCD said");
    }
    return output;
}

Result<void> Flasher::unlock(const FlashOptions& options) {
    const auto report = [&](double fraction) {
        if (options.progress) {
            options.progress(Phase::Unlocking, fraction);
        }
    };
    report(0);
    const auto output = run(unlockCommand(pyocd_, chosen_), options, [](const PyocdOutput&) {});
    if (!output) {
        return tl::unexpected(inState(output.error(), "whether the chip was erased is not known"));
    }
    // 0.13 says so and exits with 0.
    if (output->text().find("Failed.") != std::string::npos) {
        return support::fail(ErrorKind::Board, fmt::format("pyOCD {} could not unlock the chip", pyocd_.version),
                             "a newer release may: `pipx install pyocd`");
    }
    report(1);
    return {};
}

Result<void> Flasher::write(const fs::path& hexFile, const FlashOptions& options) {
    unsigned bars = 0;
    std::string otherCore;
    std::stop_source wrongChip;
    const std::stop_callback cancelled(options.stop, [&wrongChip] { wrongChip.request_stop(); });
    FlashOptions running = options;
    running.stop = wrongChip.get_token();
    const auto heard = [&](const PyocdOutput& output) {
        bars = output.bars();
        if (bars == 0 && otherCore.empty()) {
            // Told before anything is written; the programs that write flash differ between chips.
            otherCore = coreMismatch(output.text(), chosen_.target);
            if (!otherCore.empty()) {
                wrongChip.request_stop();
            }
        }
        if (options.progress && bars > 0) {
            // Newer releases announce the first of two bars; one bar alone stands for both.
            const bool isErasing = bars == 1 && output.text().find("Erasing...") != std::string::npos;
            options.progress(isErasing ? Phase::Erasing : Phase::Writing, output.fraction());
        }
    };
    if (options.progress) {
        options.progress(Phase::Connecting, 0);
    }
    const auto output = run(flashCommand(pyocd_, chosen_, hexFile), running, heard);
    if (!otherCore.empty()) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("the probe {} belongs to another chip: it has a {}, an {} has a {}; {}",
                                         chosen_.probe, otherCore, findChip(chosen_.target)->name,
                                         coreName(findChip(chosen_.target)->core), kUntouched),
                             "name the right board with --board, or the right probe with --probe");
    }
    if (!output) {
        return tl::unexpected(inState(output.error(), bars > 0 ? kHalfWritten : options.unlock ? kErased : kUntouched));
    }
    if (!output->isBarClosed()) {
        if (const auto cause = knownCause(output->text(), pyocd_, chosen_)) {
            return tl::unexpected(inState(*cause, bars > 0 ? kHalfWritten : kUntouched));
        }
        return support::fail(ErrorKind::Board,
                             fmt::format("pyOCD ended without writing the firmware: {}; {}", usefulLine(output->text()),
                                         bars > 0 ? kHalfWritten : kUntouched),
                             "--verbose shows all that pyOCD said");
    }
    return {};
}

Result<void> Flasher::verify(const Firmware& firmware, const fs::path& folder, const FlashOptions& options) {
    const auto ranges = rangesOf(firmware, folder);
    const auto commands = readCommands(pyocd_, chosen_, ranges);
    for (std::size_t i = 0; i < commands.size(); ++i) {
        if (options.progress) {
            options.progress(Phase::Verifying, static_cast<double>(i) / static_cast<double>(commands.size()));
        }
        const auto output = run(commands[i], options, [](const PyocdOutput&) {});
        if (!output) {
            return tl::unexpected(inState(output.error(), kUnverified));
        }
    }
    return compare(firmware, ranges);
}

Result<void> Flasher::flash(const Firmware& firmware, const FlashOptions& options) {
    const TemporaryFolder folder;
    if (folder.path.empty()) {
        return support::fail(ErrorKind::Io, "cannot make a temporary folder");
    }
    const fs::path hexFile = folder.path / "firmware.hex";
    const Chip* chip = findChip(chosen_.target);
    const bool isFilled = pyocd_.generation == Generation::Tools && chip != nullptr;
    const std::string hex = toIntelHex(isFilled ? wholeSectors(firmware.parts, *chip) : firmware.parts);
    if (auto written = support::writeAtomically(hexFile, hex); !written) {
        return written;
    }
    if (options.unlock) {
        if (auto unlocked = unlock(options); !unlocked) {
            return unlocked;
        }
    }
    if (auto written = write(hexFile, options); !written) {
        return written;
    }
    return verify(firmware, folder.path, options);
}

Result<Probe> chooseProbe(const std::vector<Probe>& probes, const std::string& wanted, const std::string& target) {
    std::vector<Probe> fitting;
    std::ranges::copy_if(probes, std::back_inserter(fitting), [&](const Probe& probe) {
        return wanted.empty() ? probe.target.empty() || probe.target == target : contains(probe.uniqueId, wanted);
    });
    if (fitting.size() == 1) {
        return fitting.front();
    }
    const std::string hint = "name one with --probe; a part of its unique id will do";
    if (fitting.size() > 1) {
        // The whole id of one may be a part of another's.
        const auto exact = std::ranges::find(fitting, wanted, &Probe::uniqueId);
        if (exact != fitting.end()) {
            return *exact;
        }
        return support::fail(ErrorKind::Usage, "several probes are attached:" + listed(fitting), hint);
    }
    if (probes.empty()) {
        return support::fail(ErrorKind::Board, "pyOCD finds no debug probe",
                             "plug the board in by its debug USB socket, with a cable that carries data");
    }
    if (!wanted.empty()) {
        return support::fail(ErrorKind::Usage, fmt::format("no probe {} is attached:{}", wanted, listed(probes)), hint);
    }
    return support::fail(
        ErrorKind::Usage,
        fmt::format("no probe that is attached belongs to a board with an {}:{}", target, listed(probes)),
        "name its board with --board or, if pyOCD takes the board for another one, the probe with --probe");
}

} // namespace rbpf::flash
