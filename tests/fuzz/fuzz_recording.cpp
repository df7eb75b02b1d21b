// SPDX-License-Identifier: GPL-3.0-or-later
// .rbpfrec: any bytes are a recording or an Error with a message; what was read is written and read back the same, and
// its runs can be executed again or say why not.
#include <algorithm>

#include "debugger/session/recording.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    using namespace rbpf::session;
    const std::vector<uint8_t> bytes(data, data + size);
    const auto recording = decodeRecording(bytes);
    if (!recording) {
        FUZZ_REQUIRE(!recording.error().message.empty());
        return 0;
    }
    const auto encoded = encodeRecording(*recording);
    const auto again = decodeRecording(encoded);
    FUZZ_REQUIRE(again);
    FUZZ_REQUIRE(encodeRecording(*again) == encoded);
    auto loaded = openRecording(encoded);
    if (!loaded) {
        FUZZ_REQUIRE(!loaded.error().message.empty());
        return 0;
    }
    // Executing what they claim would take seconds.
    const auto& known = again->known;
    const bool isLong = std::ranges::any_of(
        again->runs, [](const RecordedRun& run) { return run.end && run.end->instructions > 10000; });
    if (isLong || std::ranges::any_of(known, [](std::uint64_t steps) { return steps > 10000; })) {
        return 0;
    }
    for (std::uint32_t run = 1; run <= loaded->history.runs().size(); ++run) {
        const auto step = std::min<std::uint64_t>(loaded->history.steps(run), 1000);
        const auto state = loaded->history.stateAt(run, step);
        FUZZ_REQUIRE(state || !state.error().message.empty());
    }
    return 0;
}
