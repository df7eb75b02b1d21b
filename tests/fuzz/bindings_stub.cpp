// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/bindings_stub.hpp"

#include <cstring>

namespace rbpf::fuzz {

int stubCall(rbpf_container_t& container, uint32_t id) {
    auto& reg = container.reg;
    const auto size = static_cast<uint32_t>(reg[2]);
    reg[0] = 0;
    switch (id) {
    case 1:
        if (const auto* bytes =
                static_cast<const uint8_t*>(rbpf_container_access(&container, reg[1], size, RBPF_READ))) {
            for (uint32_t i = 0; i < size; i++)
                reg[0] += bytes[i];
            return 0;
        }
        return RBPF_STATUS_READ_FAULT;
    case 2:
        if (auto* bytes = rbpf_container_access(&container, reg[1], size, RBPF_READ | RBPF_WRITE)) {
            std::memset(bytes, static_cast<int>(reg[3] & 0xff), size);
            return 0;
        }
        return RBPF_STATUS_WRITE_FAULT;
    case 3:
        return RBPF_CALL_INTERRUPT;
    case 4:
        container.fault.detail = id;
        return RBPF_STATUS_BAD_ARGUMENT;
    default:
        return 0;
    }
}

State runToEnd(fakes::VmRig& rig, const std::vector<uint8_t>& memory, uint32_t entry, uint32_t budget, uint32_t slice) {
    rig.firmware().call = stubCall;
    rig.start(memory, entry);
    auto& container = rig.container();
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    while (container.instructions < budget && (halt == RBPF_HALT_BUDGET || halt == RBPF_HALT_INTERRUPT)) {
        const auto left = static_cast<uint32_t>(budget - container.instructions);
        halt = rig.run(left < slice ? left : slice);
    }
    if (halt == RBPF_HALT_INTERRUPT) // where a budget ends at an interrupt, which of both is told is open
        halt = RBPF_HALT_BUDGET;
    return {halt,
            {container.reg, container.reg + RBPF_REGISTERS},
            rig.memory(),
            rig.stack(),
            rig.ram(),
            container.instructions,
            halt == RBPF_HALT_FAULT ? container.fault.status : 0,
            halt == RBPF_HALT_FAULT ? container.fault.insnIndex : 0,
            halt == RBPF_HALT_FAULT ? container.fault.detail : 0,
            halt == RBPF_HALT_BUDGET ? container.pc : 0};
}

} // namespace rbpf::fuzz
