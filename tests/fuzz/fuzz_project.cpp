// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf.json: any text is a configuration or a list of mistakes, each with a place inside of the text.
#include <algorithm>
#include <string_view>

#include "sdk/project/config.hpp"
#include "tests/fuzz/input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    const std::vector<char> text(data, data + size); // a block of exactly this length, without a NUL
    const std::string_view view(text.data(), text.size());
    const auto parsed = rbpf::project::parseConfig(view, "rbpf.json");
    const auto lines = static_cast<unsigned>(1 + std::count(text.begin(), text.end(), '\n'));
    bool errors = false;
    for (const auto& diagnostic : parsed.diagnostics) {
        errors = errors || diagnostic.severity == rbpf::support::Severity::Error;
        FUZZ_REQUIRE(!diagnostic.message.empty());
        FUZZ_REQUIRE(diagnostic.range.file == "rbpf.json");
        FUZZ_REQUIRE(diagnostic.range.line <= lines);
    }
    FUZZ_REQUIRE(parsed.config.has_value() != errors);
    return 0;
}
