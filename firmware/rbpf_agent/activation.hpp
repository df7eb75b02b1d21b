// SPDX-License-Identifier: LGPL-2.1-or-later
// One firing of a trigger: which entry runs now, which may follow, and who wants to know what came of it.
#pragma once

#include "rbpf_agent/exchange.hpp"
#include "rbpf_agent/trigger.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::agent {

struct RunRecord {
    uint64_t instructions = 0;
    int64_t result = 0;
    rbpf_fault_t fault{};
    rbpf_halt_t halt = RBPF_HALT_EXITED;
    uint8_t slot = 0;
};

struct Activation {
    enum class Purpose : uint8_t {
        Free,
        Request, ///< a script answers a CoAP request
        Invoke,
        Hook,  ///< fired over the wire
        Event, ///< fired by the firmware
        Packet,
    };

    Purpose purpose = Purpose::Free;
    rbpf_policy_t policy = RBPF_POLICY_CONTINUE;
    bool running = false;
    uint8_t slot = 0;
    uint8_t entry = 0;
    uint8_t recordCount = 0;
    uint32_t sequence = 0; ///< first come, first served
    uint32_t sinceMs = 0;
    Exchange* exchange = nullptr; ///< Request, Invoke, Hook
    uint8_t* context = nullptr;
    uint32_t contextBytes = 0;
    char trigger[kTriggerMax + 1] = {};
    RunRecord record[kRecordsMax];
    uint64_t words[kContextWords] = {}; ///< memory for small contexts
};

} // namespace rbpf::agent
