// SPDX-License-Identifier: LGPL-2.1-or-later
// From staged bytes to a script that runs: examine, switch the slot, make the container. Whatever fails before the
// switch leaves the old script as it was.
#include <string.h>

#include "rbpf_agent/agent.hpp"

namespace rbpf::agent {

rbpf_status_t Agent::examine(wire::Bytes bytes, rbpf_image_t& image, rbpf_fault_t& fault) const {
    fault = rbpf_fault_t{};
    rbpf_status_t status = rbpf_image_open(&image, bytes.data, static_cast<uint32_t>(bytes.size));
    if (status == RBPF_STATUS_OK) {
        status = rbpf_image_verify(&image, &limits_, &bindings::kFirmware, &fault);
    }
    if (status == RBPF_STATUS_OK) {
        status = checkTriggers(image, fault);
    }
    fault.status = static_cast<int8_t>(status);
    return status;
}

void Agent::abandonInstall() {
    upload_.reset();
    if (uploading_) {
        port_.stageAbort();
    }
    uploading_ = false;
}

void Agent::finishInstall(Exchange& exchange, unsigned number) {
    Slot& slot = memory_.slot[number];
    const port::Bytes staged = port_.staged();
    rbpf_image_t image{};
    rbpf_fault_t fault{};
    const rbpf_status_t verdict = examine({staged.data, staged.size}, image, fault);
    if (verdict != RBPF_STATUS_OK) {
        abandonInstall();
        replyFault(exchange, verdict == RBPF_STATUS_TOO_LARGE ? wire::kCoapTooLarge : wire::kCoapBadRequest, fault);
        return;
    }
    // An update of the same script keeps the script's own store.
    const bool replaces = slot.loaded;
    const bool update = replaces && strcmp(rbpf_image_name(&slot.image), rbpf_image_name(&image)) == 0;
    stopRun(number); // it executes from the bytes that the switch may move
    const rbpf_status_t status = port_.stageCommit(number);
    uploading_ = false;
    if (status != RBPF_STATUS_OK) {
        port_.stageAbort();
        replyStatus(exchange, wire::kCoapInternalError, status);
        return;
    }
    unload(number);
    if (!update) {
        store_.clear(static_cast<uint8_t>(number));
    }
    const port::Bytes bytes = port_.slot(number);
    if (rbpf_image_open(&image, bytes.data, static_cast<uint32_t>(bytes.size)) != RBPF_STATUS_OK) {
        replyStatus(exchange, wire::kCoapInternalError, RBPF_STATUS_STORAGE); // the storage gave back other bytes
        return;
    }
    load(number, image);
    reply(exchange, replaces ? wire::kCoapChanged : wire::kCoapCreated);
}

void Agent::load(unsigned number, const rbpf_image_t& image) {
    Slot& slot = memory_.slot[number];
    const uint32_t generation = slot.generation;
    slot = Slot{};
    slot.generation = generation + 1;
    slot.image = image;
    rbpf_container_init(&slot.container, &slot.image, &bindings::kFirmware, memory_.stack + number * memory_.stackBytes,
                        memory_.ram + number * memory_.ramBytes);
    slot.container.owner = &slot.run;
    slot.run.port = &port_;
    slot.run.store = &store_;
    slot.run.log = logText;
    slot.run.logOwner = this;
    slot.run.slot = static_cast<uint8_t>(number);
    slot.loaded = true;
    const uint32_t now = port_.nowMs();
    for (unsigned i = 0; i < image.entryCount; ++i) {
        const Trigger trigger = slotTrigger(slot, i);
        if (trigger.kind == RBPF_TRIGGER_TIMER) {
            slot.timer[slot.timers++] = Timer{now + trigger.periodMs, trigger.periodMs, static_cast<uint8_t>(i)};
        }
    }
}

void Agent::unload(unsigned number) {
    const uint32_t generation = memory_.slot[number].generation;
    debug_.gone(number);
    memory_.slot[number] = Slot{};
    memory_.slot[number].generation = generation;
}

} // namespace rbpf::agent
