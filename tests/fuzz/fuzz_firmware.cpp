// SPDX-License-Identifier: GPL-3.0-or-later
// Firmware files, ELF or Intel HEX: whatever is read is tidy, and written as HEX reads the same.
#include "debugger/flash/firmware.hpp"
#include "tests/fuzz/input.hpp"

using namespace rbpf::flash;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto firmware = size > 0 && *data == ':' ? detail::readIntelHex("f", {reinterpret_cast<const char*>(data), size})
                                             : detail::readElf("f", {data, size});
    if (!firmware || !detail::tidy(*firmware)) {
        return 0;
    }
    std::uint64_t end = 0;
    for (const Part& part : firmware->parts) {
        FUZZ_REQUIRE(!part.bytes.empty() && part.address >= end);
        end = part.end();
    }
    for (const Chip& chip : chips()) {
        if (checkFor(*firmware, chip)) {
            FUZZ_REQUIRE(wholeSectors(firmware->parts, chip).size() == firmware->parts.size());
        }
    }
    FUZZ_REQUIRE(end <= std::uint64_t{1} << 32);
    auto again = detail::readIntelHex("f", toIntelHex(firmware->parts));
    FUZZ_REQUIRE(again && detail::tidy(*again) && again->parts.size() == firmware->parts.size());
    for (std::size_t i = 0; i < again->parts.size(); ++i) {
        FUZZ_REQUIRE(again->parts[i].address == firmware->parts[i].address &&
                     again->parts[i].bytes == firmware->parts[i].bytes);
    }
    return 0;
}
