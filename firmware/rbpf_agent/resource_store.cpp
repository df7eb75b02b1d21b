// SPDX-License-Identifier: LGPL-2.1-or-later
// /rbpf/store/{global or slot}/{key}: the key-value stores. Numbers are CBOR, or decimal text where the request says
// Content-Format 0.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/body.hpp"

namespace rbpf::agent {

bool Agent::storeScope(Exchange& exchange, const char* text, uint8_t& scope) {
    if (strcmp(text, RBPF_RESOURCE_GLOBAL) == 0) {
        scope = bindings::kGlobalScope;
        return true;
    }
    const int number = slotNumber(exchange, text);
    scope = static_cast<uint8_t>(number);
    return number >= 0;
}

bool Agent::storeKey(Exchange& exchange, const Path& path, uint8_t& scope, uint32_t& key) {
    if (!storeScope(exchange, path.segment[1], scope)) {
        return false;
    }
    if (!parseNumber(path.segment[2], strlen(path.segment[2]), true, key)) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_KEY);
        return false;
    }
    return true;
}

void Agent::getStore(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    uint8_t scope = 0;
    if (!storeScope(exchange, path.segment[1], scope)) {
        return;
    }
    const auto write = [this, scope](wire::CborWriter& cbor) {
        cbor.map(store_.count(scope));
        uint32_t key = 0;
        uint32_t value = 0;
        for (bool first = true; store_.next(scope, first, key, key, value); first = false) {
            cbor.uint(key);
            cbor.uint(value);
        }
    };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::getKey(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    uint8_t scope = 0;
    uint32_t key = 0;
    uint32_t value = 0;
    if (!storeKey(exchange, path, scope, key)) {
        return;
    }
    if (store_.get(scope, key, value) != RBPF_STATUS_OK) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_KEY);
        return;
    }
    const auto write = [value](wire::CborWriter& cbor) { cbor.uint(value); };
    replyBody(exchange, message, wire::kFormatCbor, cborBody(write));
}

void Agent::putKey(Exchange& exchange, const wire::CoapMessage& message, const Path& path) {
    uint8_t scope = 0;
    uint32_t key = 0;
    uint32_t value = 0;
    uint32_t format = wire::kFormatCbor;
    if (!storeKey(exchange, path, scope, key)) {
        return;
    }
    (void)wire::findUint(message, wire::kOptionContentFormat, format);
    bool good = false;
    if (format == wire::kFormatText) {
        good = parseNumber(reinterpret_cast<const char*>(message.payload.data), message.payload.size, true, value);
    } else {
        wire::CborReader reader(message.payload);
        wire::CborItem item;
        good = reader.next(item) && reader.atEnd() && item.type == wire::CborType::Uint && item.value <= 0xFFFFFFFFu;
        value = static_cast<uint32_t>(item.value);
    }
    if (!good) {
        replyStatus(exchange, wire::kCoapBadRequest, RBPF_STATUS_BAD_ARGUMENT);
        return;
    }
    uint32_t before = 0;
    const bool existed = store_.get(scope, key, before) == RBPF_STATUS_OK;
    rbpf_status_t status = store_.put(scope, key, value);
    if (status != RBPF_STATUS_OK) {
        replyStatus(exchange, wire::kCoapInternalError, status);
        return;
    }
    // What this answer calls stored survives a power cut: save first, and take it back if that fails.
    status = saveStore();
    if (status != RBPF_STATUS_OK) {
        if (existed) {
            (void)store_.put(scope, key, before);
        } else {
            (void)store_.remove(scope, key);
        }
        replyStatus(exchange, wire::kCoapInternalError, status);
        return;
    }
    reply(exchange, existed ? wire::kCoapChanged : wire::kCoapCreated);
}

void Agent::deleteKey(Exchange& exchange, const wire::CoapMessage&, const Path& path) {
    uint8_t scope = 0;
    uint32_t key = 0;
    uint32_t before = 0;
    if (!storeKey(exchange, path, scope, key)) {
        return;
    }
    (void)store_.get(scope, key, before);
    if (store_.remove(scope, key) != RBPF_STATUS_OK) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_KEY);
        return;
    }
    const rbpf_status_t status = saveStore();
    if (status != RBPF_STATUS_OK) {
        (void)store_.put(scope, key, before);
        replyStatus(exchange, wire::kCoapInternalError, status);
        return;
    }
    reply(exchange, wire::kCoapDeleted);
}

} // namespace rbpf::agent
