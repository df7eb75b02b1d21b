// SPDX-License-Identifier: GPL-3.0-or-later
// One image executed with recorded answers, and everything that others could see of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "debugger/session/history_machine.hpp"
#include "rbpf_bindings/bindings.hpp"

namespace rbpf::session {

/// A write of a call, found again by the argument that pointed to it.
struct PlacedWrite {
    int argument = -1; ///< 0 … 4, or -1: `offset` is an address in memory that the firmware granted
    std::uint32_t offset = 0;
    std::vector<std::uint8_t> bytes;
};

struct Answer {
    std::uint64_t result = 0;
    std::vector<PlacedWrite> writes;
};
using Answers = std::map<std::uint32_t, std::vector<Answer>>; ///< by binding, in call order

struct Outcome {
    rbpf_halt_t halt = RBPF_HALT_EXITED;
    int status = 0;
    std::uint64_t result = 0, instructions = 0;
    std::vector<std::string> calls; ///< "bpf_store_global(3, 7)"; without those that only compute
    std::vector<std::pair<std::uint32_t, std::vector<std::uint8_t>>> memory; ///< granted and writable, by region
    std::string log;
    std::map<std::uint32_t, std::size_t> missing; ///< calls of a binding for which there was no answer left
    Answers answers;                              ///< the recorded ones, if these were given in call order
};

class Trial {
public:
    explicit Trial(std::shared_ptr<const OpenedImage> image);
    Trial(const Trial&) = delete;

    /// Data and bss before the next run; without it they stay as the last run left them.
    void setRam(const std::vector<std::uint8_t>& ram) { ram_ = ram; }
    /// `run` with entry `insnIndex` of this image. `answers` null: those of `run`, call by call.
    Outcome execute(const RecordedRun& run, std::uint32_t insnIndex, const Answers* answers, std::uint64_t budget);

private:
    struct Firmware {
        rbpf_firmware_t base;
        Trial* trial;
    };
    static int call(const rbpf_firmware_t* firmware, rbpf_container_t* container, std::uint32_t id);
    int answer(std::uint32_t id);
    int compute(std::uint32_t id);
    [[nodiscard]] std::string describe(std::uint32_t id) const;
    [[nodiscard]] Answer placed(const RecordedCall& call) const;
    void write(const PlacedWrite& write);

    std::shared_ptr<const OpenedImage> image_;
    Firmware firmware_;
    rbpf_container_t container_{};
    std::vector<std::uint8_t> stack_, ram_;
    std::vector<std::uint8_t> granted_[RBPF_REGION_COUNT];
    bindings::Run scope_;
    const RecordedRun* run_ = nullptr;
    const Answers* answers_ = nullptr;
    std::map<std::uint32_t, std::size_t> used_; ///< answers given, by binding
    std::size_t nextCall_ = 0;
    Outcome outcome_;
};

} // namespace rbpf::session
