// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/flash/pyocd_words.hpp"
#include "tests/unit/debugger/flash/captured.hpp"

using namespace rbpf::flash;
using rbpf::support::ErrorKind;
using rbpf::test::said;

namespace {

const Pyocd kPyocd{Generation::Subcommands, "0.45.0"};
const Chosen kChosen{"99000051", "nrf51"};

std::string causeOf(const std::string& name) {
    const auto cause = knownCause(said(name), kPyocd, kChosen);
    return cause ? cause->message : "";
}

} // namespace

TEST_CASE("what pyOCD says is turned into a cause and a way out") {
    CHECK(causeOf("tools_flash_busy") == "the probe 99000051 is busy: another program uses it");
    CHECK(causeOf("tools_flash_forbidden") == "no permission to use the probe 99000051");
    CHECK(causeOf("tools_no_probe") == "the probe 99000051 is not there any more");
    CHECK(causeOf("flash_no_probe") == "the probe 99000051 is not there any more");
    CHECK(causeOf("tools_several") == "several probes match 99000051");
    CHECK(causeOf("flash_worn") == "the chip's flash could not be written (flash program page failure (address "
                                   "0x00000000; result code 0x1))");
    CHECK(causeOf("tools_flash_worn") == "the chip's flash could not be written (program_page(0x0) error: 1)");
    CHECK(causeOf("flash_unplugged").find("does not answer any more ([Errno 19] No such device") != std::string::npos);
    CHECK(causeOf("flash_locked") == "the probe 99000051 finds no nrf51 that answers (No cores were discovered!)");
    CHECK(causeOf("flash_outside")
              .find("no flash (Failed to add data chunk: no memory region defined for address "
                    "0x00050000)") != std::string::npos);
    const auto locked = knownCause(said("flash_locked"), kPyocd, kChosen);
    REQUIRE(locked);
    CHECK(locked->kind == ErrorKind::Board);
    CHECK(locked->hint.find("--unlock` erases") != std::string::npos);
}

TEST_CASE("an unknown chip is a mistake of the call, and names the release that does not know it") {
    const auto cause = knownCause(said("tools_unknown_target"), {Generation::Tools, "0.13.1"}, {"9900", "nrf53"});
    REQUIRE(cause);
    CHECK(cause->kind == ErrorKind::Usage);
    CHECK(cause->message == "pyOCD 0.13.1 does not know the chip nrf53");
}

TEST_CASE("a run that went well has no cause") {
    CHECK(causeOf("flash").empty());
    CHECK(causeOf("tools_flash").empty());
    CHECK(errorLines(said("flash")).empty());
    CHECK(errorLines(said("tools_flash")).empty());
}

TEST_CASE("errors are found where the exit code is 0") {
    CHECK(errorLines(said("commander_locked")).find("No cores were discovered!") != std::string::npos);
    CHECK(errorLines("INFO:root:fine\nERROR:root:program_page(0x0) error: 1\n") ==
          "ERROR:root:program_page(0x0) error: 1\n");
}

TEST_CASE("the useful line of a traceback is its exception, else the error, else the last line") {
    CHECK(usefulLine(said("tools_flash_busy")) == "ProbeError: Unable to open device");
    CHECK(usefulLine(said("flash_worn")) == "flash program page failure (address 0x00000000; result code 0x1)");
    CHECK(usefulLine("one\ntwo\n\n") == "two");
    CHECK(usefulLine("word") == "word");
    CHECK(usefulLine("") == "it said nothing");
    CHECK(usefulLine(std::string(1000, 'x')).size() < 310);
}
