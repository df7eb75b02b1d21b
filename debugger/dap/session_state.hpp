// SPDX-License-Identifier: GPL-3.0-or-later
// A frame of the session as debug information wants to see it.
#pragma once

#include <string>

#include "debugger/dwarf/state.hpp"
#include "debugger/session/session.hpp"

namespace rbpf::dap {

class SessionState : public dwarf::State {
public:
    SessionState(session::Session& session, int level) : session_(session), level_(level) {}

    [[nodiscard]] std::optional<std::uint64_t> readRegister(unsigned number) const override;
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> readMemory(std::uint32_t address,
                                                                      std::uint32_t size) const override;
    bool writeRegister(unsigned number, std::uint64_t value) override;
    bool writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

    /// What the session said when the last write failed.
    [[nodiscard]] const std::string& refusal() const { return refusal_; }

private:
    bool done(const support::Result<void>& result);

    session::Session& session_;
    int level_;
    std::string refusal_;
};

} // namespace rbpf::dap
