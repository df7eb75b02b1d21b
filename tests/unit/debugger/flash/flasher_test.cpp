// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's real pyOCD flashes a chip that tests/fakes/pyocd_probe plays; a script plays the current generation and
// misbehaves.
#include <algorithm>
#include <catch2/catch.hpp>

#include "debugger/flash/flasher.hpp"
#include "sdk/support/files.hpp"
#include "tests/unit/debugger/flash/surroundings.hpp"

using namespace rbpf::flash;
using namespace std::chrono_literals;
using rbpf::support::ErrorKind;
using rbpf::support::readBytes;
using rbpf::test::Surroundings;

namespace {

constexpr const char* kProbe = "99000051";
const Pyocd kTools{Generation::Tools, "0.13.1"};
const Pyocd kCurrent{Generation::Subcommands, "0.45.0"};

/// Six pages and a bit, and four bytes of UICR.
Firmware sample() {
    Firmware firmware{
        "sample.hex", {{0, {0x00, 0x40, 0x00, 0x20, 0xc1, 0, 0, 0}}, {0x10001014, {0xff, 0xff, 0, 0}}}, {}};
    for (int i = 0; i < 6300; ++i) {
        firmware.parts[0].bytes.push_back(static_cast<std::uint8_t>(i * 7));
    }
    return firmware;
}

struct Rig {
    Surroundings here;
    Flasher flasher;
    FlashOptions options;
    std::vector<std::pair<Phase, double>> progress;

    Rig(Surroundings::Kind kind, const std::string& trouble, const std::string& target = "nrf51")
        : here(kind), flasher(kind == Surroundings::kReal ? kTools : kCurrent, {kProbe, target}) {
        here.set("RBPF_FAKE_PROBES", kProbe);
        if (!trouble.empty()) {
            here.set("RBPF_FAKE_TROUBLE", trouble);
        }
        options.progress = [this](Phase phase, double fraction) { progress.emplace_back(phase, fraction); };
    }
    [[nodiscard]] auto flash() { return flasher.flash(sample(), options); }
    [[nodiscard]] std::string failure() {
        const auto done = flash();
        INFO(flasher.transcript());
        REQUIRE_FALSE(done);
        return done.error().message;
    }
    [[nodiscard]] std::vector<std::uint8_t> chip() { return readBytes(here.folder / "chip.bin").value(); }
    [[nodiscard]] bool wasIn(Phase phase) const {
        return std::ranges::any_of(progress, [&](const auto& one) { return one.first == phase; });
    }
};

constexpr std::size_t kUicrAt = 256 * 1024;

} // namespace

TEST_CASE("the real pyOCD writes exactly the firmware and erased bytes, and it is read back") {
    Rig rig(Surroundings::kReal, "");
    const auto done = rig.flash();
    INFO(rig.flasher.transcript());
    REQUIRE(done);
    auto expected = sample().parts[0].bytes;
    expected.resize(kUicrAt, 0xff);
    auto uicr = std::vector<std::uint8_t>(0x400, 0xff);
    uicr[0x16] = uicr[0x17] = 0;
    expected.insert(expected.end(), uicr.begin(), uicr.end());
    CHECK(rig.chip() == expected);
    CHECK(rig.wasIn(Phase::Writing));
    CHECK(rig.wasIn(Phase::Verifying));
    CHECK(rig.flasher.transcript().find("$ pyocd-flashtool -b 99000051 -t nrf51") == 0);
    // Once more: nothing differs, and that is fine too.
    REQUIRE(rig.flash());
    CHECK(rig.chip() == expected);
}

TEST_CASE("the real pyOCD's failures are told with the state of the chip") {
    const auto failure = [](const char* trouble) { return Rig(Surroundings::kReal, trouble).failure(); };
    CHECK(failure("busy") ==
          "the probe 99000051 is busy: another program uses it; nothing was written: the chip is as it was");
    CHECK(failure("forbidden") ==
          "no permission to use the probe 99000051; nothing was written: the chip is as it was");
    CHECK(failure("worn").starts_with("the chip's flash could not be written (program_page(0x0) error: 1); the chip is "
                                      "half written"));
    CHECK(failure("flips") == "the chip has e9 at 0x00000407 where f9 was written");
    const std::string locked = failure("locked");
    CHECK(locked.find("finds no nrf51 that answers") != std::string::npos);
    CHECK(locked.ends_with("nothing was written: the chip is as it was"));
    const std::string unplugged = failure("unplugged");
    CHECK(unplugged.find("does not answer any more") != std::string::npos);
    CHECK(unplugged.ends_with("the chip is half written and will not start until it is flashed again"));
}

