// SPDX-License-Identifier: LGPL-2.1-or-later
// Which bindings exist, as constants: their number, their ids, and a hash that tells two tables apart. The workstation
// includes this too, to compare its own table with a board's.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace rbpf::bindings {

#define RBPF_BINDING(id, name, returns, parameters, doc) (id),
/// In the table's order, which is ascending (table.cpp checks it).
inline constexpr uint8_t kIds[] = {
#include <rbpf/bindings.def>
};
#undef RBPF_BINDING

inline constexpr size_t kBindingCount = sizeof kIds / sizeof kIds[0];

/// One step of FNV-1a (32 bits) over a text.
constexpr uint32_t fnv1a(uint32_t hash, const char* text) {
    for (; *text != '\0'; ++text) {
        hash = (hash ^ static_cast<uint8_t>(*text)) * 16777619u;
    }
    return hash;
}

/// FNV-1a over id, name and signature of every row, as written in bindings.def.
constexpr uint32_t tableHash() {
    uint32_t hash = 2166136261u;
#define RBPF_BINDING(id, name, returns, parameters, doc)                                                               \
    hash = fnv1a(hash, #id " " #name " " #returns #parameters "\n");
#include <rbpf/bindings.def>
#undef RBPF_BINDING
    return hash;
}

inline constexpr uint32_t kTableHash = tableHash();

constexpr bool has(uint32_t id) {
    for (const uint8_t known : kIds) {
        if (known == id) {
            return true;
        }
    }
    return false;
}

} // namespace rbpf::bindings
