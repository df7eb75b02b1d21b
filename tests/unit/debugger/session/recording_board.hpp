// SPDX-License-Identifier: GPL-3.0-or-later
// A board in miniature: the real VM and the real bindings, executing one instruction at a time, every state kept and
// everything recorded as the agent tells it. Written apart from History on purpose: each checks the other.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "debugger/session/history.hpp"
#include "rbpf_bindings/bindings.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "tests/fakes/fake_port.hpp"

namespace rbpf::session::test {

class RecordingBoard final : public bindings::Recorder {
public:
    explicit RecordingBoard(std::vector<std::uint8_t> image);
    RecordingBoard(const RecordingBoard&) = delete;

    /// One run: recorded, and with `keepStates` its state before every instruction and at its end.
    struct Run {
        RecordedRun record;
        std::vector<MachineState> states;
        std::string log;
    };
    struct Request {
        std::uint32_t entry = 0;                ///< number of the entry
        std::vector<std::uint8_t> context = {}; ///< granted writable; empty: none
        std::uint64_t budget = 1000000;
        bool keepStates = true;
        std::vector<RecordedEdit> edits = {}; ///< made at their steps
    };
    Run run(const Request& request);

    fakes::FakePort port;

    void touched(uint32_t address, uint32_t size, uint32_t mode) override;
    int called(uint32_t id, int status) override;

private:
    [[nodiscard]] MachineState state() const;

    std::vector<std::uint8_t> bytes_;
    rbpf_image_t image_{};
    rbpf_container_t container_{};
    std::vector<std::uint64_t> stack_, ram_;
    std::vector<std::uint8_t> context_;
    std::array<bindings::Store::Entry, 16> entries_;
    bindings::Store store_{entries_.data(), 1, 8};
    bindings::Run scope_;
    std::vector<RecordedWrite> writes_;
    RecordedRun* record_ = nullptr;
    std::string log_;
    bool first_ = true;
};

/// A history of these runs.
History historyOf(const std::vector<std::uint8_t>& image, const std::vector<RecordingBoard::Run>& runs);

/// "" or where they differ, in words.
std::string difference(const MachineState& a, const MachineState& b);

} // namespace rbpf::session::test
