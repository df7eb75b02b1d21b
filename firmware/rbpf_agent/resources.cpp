// SPDX-License-Identifier: LGPL-2.1-or-later
// From a request's path to what serves it: a table of the management resources, and the scripts' own paths.
#include <string.h>

#include <rbpf/wire.h>

#include "rbpf_agent/agent.hpp"
#include "rbpf_agent/text.hpp"

namespace rbpf::agent {

/// One row: segments behind /rbpf ("*" = any one, "**" = one or more), method, handler.
struct Agent::Resource {
    const char* segment[3];
    uint8_t method;
    Handler handler;
};

const Agent::Resource Agent::kResources[] = {
    {{nullptr, nullptr, nullptr}, wire::kCoapGet, &Agent::getInfo},
    {{RBPF_RESOURCE_SLOTS, nullptr, nullptr}, wire::kCoapGet, &Agent::getSlots},
    {{RBPF_RESOURCE_SLOTS, "*", nullptr}, wire::kCoapGet, &Agent::getSlot},
    {{RBPF_RESOURCE_SLOTS, "*", nullptr}, wire::kCoapPut, &Agent::putSlot},
    {{RBPF_RESOURCE_SLOTS, "*", nullptr}, wire::kCoapDelete, &Agent::deleteSlot},
    {{RBPF_RESOURCE_SLOTS, "*", RBPF_RESOURCE_INVOKE}, wire::kCoapPost, &Agent::postInvoke},
    {{RBPF_RESOURCE_STORE, "*", nullptr}, wire::kCoapGet, &Agent::getStore},
    {{RBPF_RESOURCE_STORE, "*", "*"}, wire::kCoapGet, &Agent::getKey},
    {{RBPF_RESOURCE_STORE, "*", "*"}, wire::kCoapPut, &Agent::putKey},
    {{RBPF_RESOURCE_STORE, "*", "*"}, wire::kCoapDelete, &Agent::deleteKey},
    {{RBPF_RESOURCE_STATS, nullptr, nullptr}, wire::kCoapGet, &Agent::getStats},
    {{RBPF_RESOURCE_DEVICES, nullptr, nullptr}, wire::kCoapGet, &Agent::getDevices},
    {{RBPF_RESOURCE_DEVICES, "*", nullptr}, wire::kCoapPut, &Agent::putDevice},
    {{RBPF_RESOURCE_PINS, nullptr, nullptr}, wire::kCoapGet, &Agent::getPins},
    {{RBPF_RESOURCE_PINS, "*", nullptr}, wire::kCoapPut, &Agent::putPin},
    {{RBPF_RESOURCE_HOOKS, "**", nullptr}, wire::kCoapPost, &Agent::postHook},
};

namespace {

/// Critical options that are understood, or that do no harm where they are not acted upon.
constexpr uint16_t kKnownOptions[] = {wire::kOptionUriHost,  wire::kOptionUriPort, wire::kOptionUriPath,
                                      wire::kOptionUriQuery, wire::kOptionAccept,  wire::kOptionBlock1,
                                      wire::kOptionBlock2};

} // namespace

bool Agent::managementOpen(const Peer& peer) const {
    return !peer.udp || (options_.openManagement && peer.loopback);
}

void Agent::serve(Exchange& exchange, const wire::CoapMessage& message) {
    Path path;
    if (wire::unknownCriticalOption(message, kKnownOptions, sizeof kKnownOptions / sizeof kKnownOptions[0]) != 0) {
        reply(exchange, wire::kCoapBadOption);
        return;
    }
    if (wire::coapPath(message, path.text, sizeof path.text) < 0) {
        reply(exchange, wire::kCoapNotFound);
        return;
    }
    const size_t root = strlen(RBPF_RESOURCE_ROOT);
    if (strncmp(path.text, RBPF_RESOURCE_ROOT, root) == 0 && (path.text[root] == '\0' || path.text[root] == '/')) {
        serveManagement(exchange, message, path);
    } else if (strcmp(path.text, ".well-known/core") == 0) {
        if (message.code == wire::kCoapGet) {
            getCore(exchange, message);
        } else {
            reply(exchange, wire::kCoapMethodNotAllowed);
        }
    } else if (!serveScript(exchange, message, path.text)) {
        reply(exchange, wire::kCoapNotFound);
    }
}

void Agent::serveManagement(Exchange& exchange, const wire::CoapMessage& message, Path& path) {
    if (!managementOpen(exchange.peer)) {
        replyStatus(exchange, wire::kCoapForbidden, RBPF_STATUS_FORBIDDEN);
        return;
    }
    char* at = path.text + strlen(RBPF_RESOURCE_ROOT);
    const bool isHook = strncmp(at, "/" RBPF_RESOURCE_HOOKS "/", sizeof RBPF_RESOURCE_HOOKS + 1) == 0;
    const unsigned segments = isHook ? 2 : 3; // the last one keeps its slashes
    while (*at == '/') {
        *at++ = '\0';
        path.segment[path.count++] = at;
        while (*at != '\0' && (*at != '/' || path.count == segments)) {
            ++at;
        }
    }
    bool known = false;
    for (const Resource& resource : kResources) {
        unsigned i = 0;
        bool fits = true;
        for (; i < 3 && resource.segment[i] != nullptr && fits; ++i) {
            fits =
                i < path.count && (resource.segment[i][0] == '*' || strcmp(resource.segment[i], path.segment[i]) == 0);
        }
        if (!fits || i != path.count) {
            continue;
        }
        known = true;
        if (resource.method == message.code) {
            (this->*resource.handler)(exchange, message, path);
            return;
        }
    }
    reply(exchange, known ? wire::kCoapMethodNotAllowed : wire::kCoapNotFound);
}

bool Agent::serveScript(Exchange& exchange, const wire::CoapMessage& message, const char* path) {
    for (uint32_t slot = 0; slot < memory_.slots; ++slot) {
        const Slot& each = memory_.slot[slot];
        for (unsigned entry = 0; each.loaded && entry < each.image.entryCount; ++entry) {
            const Trigger trigger = slotTrigger(each, entry);
            if (trigger.kind != RBPF_TRIGGER_COAP || strcmp(trigger.argument, path) != 0) {
                continue;
            }
            Activation* activation = freeActivation(Activation::Purpose::Request, "");
            if (activation == nullptr) {
                replyStatus(exchange, wire::kCoapUnavailable, RBPF_STATUS_BUSY);
                return true;
            }
            exchange.coap.describe(message);
            activation->exchange = &exchange;
            activation->slot = static_cast<uint8_t>(slot);
            activation->entry = static_cast<uint8_t>(entry);
            return true;
        }
    }
    return false;
}

const char* Agent::scriptPath(unsigned index) const {
    for (uint32_t slot = 0; slot < memory_.slots; ++slot) {
        const Slot& each = memory_.slot[slot];
        for (unsigned entry = 0; each.loaded && entry < each.image.entryCount; ++entry) {
            const Trigger trigger = slotTrigger(each, entry);
            if (trigger.kind == RBPF_TRIGGER_COAP && index-- == 0) {
                return trigger.argument;
            }
        }
    }
    return nullptr;
}

int Agent::slotNumber(Exchange& exchange, const char* text) {
    uint32_t number = 0;
    if (!parseNumber(text, strlen(text), false, number) || number >= memory_.slots) {
        replyStatus(exchange, wire::kCoapNotFound, RBPF_STATUS_NO_SUCH_SLOT);
        return -1;
    }
    return static_cast<int>(number);
}

} // namespace rbpf::agent
