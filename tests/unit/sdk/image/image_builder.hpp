// SPDX-License-Identifier: GPL-3.0-or-later
// Images made byte by byte from headers/rbpf/image.h, for tests that must not depend on the linker.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <rbpf/image.h>

#include "sdk/image/checksum.hpp"

namespace rbpf::testing {

using Bytes = std::vector<std::uint8_t>;

inline void put(Bytes& bytes, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

inline Bytes insn(std::uint8_t opcode, int dst = 0, int src = 0, int offset = 0, std::int64_t imm = 0) {
    Bytes bytes{opcode, static_cast<std::uint8_t>(src << 4 | dst)};
    put(bytes, static_cast<std::uint16_t>(offset), 2);
    put(bytes, static_cast<std::uint32_t>(imm), 4);
    return bytes;
}

inline Bytes join(const std::vector<Bytes>& parts) {
    Bytes all;
    for (const Bytes& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

inline Bytes ascii(const std::string& text) {
    return {text.begin(), text.end()};
}

struct TestEntry {
    std::string name, trigger;
    int insnIndex = 0, frameBytes = 0;
};

struct TestImage {
    Bytes text = join({insn(0xb7, 0, 0, 0, 7), insn(0x95)});
    Bytes rodata, data;
    std::uint32_t bssBytes = 0, budget = 0;
    int stackBytes = 512;
    std::string name = "test", version = "1.2.3";
    std::vector<TestEntry> entries{{"main", "", 0, 0}};
    std::vector<std::uint16_t> bindings;

    /// What lies between header and text is laid out as image.h says.
    [[nodiscard]] Bytes build() const {
        Bytes strings;
        const auto base = 56 + 8 * entries.size() + 2 * bindings.size();
        const auto add = [&](const std::string& text) {
            const auto at = base + strings.size();
            strings.insert(strings.end(), text.begin(), text.end());
            strings.push_back(0);
            return at;
        };
        const auto nameAt = add(name);
        const auto versionAt = add(version);
        Bytes tables;
        for (const TestEntry& entry : entries) {
            put(tables, add(entry.name), 2);
            put(tables, add(entry.trigger), 2);
            put(tables, static_cast<std::uint64_t>(entry.insnIndex), 2);
            put(tables, static_cast<std::uint64_t>(entry.frameBytes), 2);
        }
        for (const std::uint16_t id : bindings) {
            put(tables, id, 2);
        }
        const auto headerBytes = (base + strings.size() + 7) & ~std::size_t{7};
        Bytes bytes;
        put(bytes, RBPF_IMAGE_MAGIC, 4);
        put(bytes, 1, 1);
        put(bytes, 0, 1);
        put(bytes, headerBytes, 2);
        put(bytes, 0, 4);
        put(bytes, text.size(), 4);
        put(bytes, rodata.size(), 4);
        put(bytes, data.size(), 4);
        put(bytes, bssBytes, 4);
        put(bytes, budget, 4);
        put(bytes, static_cast<std::uint64_t>(stackBytes), 2);
        put(bytes, entries.size(), 1);
        put(bytes, bindings.size(), 1);
        put(bytes, nameAt, 2);
        put(bytes, versionAt, 2);
        for (int i = 0; i < 16; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(0xa0 + i));
        }
        bytes = join({bytes, tables, strings});
        bytes.resize(headerBytes);
        bytes = join({bytes, text, rodata});
        if (!data.empty()) {
            bytes.resize((bytes.size() + 7) & ~std::size_t{7});
            bytes = join({bytes, data});
        }
        sign(bytes);
        return bytes;
    }

    static void sign(Bytes& bytes) {
        const std::uint32_t sum = image::checksum(bytes);
        for (std::size_t i = 0; i < 4; ++i) {
            bytes[8 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
        }
    }
};

/// A Femto-Container image as facts describe it: one function.
inline Bytes femtoImage(const Bytes& data, const Bytes& rodata, const Bytes& text, bool withFunction = true) {
    Bytes names = rodata;
    const auto nameAt = names.size();
    if (withFunction) {
        names = join({names, ascii("run"), {0}});
    }
    Bytes bytes = ascii("rBPF");
    for (const std::size_t word : {std::size_t{0}, std::size_t{0}, data.size(), names.size(), text.size(),
                                   std::size_t{withFunction ? 1u : 0u}}) {
        put(bytes, word, 4);
    }
    const auto pad = [&bytes] {
        while ((bytes.size() - 28) % 8 != 0) {
            bytes.push_back(0);
        }
    };
    bytes = join({bytes, data});
    pad();
    bytes = join({bytes, names});
    pad();
    bytes = join({bytes, text});
    if (withFunction) {
        put(bytes, nameAt, 2);
        put(bytes, 0, 2);
        put(bytes, 0, 2);
    }
    return bytes;
}

} // namespace rbpf::testing