TEST_CASE("a chip with another core is found out before it is written") {
    Rig rig(Surroundings::kReal, "", "nrf52840");
    CHECK(rig.failure() ==
          "the probe 99000051 belongs to another chip: it has a Cortex-M0, an nRF52840 has a Cortex-M4; "
          "nothing was written: the chip is as it was");
    CHECK_FALSE(std::filesystem::exists(rig.here.folder / "chip.bin"));
}

TEST_CASE("the real pyOCD's unlocking erases everything first") {
    Rig rig(Surroundings::kReal, "");
    REQUIRE(rbpf::support::writeAtomically(rig.here.folder / "chip.bin", std::string(kUicrAt + 0x400, '\0')));
    rig.options.unlock = true;
    const auto done = rig.flash();
    INFO(rig.flasher.transcript());
    REQUIRE(done);
    CHECK(rig.chip()[0x3ffff] == 0xff);
    CHECK(rig.wasIn(Phase::Unlocking));
}

TEST_CASE("the current generation flashes, reads back and unlocks") {
    Rig rig(Surroundings::kScript, "");
    rig.options.unlock = true;
    Firmware firmware = sample();
    firmware.parts.pop_back(); // the script has no UICR
    const auto done = rig.flasher.flash(firmware, rig.options);
    INFO(rig.flasher.transcript());
    REQUIRE(done);
    for (const Phase phase : {Phase::Unlocking, Phase::Connecting, Phase::Writing, Phase::Verifying}) {
        CHECK(rig.wasIn(phase));
    }
    const auto chip = rig.chip();
    CHECK(std::equal(firmware.parts[0].bytes.begin(), firmware.parts[0].bytes.end(), chip.begin()));
}

TEST_CASE("a pyOCD that misbehaves is not believed") {
    const auto failure = [](const char* trouble) { return Rig(Surroundings::kScript, trouble).failure(); };
    CHECK(failure("dies") == "pyOCD was ended by signal 9: Programming...; the chip is half written and will not start "
                             "until it is flashed again");
    CHECK(failure("lies").starts_with("the chip's flash could not be written"));
    CHECK(failure("idle").find("no flash (Failed to add data chunk") != std::string::npos);
    CHECK(failure("crashes").starts_with("pyOCD failed: RuntimeError: the probe went mad; nothing was written"));
    CHECK(failure("garbage").find("pyOCD ended without writing the firmware") != std::string::npos);
}

TEST_CASE("a pyOCD that hangs is ended, even a deaf one, and the chip's state is told") {
    for (const char* trouble : {"hangs", "deaf"}) {
        Rig rig(Surroundings::kScript, trouble);
        rig.options.silence = 1500ms;
        rig.options.grace = 100ms;
        CHECK(rig.failure().find("pyOCD got stuck and was ended; the chip is half written") == 0);
    }
}

TEST_CASE("a cancelled flash ends pyOCD and says what the chip is left with") {
    Rig rig(Surroundings::kScript, "hangs");
    std::stop_source stop;
    rig.options.stop = stop.get_token();
    rig.options.progress = [&](Phase phase, double fraction) {
        if (phase == Phase::Writing && fraction > 0.2) {
            stop.request_stop();
        }
    };
    const auto done = rig.flash();
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::Cancelled);
    CHECK(done.error().message == "cancelled; the chip is half written and will not start until it is flashed again");
}

TEST_CASE("the probe is the only one, the one that fits the chip, or the one that is named") {
    const Probe microbit{"9900aa", "ARM DAPLink", "BBC micro:bit", "nrf51"},
        other{"9900bb", "ARM DAPLink", "K64F", "k64f"}, plain{"77", "Keil ULINK", "", ""};
    CHECK(chooseProbe({microbit}, "", "nrf51")->uniqueId == "9900aa");
    CHECK(chooseProbe({plain}, "", "nrf51")->uniqueId == "77");
    CHECK(chooseProbe({microbit, other}, "", "nrf51")->uniqueId == "9900aa");
    CHECK(chooseProbe({microbit, other}, "BB", "nrf51")->uniqueId == "9900bb");
    const auto none = chooseProbe({}, "", "nrf51");
    CHECK(none.error().message == "pyOCD finds no debug probe");
    CHECK(none.error().kind == ErrorKind::Board);
    const auto several = chooseProbe({microbit, plain}, "", "nrf51");
    CHECK(several.error().message ==
          "several probes are attached:\n  9900aa  ARM DAPLink (BBC micro:bit)\n  77  Keil ULINK");
    CHECK(several.error().hint.find("--probe") != std::string::npos);
    CHECK(chooseProbe({microbit, other}, "9900", "nrf51").error().kind == ErrorKind::Usage);
    CHECK(chooseProbe({microbit}, "zz", "nrf51").error().message.starts_with("no probe zz is attached:"));
    CHECK(
        chooseProbe({other}, "", "nrf51").error().message.starts_with("no probe that is attached belongs to a board"));
}
