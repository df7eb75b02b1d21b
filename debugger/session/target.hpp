// SPDX-License-Identifier: GPL-3.0-or-later
// What inspection looks at: a container halted on a board, or a moment of its history. Nothing above knows which.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "debugger/rsp/rsp_client.hpp"
#include "debugger/session/history.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::session {

class Target {
public:
    virtual ~Target() = default;
    /// r0 … r10, pc in bytes.
    [[nodiscard]] virtual support::Result<rsp::Registers> registers() = 0;
    /// Active local calls, innermost first.
    [[nodiscard]] virtual support::Result<std::vector<MachineState::Frame>> calls() = 0;
    [[nodiscard]] virtual support::Result<std::vector<rsp::RegionInfo>> regions() = 0;
    [[nodiscard]] virtual support::Result<std::vector<std::uint8_t>> read(std::uint32_t address,
                                                                          std::uint32_t size) = 0;
    virtual support::Result<void> setRegister(int number, std::uint64_t value) = 0;
    virtual support::Result<void> write(std::uint32_t address, std::span<const std::uint8_t> bytes) = 0;
};

/// A halted container. Everything is fetched once for a stop; memory in pieces as large as one packet.
class LiveTarget : public Target {
public:
    /// `mayHaveCalls`: false if the text has no local calls, so that the board need not be asked.
    LiveTarget(std::shared_ptr<rsp::RspClient> client, const rsp::Registers& registers, bool mayHaveCalls)
        : client_(std::move(client)), registers_(registers), mayHaveCalls_(mayHaveCalls) {}

    [[nodiscard]] support::Result<rsp::Registers> registers() override { return registers_; }
    [[nodiscard]] support::Result<std::vector<MachineState::Frame>> calls() override;
    [[nodiscard]] support::Result<std::vector<rsp::RegionInfo>> regions() override;
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> read(std::uint32_t address, std::uint32_t size) override;
    support::Result<void> setRegister(int number, std::uint64_t value) override;
    support::Result<void> write(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

private:
    std::shared_ptr<rsp::RspClient> client_;
    rsp::Registers registers_;
    bool mayHaveCalls_;
    std::optional<std::vector<MachineState::Frame>> calls_;
    std::optional<std::vector<rsp::RegionInfo>> regions_;
    std::map<std::uint32_t, std::vector<std::uint8_t>> pieces_; ///< by first address
};

/// A moment of history; it cannot be changed.
class PastTarget : public Target {
public:
    explicit PastTarget(MachineState state) : state_(std::move(state)) {}

    [[nodiscard]] support::Result<rsp::Registers> registers() override;
    [[nodiscard]] support::Result<std::vector<MachineState::Frame>> calls() override { return state_.frames; }
    [[nodiscard]] support::Result<std::vector<rsp::RegionInfo>> regions() override;
    [[nodiscard]] support::Result<std::vector<std::uint8_t>> read(std::uint32_t address, std::uint32_t size) override;
    support::Result<void> setRegister(int number, std::uint64_t value) override;
    support::Result<void> write(std::uint32_t address, std::span<const std::uint8_t> bytes) override;

private:
    MachineState state_;
};

} // namespace rbpf::session
