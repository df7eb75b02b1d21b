// SPDX-License-Identifier: GPL-3.0-or-later
// Any text as an expression: parsing, evaluating and completing it end.
#include <string_view>

#include "debugger/dwarf/expression.hpp"
#include "debugger/dwarf/render.hpp"

namespace {

class Zeroes : public rbpf::dwarf::State {
public:
    std::optional<std::uint64_t> readRegister(unsigned) const override { return 0x10000100; }
    std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t, std::uint32_t size) const override {
        return std::vector<std::uint8_t>(size);
    }
    bool writeRegister(unsigned, std::uint64_t) override { return true; }
    bool writeMemory(std::uint32_t, std::span<const std::uint8_t>) override { return true; }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const rbpf::dwarf::DebugInfo info;
    Zeroes state;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const rbpf::dwarf::ExpressionScope scope{info, 0, 0, state};
    if (const auto value = rbpf::dwarf::evaluate(text, scope)) {
        static_cast<void>(render(*value, state));
    }
    static_cast<void>(rbpf::dwarf::complete(text, size, scope));
    return 0;
}
