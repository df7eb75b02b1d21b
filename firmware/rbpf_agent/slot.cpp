// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/slot.hpp"

#include <string.h>

namespace rbpf::agent {

rbpf_status_t checkTriggers(const rbpf_image_t& image, rbpf_fault_t& fault) {
    unsigned timers = 0;
    for (unsigned i = 0; i < image.entryCount; ++i) {
        const rbpf_entry_t entry = rbpf_image_entry(&image, i);
        fault.insnIndex = entry.insnIndex;
        fault.detail = i;
        Trigger trigger;
        if (!parseTrigger(entry.trigger, trigger)) {
            return RBPF_STATUS_TRIGGER;
        }
        timers += trigger.kind == RBPF_TRIGGER_TIMER ? 1 : 0;
        if (i >= kEntriesMax || timers > kTimersMax) {
            return RBPF_STATUS_TOO_LARGE;
        }
    }
    return RBPF_STATUS_OK;
}

Trigger slotTrigger(const Slot& slot, unsigned index) {
    Trigger trigger;
    (void)parseTrigger(rbpf_image_entry(&slot.image, index).trigger, trigger); // was checked when loaded
    return trigger;
}

int findEntry(const rbpf_image_t& image, const uint8_t* name, size_t size) {
    if (size == 0) {
        return image.entryCount == 0 ? -1 : 0;
    }
    for (unsigned i = 0; i < image.entryCount; ++i) {
        const char* known = rbpf_image_entry(&image, i).name;
        if (strlen(known) == size && memcmp(known, name, size) == 0) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

} // namespace rbpf::agent
