// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/packed.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "sdk/analyse/varint.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

constexpr std::size_t kSlotBytes = 8;

/// Fields of an instruction beside its opcode.
enum Field : unsigned {
    kRegisters = 1,
    kOffset = 2,
    kConstant = 4,
    kAllFields = 7
};

/// The fields that an opcode gives a meaning (RFC 9669); unknown ones are given all.
unsigned fieldsOf(std::uint8_t opcode) {
    constexpr std::uint8_t kSourceIsRegister = 0x08;
    const unsigned constant = (opcode & kSourceIsRegister) != 0 ? 0u : unsigned{kConstant};
    const std::uint8_t operation = opcode & 0xf0;
    switch (opcode & 0x07) {
    case image::kClassLd:
        // 0 is the second slot of a wide instruction.
        return opcode == 0 ? kConstant : opcode == image::kOpLddw ? kRegisters | kConstant : kAllFields;
    case image::kClassLdx:
        return kRegisters | kOffset;
    case image::kClassStx: {
        constexpr std::uint8_t kModeMask = 0xe0;
        constexpr std::uint8_t kAtomic = 0xc0;
        return (opcode & kModeMask) == kAtomic ? kAllFields : kRegisters | kOffset;
    }
    case image::kClassAlu:
    case image::kClassAlu64: {
        const bool isSwap = operation == 0xd0;
        const bool isNegation = operation == 0x80;
        const bool hasVariant = operation == 0x30 || operation == 0x90 || (operation == 0xb0 && constant == 0);
        return kRegisters | (isSwap ? unsigned{kConstant} : isNegation ? 0u : constant) | (hasVariant ? kOffset : 0u);
    }
    case image::kClassJmp:
    case image::kClassJmp32:
        if (opcode == image::kOpExit) {
            return 0;
        }
        if (opcode == image::kOpGoto || opcode == image::kOpGotol) {
            return opcode == image::kOpGoto ? kOffset : kConstant;
        }
        return opcode == image::kOpCall ? kAllFields : kRegisters | kOffset | constant;
    default:
        return kAllFields;
    }
}

struct Slot {
    std::uint8_t opcode = 0, registers = 0;
    std::int16_t offset = 0;
    std::int32_t constant = 0;
};

Slot slotOf(const std::uint8_t* bytes) {
    const auto low = static_cast<unsigned>(bytes[2] | bytes[3] << 8);
    const std::uint32_t constant = bytes[4] | std::uint32_t{bytes[5]} << 8 | std::uint32_t{bytes[6]} << 16 |
                                   std::uint32_t{bytes[7]} << 24;
    return {bytes[0], bytes[1], static_cast<std::int16_t>(low), static_cast<std::int32_t>(constant)};
}

void append(Bytes& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

void append(Bytes& out, const Slot& slot) {
    const auto offset = static_cast<std::uint16_t>(slot.offset);
    const auto constant = static_cast<std::uint32_t>(slot.constant);
    out.push_back(slot.opcode);
    out.push_back(slot.registers);
    out.push_back(static_cast<std::uint8_t>(offset));
    out.push_back(static_cast<std::uint8_t>(offset >> 8));
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::uint8_t>(constant >> shift));
    }
}

/// Whether the fields that mean nothing are zero everywhere.
bool isPlainCode(const std::vector<Slot>& slots) {
    return std::ranges::all_of(slots, [](const Slot& slot) {
        const unsigned fields = fieldsOf(slot.opcode);
        return ((fields & kRegisters) != 0 || slot.registers == 0) && ((fields & kOffset) != 0 || slot.offset == 0) &&
               ((fields & kConstant) != 0 || slot.constant == 0);
    });
}

struct Lzss {
    std::size_t bytes = 0;
    LzssShape shape;
};

/// The shape that packs best, of those that a small device has the memory for.
Lzss bestLzss(std::span<const std::uint8_t> bytes) {
    constexpr unsigned kWindows[] = {6, 7, 8, 9, 10};
    constexpr unsigned kLookaheads[] = {3, 4, 5, 6};
    constexpr std::size_t kShapeByte = 1;
    Bytes head;
    putVarint(head, bytes.size());
    Lzss best;
    for (const unsigned window : kWindows) {
        for (const unsigned lookahead : kLookaheads) {
            const LzssShape shape{window, lookahead};
            const Bytes packed = lzssPack(bytes, shape);
            const std::size_t size = packed.size() + kShapeByte + head.size();
            const auto back = lzssUnpack(packed, bytes.size(), shape);
            if (back && std::ranges::equal(*back, bytes) && (best.bytes == 0 || size < best.bytes)) {
                best = {size, shape};
            }
        }
    }
    return best;
}

} // namespace

