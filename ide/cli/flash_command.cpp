// SPDX-License-Identifier: GPL-3.0-or-later
// flash: firmware into a board through its debug probe, until it answers.
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "debugger/flash/flasher.hpp"
#include "debugger/flash/missing_probe.hpp"
#include "ide/cli/flash_answer.hpp"
#include "ide/cli/flash_plan.hpp"
#include "ide/cli/interrupt.hpp"
#include "ide/cli/progress.hpp"
#include "ide/cli/registry.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;

constexpr std::chrono::seconds kAnswerDeadline{15};

struct Options {
    FlashWish wish;
    bool unlock = false, verbose = false, listProbes = false, listTargets = false;
};

const char* words(flash::Phase phase) {
    switch (phase) {
    case flash::Phase::Unlocking:
        return "erasing and unlocking the chip";
    case flash::Phase::Connecting:
        return "connecting to the chip";
    case flash::Phase::Erasing:
        return "erasing";
    case flash::Phase::Writing:
        return "writing";
    case flash::Phase::Verifying:
        break;
    }
    return "reading back";
}

/// A bar for each phase; on a terminal only.
class Bars {
public:
    Bars(const Console& console, std::size_t bytes) : console_(console), bytes_(bytes) {}

    void show(flash::Phase phase, double fraction) {
        if (!bar_ || phase != phase_) {
            bar_.reset();
            bar_.emplace(console_, words(phase));
            phase_ = phase;
        }
        bar_->show(static_cast<std::size_t>(fraction * static_cast<double>(bytes_)), bytes_);
    }
    void clear() { bar_.reset(); }

private:
    const Console& console_;
    std::size_t bytes_;
    std::optional<Progress> bar_;
    flash::Phase phase_ = flash::Phase::Connecting;
};

int listProbes(const Console& console, const flash::Pyocd& pyocd, std::stop_token stop) {
    const auto probes = flash::listProbes(pyocd, std::move(stop));
    if (!probes) {
        return console.fail(probes.error());
    }
    if (console.json) {
        nlohmann::json list = nlohmann::json::array();
        for (const flash::Probe& probe : *probes) {
            list.push_back({{"probe", probe.uniqueId},
                            {"description", probe.description},
                            {"board", probe.board},
                            {"target", probe.target}});
        }
        console.printJson({{"pyocd", pyocd.version}, {"probes", list}});
        return kFine;
    }
    if (probes->empty()) {
        const auto reason = flash::explainMissing(pyocd, *probes, usb::boards(), "", flash::mayOpen);
        console.note(reason ? reason->message + "; " + reason->hint
                            : fmt::format("pyOCD {} finds no debug probe", pyocd.version));
    }
    for (const flash::Probe& probe : *probes) {
        console.print(fmt::format("{}  {}{}{}\n", probe.uniqueId, probe.description,
                                  probe.board.empty() ? "" : ", " + probe.board,
                                  probe.target.empty() ? "" : fmt::format(" ({})", probe.target)));
    }
    return kFine;
}

int listTargets(const Console& console, const flash::Pyocd& pyocd, std::stop_token stop) {
    const auto targets = flash::listTargets(pyocd, std::move(stop));
    if (!targets) {
        return console.fail(targets.error());
    }
    if (console.json) {
        console.printJson({{"pyocd", pyocd.version}, {"targets", *targets}});
        return kFine;
    }
    for (const std::string& target : *targets) {
        const flash::Chip* chip = flash::findChip(target);
        console.print(chip != nullptr ? fmt::format("{}  {}\n", target, chip->name) : target + "\n");
    }
    return kFine;
}

Result<flash::Firmware> readChecked(const FlashPlan& plan) {
    auto firmware = flash::readFirmware(plan.firmware);
    const flash::Chip* chip = flash::findChip(plan.target);
    if (firmware && chip != nullptr) {
        if (const auto checked = flash::checkFor(*firmware, *chip); !checked) {
            return tl::unexpected(checked.error());
        }
    }
    return firmware;
}

Result<flash::Probe> findProbe(const flash::Pyocd& pyocd, const FlashPlan& plan, std::stop_token stop) {
    const auto probes = flash::listProbes(pyocd, std::move(stop));
    if (!probes) {
        return tl::unexpected(probes.error());
    }
    auto chosen = flash::chooseProbe(*probes, plan.probe, plan.target);
    if (!chosen && (probes->empty() || !plan.probe.empty())) {
        if (auto reason = flash::explainMissing(pyocd, *probes, usb::boards(), plan.probe, flash::mayOpen)) {
            return tl::unexpected(std::move(*reason));
        }
    }
    return chosen;
}

/// The serial line of the board that the probe sits on, or "".
std::string portOf(const std::string& probe) {
    for (const usb::Board& board : usb::boards()) {
        if (board.probe == probe) {
            return board.tty;
        }
    }
    return "";
}

struct Outcome {
    const FlashPlan& plan;
    const flash::Pyocd& pyocd;
    std::string probe, port;
    std::size_t bytes;
    std::chrono::milliseconds took;
    std::optional<link::BoardInfo> answer;
};

