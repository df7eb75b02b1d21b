// SPDX-License-Identifier: LGPL-2.1-or-later
// The key-value stores: one that all scripts share and one for each slot, in fixed memory, saved as one blob.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <rbpf/status.h>

namespace rbpf::bindings {

inline constexpr uint8_t kGlobalScope = 0xFF; ///< the other scopes are slot numbers

/// Each scope has its own capacity, so that no script can fill the store of another.
class Store {
public:
    struct Entry {
        uint32_t key = 0;
        uint32_t value = 0;
        uint8_t scope = 0;
        bool used = false;
    };

    /// `entries` has (slots + 1) * keysPerScope elements.
    Store(Entry* entries, size_t slots, size_t keysPerScope)
        : entries_(entries), capacity_((slots + 1) * keysPerScope), keysPerScope_(keysPerScope), slots_(slots) {}

    /// STORE_FULL if the key is new and its scope is full, else OK.
    rbpf_status_t put(uint8_t scope, uint32_t key, uint32_t value);
    /// NO_SUCH_KEY or OK.
    [[nodiscard]] rbpf_status_t get(uint8_t scope, uint32_t key, uint32_t& value) const;
    rbpf_status_t remove(uint8_t scope, uint32_t key);
    void clear(uint8_t scope);
    [[nodiscard]] size_t count(uint8_t scope) const;
    /// The key that follows `after` in ascending order (`first`: the smallest); false if there is none.
    bool next(uint8_t scope, bool first, uint32_t after, uint32_t& key, uint32_t& value) const;

    /// Something changed since the last saved().
    [[nodiscard]] bool dirty() const { return dirty_; }
    void saved() { dirty_ = false; }

    /// Bytes that a blob of everything needs at most.
    [[nodiscard]] size_t blobBytesMax() const;
    /// Writes all entries; the length, 0 if `capacity` is too small.
    size_t serialise(uint8_t* out, size_t capacity) const;
    /// Replaces everything by a blob. MALFORMED, and an empty store, if these are not the bytes of one. Keys of slots
    /// that this board does not have are left out.
    rbpf_status_t load(const uint8_t* blob, size_t size);

private:
    [[nodiscard]] const Entry* find(uint8_t scope, uint32_t key) const;

    Entry* entries_;
    size_t capacity_;
    size_t keysPerScope_;
    size_t slots_;
    bool dirty_ = false;
};

} // namespace rbpf::bindings
