// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dap/session_state.hpp"

#include <fmt/format.h>

namespace rbpf::dap {

namespace {
std::string registerName(unsigned number) {
    return number == 11 ? "$pc" : fmt::format("$r{}", number);
}
} // namespace

std::optional<std::uint64_t> SessionState::readRegister(unsigned number) const {
    if (level_ > 0) {
        // Only the session knows which registers the callees of this frame have saved.
        const auto value = session_.evaluate(registerName(number), level_, false);
        return value ? dwarf::numberOf(*value) : std::nullopt;
    }
    const auto all = session_.registers();
    return all && number < all->size() ? std::optional((*all)[number]) : std::nullopt;
}

std::optional<std::vector<std::uint8_t>> SessionState::readMemory(std::uint32_t address, std::uint32_t size) const {
    auto bytes = session_.readMemory(address, size);
    return bytes && bytes->size() == size ? std::optional(std::move(*bytes)) : std::nullopt;
}

bool SessionState::writeRegister(unsigned number, std::uint64_t value) {
    if (level_ > 0) {
        const auto set = session_.evaluate(fmt::format("{} = {:#x}", registerName(number), value), level_, true);
        return done(set ? support::Result<void>() : tl::unexpected(set.error()));
    }
    return done(session_.setRegister(static_cast<int>(number), value));
}

bool SessionState::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    return done(session_.writeMemory(address, bytes));
}

bool SessionState::done(const support::Result<void>& result) {
    refusal_ = result ? "" : result.error().message;
    return result.has_value();
}

} // namespace rbpf::dap