void report(const Console& console, const Outcome& done) {
    if (console.json) {
        const auto orNull = [](const std::string& text) {
            return text.empty() ? nlohmann::json() : nlohmann::json(text);
        };
        nlohmann::json answer;
        if (done.answer) {
            answer = {{"firmware", done.answer->firmware}, {"board", done.answer->board}, {"port", done.port}};
        }
        console.printJson({{"board", orNull(done.plan.board)},
                           {"target", done.plan.target},
                           {"firmware", done.plan.firmware.string()},
                           {"probe", done.probe},
                           {"pyocd", done.pyocd.version},
                           {"bytes", done.bytes},
                           {"verified", true},
                           {"ms", done.took.count()},
                           {"answer", answer}});
        return;
    }
    console.print(fmt::format("flashed {} ({} B) into the {} and read it back, in {:.1f} s\n",
                              done.plan.firmware.filename().string(), done.bytes,
                              done.plan.board.empty() ? done.plan.target : done.plan.board,
                              static_cast<double>(done.took.count()) / 1000));
    if (done.answer) {
        console.print(fmt::format("it answers on {}: firmware {} for {}\n", done.port, done.answer->firmware,
                                  done.answer->board));
    }
}

/// Waits for the new firmware's first answer. False after an Error that was told.
bool greet(const Console& console, Outcome& done, std::stop_token stop) {
    const auto findPort = [&] {
        std::string port = done.plan.port.empty() ? portOf(done.probe) : done.plan.port;
        if (!port.empty()) {
            done.port = port;
        }
        return port;
    };
    if (findPort().empty() && done.plan.port.empty()) {
        console.note("the board's serial port is not known, so it was not asked whether it runs; name it with --port");
        return true;
    }
    auto info = waitForAnswer(findPort, kAnswerDeadline, std::move(stop));
    if (info) {
        done.answer = std::move(*info);
        return true;
    }
    if (!done.plan.isOurs) {
        console.note(fmt::format("{} does not answer as our firmware does", done.port));
        return true;
    }
    support::Error error = info.error();
    error.message = fmt::format("the firmware is written and read back, but the board does not answer on {}: {}",
                                done.port, error.message);
    error.hint = "press its reset button and ask it with `rbpf boards`";
    console.fail(error);
    return false;
}

int flashFirmware(const Console& console, const Options& options, const flash::Pyocd& pyocd, const FlashPlan& plan,
                  const flash::Firmware& firmware, std::stop_token stop) {
    const auto probe = findProbe(pyocd, plan, stop);
    if (!probe) {
        return console.fail(probe.error());
    }
    const auto started = std::chrono::steady_clock::now();
    flash::Flasher flasher(pyocd, {probe->uniqueId, plan.target});
    Bars bars(console, firmware.size());
    flash::FlashOptions running;
    running.unlock = options.unlock;
    running.stop = stop;
    running.progress = [&](flash::Phase phase, double fraction) { bars.show(phase, fraction); };
    const auto flashed = flasher.flash(firmware, running);
    bars.clear();
    if (options.verbose) {
        console.note(flasher.transcript());
    }
    if (!flashed) {
        return console.fail(flashed.error());
    }
    Outcome done{plan,
                 pyocd,
                 probe->uniqueId,
                 "",
                 firmware.size(),
                 std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started),
                 std::nullopt};
    if (!greet(console, done, std::move(stop))) {
        return kBoardFault;
    }
    report(console, done);
    return kFine;
}

int run(Console& console, const Options& options) {
    const Interrupt interrupt;
    const bool isListing = options.listProbes || options.listTargets;
    // What can be wrong without pyOCD is said first.
    const auto plan = isListing ? FlashPlan{} : planFlash(options.wish);
    if (!plan) {
        return console.fail(plan.error());
    }
    const auto firmware = isListing ? flash::Firmware{} : readChecked(*plan);
    if (!firmware) {
        return console.fail(firmware.error());
    }
    const auto pyocd = flash::findPyocd(interrupt.token());
    if (!pyocd) {
        return console.fail(pyocd.error());
    }
    if (options.listProbes) {
        return listProbes(console, *pyocd, interrupt.token());
    }
    if (options.listTargets) {
        return listTargets(console, *pyocd, interrupt.token());
    }
    return flashFirmware(console, options, *pyocd, *plan, *firmware, interrupt.token());
}

} // namespace

void addFlashCommand(Registry& registry) {
    const auto options = std::make_shared<Options>();
    FlashWish& wish = options->wish;
    CLI::App* command = registry.add(
        "flash", "Write firmware into a board through its debug probe, read it back, and wait for the board's answer",
        "rbpf flash --board microbit                         our firmware into a micro:bit\n"
        "  rbpf flash --target nrf52840 --probe 6834 riot.elf   any firmware into any chip that pyOCD knows\n"
        "  rbpf flash --probes                                  what is plugged in\n"
        "Scripts and values on the board stay, unless the new firmware keeps them elsewhere; --unlock erases them.");
    command->add_option("firmware", wish.firmware, "An ELF or Intel HEX file; our own for the board if left out");
    command->add_option("--board", wish.board,
                        "A kind of board, or one that `rbpf boards` lists; the only one if left out");
    command->add_option("--probe", wish.probe,
                        "The debug probe's unique id or a part of it; the one that fits if left out");
    command->add_option("--target", wish.target, "The chip as pyOCD calls it; the board's if left out");
    command->add_option("--port", wish.port, "The serial port on which the board answers; that of its USB if left out");
    command->add_flag("--unlock", options->unlock, "Erase everything on the chip first, read-back protection included");
    command->add_flag("--verbose", options->verbose, "Show all that pyOCD said");
    command->add_flag("--probes", options->listProbes, "List the debug probes that pyOCD finds");
    command->add_flag("--targets", options->listTargets, "List the chips that pyOCD knows");
    registry.json(command);
    registry.run(command, [options](Console& console) { return run(console, *options); });
}

} // namespace rbpf::cli
