// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a debug ELF: opening ends, and everything that was read can be shown.
#include "debugger/dwarf/debug_info.hpp"
#include "debugger/dwarf/render.hpp"

namespace {

class NoState : public rbpf::dwarf::State {
public:
    std::optional<std::uint64_t> readRegister(unsigned) const override { return 0x10000100; }
    std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t, std::uint32_t size) const override {
        return std::vector<std::uint8_t>(size);
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto info = rbpf::dwarf::DebugInfo::open({data, size});
    if (!info) {
        return 0;
    }
    const NoState state;
    for (const auto& function : info->functions()) {
        const auto frames = info->framesAt(function.range.low);
        for (std::size_t i = 0; i < frames.size(); ++i) {
            for (const auto& variable : info->variablesAt(function.range.low, i)) {
                static_cast<void>(render(info->read(variable, function.range.low, state), state));
            }
        }
    }
    for (const auto& variable : info->globals()) {
        static_cast<void>(render(info->read(variable, 0, state), state));
    }
    return 0;
}