Bytes varintPack(std::span<const std::uint8_t> bytes, std::size_t textOffset, std::size_t textBytes) {
    std::vector<Slot> slots;
    for (std::size_t at = 0; at < textBytes; at += kSlotBytes) {
        slots.push_back(slotOf(bytes.data() + textOffset + at));
    }
    const bool isPlain = isPlainCode(slots);
    Bytes out{static_cast<std::uint8_t>(isPlain ? 1 : 0)};
    putVarint(out, textOffset);
    putVarint(out, slots.size());
    append(out, bytes.first(textOffset));
    for (const Slot& slot : slots) {
        out.push_back(slot.opcode);
    }
    const auto stream = [&](Field field, const auto& put) {
        for (const Slot& slot : slots) {
            if (!isPlain || (fieldsOf(slot.opcode) & field) != 0) {
                put(slot);
            }
        }
    };
    stream(kRegisters, [&](const Slot& slot) { out.push_back(slot.registers); });
    stream(kOffset, [&](const Slot& slot) { putSigned(out, slot.offset); });
    stream(kConstant, [&](const Slot& slot) { putSigned(out, slot.constant); });
    append(out, bytes.subspan(textOffset + textBytes));
    return out;
}

std::optional<Bytes> varintUnpack(std::span<const std::uint8_t> packed, std::size_t limit) {
    VarintReader in(packed);
    const auto mode = in.take(1);
    const auto textOffset = in.number();
    const auto count = in.number();
    if (!mode || (*mode)[0] > 1 || !textOffset || !count || *count > limit / kSlotBytes) {
        return std::nullopt;
    }
    const bool isPlain = (*mode)[0] == 1;
    const auto head = in.take(*textOffset);
    const auto opcodes = head ? in.take(*count) : std::nullopt;
    if (!opcodes) {
        return std::nullopt;
    }
    std::vector<Slot> slots(*count);
    for (std::size_t i = 0; i < slots.size(); ++i) {
        slots[i].opcode = (*opcodes)[i];
    }
    const auto stream = [&](Field field, const auto& get) {
        return std::ranges::all_of(slots, [&](Slot& slot) {
            return (isPlain && (fieldsOf(slot.opcode) & field) == 0) || get(slot);
        });
    };
    const bool isWhole = stream(kRegisters,
                                [&](Slot& slot) {
                                    const auto byte = in.take(1);
                                    slot.registers = byte ? (*byte)[0] : std::uint8_t{0};
                                    return byte.has_value();
                                }) &&
                         stream(kOffset,
                                [&](Slot& slot) {
                                    const auto value = in.signedNumber();
                                    slot.offset = static_cast<std::int16_t>(value.value_or(0));
                                    return value && *value == slot.offset;
                                }) &&
                         stream(kConstant, [&](Slot& slot) {
                             const auto value = in.signedNumber();
                             slot.constant = value.value_or(0);
                             return value.has_value();
                         });
    if (!isWhole || head->size() + slots.size() * kSlotBytes + in.left() > limit) {
        return std::nullopt;
    }
    Bytes bytes(head->begin(), head->end());
    for (const Slot& slot : slots) {
        append(bytes, slot);
    }
    append(bytes, *in.take(in.left()));
    return bytes;
}

PackedSizes packedSizes(const image::Image& image) {
    PackedSizes sizes;
    sizes.plain = image.bytes.size();
    const Lzss lzss = bestLzss(image.bytes);
    // A text of a foreign image need not be whole slots.
    const Bytes packed = varintPack(image.bytes, image.textOffset, image.textBytes / kSlotBytes * kSlotBytes);
    const Lzss both = bestLzss(packed);
    sizes.lzss = lzss.bytes;
    sizes.lzssShape = lzss.shape;
    if (varintUnpack(packed, image.bytes.size()) == image.bytes) {
        sizes.varint = packed.size();
        sizes.varintLzss = both.bytes;
        sizes.varintLzssShape = both.shape;
    }
    return sizes;
}

std::string packedText(const PackedSizes& sizes) {
    const auto row = [&](const std::string& form, std::size_t bytes) {
        return fmt::format("{:<40} {:>8} {:>6.1f}%\n", form, bytes,
                           100.0 * static_cast<double>(bytes) / static_cast<double>(sizes.plain));
    };
    const auto lzss = [](const char* before, const LzssShape& shape) {
        return fmt::format("{}LZSS, window {} B, up to {} B", before, 1u << shape.windowBits, 1u << shape.lookaheadBits);
    };
    return fmt::format("{:<40} {:>8} {:>7}\n", "on the wire", "bytes", "share") + row("plain", sizes.plain) +
           row(lzss("", sizes.lzssShape), sizes.lzss) + row("fields as varints", sizes.varint) +
           row(lzss("fields, then ", sizes.varintLzssShape), sizes.varintLzss);
}

} // namespace rbpf::analyse
