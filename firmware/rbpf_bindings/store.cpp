// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_bindings/store.hpp"

#include <string.h>

#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

// The blob: "RKV1", number of entries (2 bytes), then 9 bytes each: scope, key, value. Little-endian.
constexpr uint8_t kMagic[4] = {'R', 'K', 'V', '1'};
constexpr size_t kHeadBytes = 6;
constexpr size_t kEntryBytes = 9;

void put32(uint8_t* out, uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) {
        out[i] = static_cast<uint8_t>(value >> (8 * i));
    }
}

uint32_t get32(const uint8_t* in) {
    return in[0] | static_cast<uint32_t>(in[1]) << 8 | static_cast<uint32_t>(in[2]) << 16 |
           static_cast<uint32_t>(in[3]) << 24;
}

} // namespace

const Store::Entry* Store::find(uint8_t scope, uint32_t key) const {
    for (size_t i = 0; i < capacity_; ++i) {
        if (entries_[i].used && entries_[i].scope == scope && entries_[i].key == key) {
            return &entries_[i];
        }
    }
    return nullptr;
}

rbpf_status_t Store::put(uint8_t scope, uint32_t key, uint32_t value) {
    Entry* entry = const_cast<Entry*>(find(scope, key));
    if (entry != nullptr) {
        dirty_ = dirty_ || entry->value != value;
        entry->value = value;
        return RBPF_STATUS_OK;
    }
    if (count(scope) >= keysPerScope_) {
        return RBPF_STATUS_STORE_FULL;
    }
    for (size_t i = 0; i < capacity_; ++i) {
        if (!entries_[i].used) {
            entries_[i] = Entry{key, value, scope, true};
            dirty_ = true;
            return RBPF_STATUS_OK;
        }
    }
    return RBPF_STATUS_STORE_FULL;
}

rbpf_status_t Store::get(uint8_t scope, uint32_t key, uint32_t& value) const {
    const Entry* entry = find(scope, key);
    if (entry == nullptr) {
        return RBPF_STATUS_NO_SUCH_KEY;
    }
    value = entry->value;
    return RBPF_STATUS_OK;
}

rbpf_status_t Store::remove(uint8_t scope, uint32_t key) {
    Entry* entry = const_cast<Entry*>(find(scope, key));
    if (entry == nullptr) {
        return RBPF_STATUS_NO_SUCH_KEY;
    }
    entry->used = false;
    dirty_ = true;
    return RBPF_STATUS_OK;
}

void Store::clear(uint8_t scope) {
    for (size_t i = 0; i < capacity_; ++i) {
        if (entries_[i].used && entries_[i].scope == scope) {
            entries_[i].used = false;
            dirty_ = true;
        }
    }
}

size_t Store::count(uint8_t scope) const {
    size_t found = 0;
    for (size_t i = 0; i < capacity_; ++i) {
        found += entries_[i].used && entries_[i].scope == scope ? 1 : 0;
    }
    return found;
}

bool Store::next(uint8_t scope, bool first, uint32_t after, uint32_t& key, uint32_t& value) const {
    const Entry* best = nullptr;
    for (size_t i = 0; i < capacity_; ++i) {
        const Entry& entry = entries_[i];
        if (entry.used && entry.scope == scope && (first || entry.key > after) &&
            (best == nullptr || entry.key < best->key)) {
            best = &entry;
        }
    }
    if (best == nullptr) {
        return false;
    }
    key = best->key;
    value = best->value;
    return true;
}

size_t Store::blobBytesMax() const {
    return kHeadBytes + capacity_ * kEntryBytes;
}

size_t Store::serialise(uint8_t* out, size_t capacity) const {
    size_t at = kHeadBytes;
    uint32_t entries = 0;
    for (size_t i = 0; i < capacity_; ++i) {
        if (!entries_[i].used) {
            continue;
        }
        if (at + kEntryBytes > capacity) {
            return 0;
        }
        out[at] = entries_[i].scope;
        put32(out + at + 1, entries_[i].key);
        put32(out + at + 5, entries_[i].value);
        at += kEntryBytes;
        ++entries;
    }
    if (capacity < kHeadBytes) {
        return 0;
    }
    memcpy(out, kMagic, sizeof kMagic);
    out[4] = static_cast<uint8_t>(entries);
    out[5] = static_cast<uint8_t>(entries >> 8);
    return at;
}

rbpf_status_t Store::load(const uint8_t* blob, size_t size) {
    for (size_t i = 0; i < capacity_; ++i) {
        entries_[i].used = false;
    }
    dirty_ = false;
    if (size < kHeadBytes || memcmp(blob, kMagic, sizeof kMagic) != 0) {
        return RBPF_STATUS_MALFORMED;
    }
    const size_t entries = blob[4] | static_cast<size_t>(blob[5]) << 8;
    if (size != kHeadBytes + entries * kEntryBytes) {
        return RBPF_STATUS_MALFORMED;
    }
    for (size_t i = 0; i < entries; ++i) {
        const uint8_t* at = blob + kHeadBytes + i * kEntryBytes;
        if (at[0] == kGlobalScope || at[0] < slots_) {
            (void)put(at[0], get32(at + 1), get32(at + 5));
        }
    }
    dirty_ = false;
    return RBPF_STATUS_OK;
}

namespace {

int putValue(Call& call, uint8_t scope) {
    call.result(call.run.store->put(scope, call.u32(0), call.u32(1)));
    return RBPF_STATUS_OK;
}

/// An absent key is created with 0, as Femto-Containers do; so reading can fail for want of room.
int fetchValue(Call& call, uint8_t scope) {
    uint32_t value = 0;
    rbpf_status_t status = call.run.store->get(scope, call.u32(0), value);
    if (status != RBPF_STATUS_OK) {
        status = call.run.store->put(scope, call.u32(0), 0);
    }
    memcpy(call.pointer[1], &value, sizeof value);
    call.result(status);
    return RBPF_STATUS_OK;
}

} // namespace

int bind_store_local(Call& call) {
    return putValue(call, call.run.slot);
}

int bind_store_global(Call& call) {
    return putValue(call, kGlobalScope);
}

int bind_fetch_local(Call& call) {
    return fetchValue(call, call.run.slot);
}

int bind_fetch_global(Call& call) {
    return fetchValue(call, kGlobalScope);
}

} // namespace rbpf::bindings
