// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a raw program on the VM as a board would: image, loader, verifier, container. What tests, fuzzers and the
// conformance plugin share.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "rbpf_vm/rbpf_vm.h"
#include "tests/fakes/image_builder.hpp"

namespace rbpf::fakes {

/// A firmware with every binding id. What a call does is `call`; by default it answers 0.
struct RigFirmware {
    rbpf_firmware_t base;
    std::function<int(rbpf_container_t&, uint32_t id)> call;
    RigFirmware();
    RigFirmware(const RigFirmware&) = delete;
};

/// A rejection by the loader or by the verifier.
struct Rejection {
    rbpf_status_t status;
    uint32_t insnIndex;
};

/// One image and one container in exactly sized heap blocks, so that AddressSanitizer sees a step beyond them.
class VmRig {
public:
    explicit VmRig(std::vector<uint8_t> image);
    VmRig(const VmRig&) = delete;

    /// Loads and verifies; empty means accepted, and the container is initialised.
    std::optional<Rejection> install();

    /// Grants `memory` as the context (not at all when empty) and starts entry `entry`. The rig keeps the memory.
    void start(std::vector<uint8_t> memory, uint32_t entry = 0);

    rbpf_halt_t run(uint32_t maxInstructions) { return rbpf_container_run(&container_, maxInstructions); }

    rbpf_container_t& container() { return container_; }
    const rbpf_container_t& container() const { return container_; }
    const rbpf_image_t& image() const { return image_; }
    RigFirmware& firmware() { return firmware_; }
    const std::vector<uint8_t>& memory() const { return memory_; }
    const std::vector<uint64_t>& stack() const { return stack_; }
    const std::vector<uint64_t>& ram() const { return ram_; }

private:
    std::vector<uint8_t> bytes_;
    RigFirmware firmware_;
    rbpf_image_t image_{};
    rbpf_container_t container_{};
    std::vector<uint64_t> stack_; ///< 64-bit elements for the alignment that the VM asks for
    std::vector<uint64_t> ram_;
    std::vector<uint8_t> memory_;
};

/// What every rig allows; generous, so that a test's own limits decide.
inline constexpr rbpf_limits_t kRigLimits = {1u << 20, 1u << 15, 1u << 20};

/// "READ_FAULT" for RBPF_STATUS_READ_FAULT; "?" for a number that status.def does not have.
const char* statusName(int status);

} // namespace rbpf::fakes
