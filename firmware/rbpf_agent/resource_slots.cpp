// SPDX-License-Identifier: LGPL-2.1-or-later
// /rbpf/slots: the list, reading back, installing block by block, removing.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/body.hpp"

namespace rbpf::agent {

namespace {

const char* stateName(const Slot& slot) {
    return slot.held ? "halted" : slot.running ? "running" : slot.lastFaulted ? "faulted" : "ready";
}

void writeSlot(wire::CborWriter& cbor, const Slot& slot, uint32_t number) {
    cbor.map(slot.loaded ? 9 : 2);
    cbor.text(RBPF_KEY_SLOT);
    cbor.uint(number);
    cbor.text(RBPF_KEY_STATE);
    if (!slot.loaded) {
        cbor.text("empty");
        return;
    }
    cbor.text(stateName(slot));
    cbor.text(RBPF_KEY_NAME);
    cbor.text(rbpf_image_name(&slot.image));
    cbor.text(RBPF_KEY_VERSION);
    cbor.text(rbpf_image_version(&slot.image));
    cbor.text(RBPF_KEY_BUILD);
    wire::Bytes build;
    if (slot.image.isFemto == 0) {
        build = {slot.image.bytes + offsetof(rbpf_image_header_t, buildId), RBPF_BUILD_ID_BYTES};
    }
    cbor.bytes(build);
    cbor.text(RBPF_KEY_BYTES);
    cbor.uint(slot.image.size);
    cbor.text(RBPF_KEY_ENTRIES);
    cbor.array(slot.image.entryCount);
    for (unsigned i = 0; i < slot.image.entryCount; ++i) {
        const rbpf_entry_t entry = rbpf_image_entry(&slot.image, i);
        cbor.map(2);
        cbor.text(RBPF_KEY_NAME);
        cbor.text(entry.name);
        cbor.text(RBPF_KEY_TRIGGER);
        cbor.text(entry.trigger);
    }
    cbor.text(RBPF_KEY_RUNS);
    cbor.uint(slot.runs);
    cbor.text(RBPF_KEY_FAULTS);
    cbor.uint(slot.faults);
}

/// The image's own bytes.
class ImageBody final : public Body {
public:
    explicit ImageBody(const rbpf_image_t& image) : image_(image) {}
    size_t render(uint8_t* out, size_t capacity, size_t skip) const override {
        if (out != nullptr && skip < image_.size) {
            const size_t left = image_.size - skip;
            memcpy(out, image_.bytes + skip, left < capacity ? left : capacity);
        }
        return image_.size;
    }

private:
    const rbpf_image_t& image_;
};

} // namespace

void Agent::getSlots(Exchange& exchange, const wire::CoapMessage& message, const Path&) {
    const auto write = [this](wire::CborWriter& cbor) {
        cbor.array(memory_.slots);
        for (uint32_t i = 0; i < memory_.slots; ++i) {
            writeSlot(cbor, memory_.slot[i], i);
        }
    };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::getSlot(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    const int number = slotNumber(exchange, path.segment[1]);
    if (number < 0) {
        return;
    }
    const Slot& slot = memory_.slot[number];
    if (!slot.loaded) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_SLOT_EMPTY);
        return;
    }
    ReplyOptions options;
    options.hasEtag = true; // tells a client that an install came between two of its blocks
    options.etag = slot.generation;
    replyBody(exchange, message, wire::kFormatOctets, ImageBody(slot.image), options);
}

void Agent::putSlot(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    const int number = slotNumber(exchange, path.segment[1]);
    if (number < 0) {
        return;
    }
    const wire::Block1Step step = upload_.take(message, exchange.peer.key());
    exchange.hasBlock1 = step.blockwise;
    exchange.block1 = wire::encodeBlock(step.reply);
    switch (step.action) {
    case wire::Block1Action::Gap:
        replyStatus(exchange, wire::kCoapIncomplete, RBPF_STATUS_BLOCK_ORDER);
        return;
    case wire::Block1Action::TooLarge:
        abandonInstall();
        replyStatus(exchange, wire::kCoapTooLarge, RBPF_STATUS_TOO_LARGE);
        return;
    case wire::Block1Action::Malformed:
        replyStatus(exchange, wire::kCoapBadRequest, RBPF_STATUS_BLOCK_ORDER);
        return;
    case wire::Block1Action::Duplicate:
        reply(exchange, wire::kCoapContinue);
        return;
    case wire::Block1Action::Store:
        break;
    }
    rbpf_status_t status = RBPF_STATUS_OK;
    if (step.first) {
        uint32_t announced = 0;
        const bool known = wire::findUint(message, wire::kOptionSize1, announced) && announced >= message.payload.size;
        const size_t size = step.last ? message.payload.size : known ? announced : memory_.imageBytes;
        port_.stageAbort();
        status = port_.stageBegin(static_cast<uint32_t>(number), size);
        uploading_ = status == RBPF_STATUS_OK;
    }
    if (status == RBPF_STATUS_OK) {
        status = port_.stageWrite(step.offset, message.payload.data, message.payload.size);
    }
    if (status != RBPF_STATUS_OK) {
        abandonInstall();
        replyStatus(exchange, status == RBPF_STATUS_TOO_LARGE ? wire::kCoapTooLarge : wire::kCoapInternalError, status);
        return;
    }
    if (step.last) {
        finishInstall(exchange, static_cast<unsigned>(number));
    } else {
        reply(exchange, wire::kCoapContinue);
    }
}

void Agent::deleteSlot(Exchange& exchange, const wire::CoapMessage&, const Path& path) {
    const int number = slotNumber(exchange, path.segment[1]);
    if (number < 0) {
        return;
    }
    if (!memory_.slot[number].loaded && port_.slot(static_cast<uint32_t>(number)).size == 0) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_SLOT_EMPTY);
        return;
    }
    stopRun(static_cast<unsigned>(number));
    const rbpf_status_t status = port_.slotRemove(static_cast<uint32_t>(number));
    if (status != RBPF_STATUS_OK) {
        replyStatus(exchange, wire::kCoapInternalError, status);
        return;
    }
    unload(static_cast<unsigned>(number));
    store_.clear(static_cast<uint8_t>(number));
    reply(exchange, wire::kCoapDeleted);
}

} // namespace rbpf::agent
