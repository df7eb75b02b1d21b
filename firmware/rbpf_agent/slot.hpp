// SPDX-License-Identifier: LGPL-2.1-or-later
// A slot: the image it holds, the container made of it, and what the board keeps about its runs.
#pragma once

#include "rbpf_agent/trigger.hpp"
#include "rbpf_bindings/bindings.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::agent {

struct Activation;

struct Timer {
    uint32_t dueMs = 0;
    uint32_t periodMs = 0;
    uint8_t entry = 0;
};

struct Slot {
    rbpf_image_t image{};
    rbpf_container_t container{};
    bindings::Run run;
    Timer timer[kTimersMax];
    uint8_t timers = 0;
    bool loaded = false;
    bool running = false;      ///< a run is in progress, be it asleep
    bool timerWasLast = false; ///< so that requests and timers take turns
    bool lastFaulted = false;
    bool debugged = false;            ///< a debugger is attached
    uint8_t held = 0;                 ///< … and keeps it from running, if not 0
    uint8_t entry = 0;                ///< of the run in progress
    Activation* activation = nullptr; ///< who waits for the run in progress; null = a timer
    uint64_t budgetStart = 0;         ///< container.instructions when the budget began to count
    uint32_t runs = 0;
    uint32_t faults = 0;
    rbpf_fault_t toldFault{}; ///< last fault that went to the console, and when
    uint32_t toldMs = 0;
    uint32_t generation = 0; ///< counts installs; the ETag of what is read back
};

/// Checks that the board can serve every entry's trigger. TRIGGER, with the entry's index as `fault.detail`, or
/// TOO_LARGE for too many entries or timers.
rbpf_status_t checkTriggers(const rbpf_image_t& image, rbpf_fault_t& fault);

/// Entry `index` of the slot's image with its trigger understood.
Trigger slotTrigger(const Slot& slot, unsigned index);

/// The entry with this name; "" = the first one. -1 if there is none.
int findEntry(const rbpf_image_t& image, const uint8_t* name, size_t size);

} // namespace rbpf::agent
