// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/image.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <optional>

#include "sdk/image/checksum.hpp"
#include "sdk/image/instruction.hpp"
#include "sdk/support/byte_reader.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::image {

namespace {

using support::ByteReader;
using support::ErrorKind;
using support::Result;

constexpr std::uint32_t kHeaderBytes = 56;
constexpr std::uint32_t kEntryBytes = 8;
constexpr std::uint32_t kRegionBytesMax = RBPF_OFFSET_MASK + 1;
constexpr std::size_t kImageBytesMax = 16u << 20; // far beyond any device; keeps sums below 32 bits

tl::unexpected<support::Error> bad(std::size_t offset, const std::string& expected, const std::string& found) {
    return support::fail(ErrorKind::Script, fmt::format("byte {}: expected {}, found {}", offset, expected, found));
}

std::uint32_t roundUp(std::uint32_t value) {
    return (value + 7u) & ~7u;
}

void addPart(Image& image, const char* name, std::uint32_t offset, std::uint32_t size) {
    if (size != 0) {
        image.parts.push_back({name, offset, size});
    }
}

/// The header's fields; only called when the whole header is there.
rbpf_image_header_t readHeader(const ByteReader& reader) {
    rbpf_image_header_t h{};
    h.magic = *reader.u32(0);
    h.version = *reader.u8(4);
    h.flags = *reader.u8(5);
    h.headerBytes = *reader.u16(6);
    h.checksum = *reader.u32(8);
    h.textBytes = *reader.u32(12);
    h.rodataBytes = *reader.u32(16);
    h.dataBytes = *reader.u32(20);
    h.bssBytes = *reader.u32(24);
    h.budget = *reader.u32(28);
    h.stackBytes = *reader.u16(32);
    h.entryCount = *reader.u8(34);
    h.bindingCount = *reader.u8(35);
    h.name = *reader.u16(36);
    h.scriptVersion = *reader.u16(38);
    std::ranges::copy(*reader.bytes(40, RBPF_BUILD_ID_BYTES), h.buildId);
    return h;
}

/// Where strings may lie, and the parts named after reading them.
struct V1Reader {
    ByteReader reader;
    rbpf_image_header_t header{};
    std::uint32_t stringsOffset = 0;
    std::uint32_t stringsEnd = 0; ///< behind the last string that something refers to

    Result<std::string> text(std::size_t at, std::uint16_t offset, const char* what) {
        const auto found = offset < stringsOffset ? std::nullopt : reader.text(offset, header.headerBytes);
        if (!found) {
            return bad(at, fmt::format("the offset of {} between {} and {}", what, stringsOffset, header.headerBytes),
                       std::to_string(offset));
        }
        stringsEnd = std::max<std::uint32_t>(stringsEnd, offset + static_cast<std::uint32_t>(found->size()) + 1);
        return *found;
    }
};

Result<void> checkHeader(const rbpf_image_header_t& h, std::size_t size) {
    if (h.version != RBPF_IMAGE_VERSION) {
        return bad(4, fmt::format("format version {}", RBPF_IMAGE_VERSION), std::to_string(h.version));
    }
    if (h.flags != 0) {
        return bad(5, "no flags (0)", std::to_string(h.flags));
    }
    const std::uint32_t tables = kHeaderBytes + h.entryCount * kEntryBytes + h.bindingCount * 2u;
    if (h.headerBytes % 8 != 0 || h.headerBytes < tables) {
        return bad(6, fmt::format("a header of at least {} bytes, a multiple of 8", tables),
                   std::to_string(h.headerBytes));
    }
    if (h.textBytes % 8 != 0 || h.textBytes == 0) {
        return bad(12, "text of at least 8 bytes, a multiple of 8", std::to_string(h.textBytes));
    }
    if (h.stackBytes % 8 != 0) {
        return bad(32, "a stack size that is a multiple of 8", std::to_string(h.stackBytes));
    }
    if (h.entryCount == 0) {
        return bad(34, "at least one entry", "0");
    }
    if (const std::uint64_t ram = std::uint64_t{h.dataBytes} + h.bssBytes; ram > kRegionBytesMax) {
        return bad(24, fmt::format("data and bss of at most {} bytes together", kRegionBytesMax), std::to_string(ram));
    }
    // In 64 bits: the three sizes come from the file.
    std::uint64_t wanted = std::uint64_t{h.headerBytes} + h.textBytes + h.rodataBytes;
    if (h.dataBytes != 0) {
        wanted = ((wanted + 7) & ~std::uint64_t{7}) + h.dataBytes;
    }
    if (wanted > size) {
        return bad(size, fmt::format("{} bytes as the header's sizes say", wanted), "the end of the file");
    }
    if (wanted != size) {
        return bad(wanted, "the end of the file", fmt::format("{} more bytes", size - wanted));
    }
    return {};
}

Result<Image> readV1(std::vector<std::uint8_t> bytes) {
    V1Reader in{ByteReader(bytes)};
    if (in.reader.size() < kHeaderBytes) {
        return bad(in.reader.size(), fmt::format("a header of {} bytes", kHeaderBytes), "the end of the file");
    }
    in.header = readHeader(in.reader);
    const rbpf_image_header_t& h = in.header;
    if (const auto checked = checkHeader(h, bytes.size()); !checked) {
        return tl::unexpected(checked.error());
    }
    if (const std::uint32_t sum = checksum(bytes); sum != h.checksum) {
        return bad(8, fmt::format("checksum {:08x}", sum), fmt::format("{:08x}", h.checksum));
    }

    if (const std::uint8_t last = *in.reader.u8(h.headerBytes - 1u); last != 0) {
        return bad(h.headerBytes - 1u, "a 0 before the text", std::to_string(last));
    }

    Image image;
    const std::uint32_t bindingsOffset = kHeaderBytes + h.entryCount * kEntryBytes;
    in.stringsOffset = in.stringsEnd = bindingsOffset + h.bindingCount * 2u;
    for (const auto& [at, offset, what, to] : {std::tuple(36u, h.name, "the name", &image.name),
                                               std::tuple(38u, h.scriptVersion, "the version", &image.version)}) {
        auto text = in.text(at, offset, what);
        if (!text) {
            return tl::unexpected(text.error());
        }
        *to = *text;
    }
    for (std::uint32_t i = 0; i < h.entryCount; ++i) {
        const std::uint32_t at = kHeaderBytes + i * kEntryBytes;
        const auto name = in.text(at, *in.reader.u16(at), "an entry's name");
        const auto trigger = in.text(at + 2, *in.reader.u16(at + 2), "an entry's trigger");
        if (!name || !trigger) {
            return tl::unexpected(name ? trigger.error() : name.error());
        }
        const Entry entry{*name, *trigger, *in.reader.u16(at + 4), *in.reader.u16(at + 6)};
        if (entry.insnIndex >= h.textBytes / 8) {
            return bad(at + 4, fmt::format("an instruction index below {}", h.textBytes / 8),
                       std::to_string(entry.insnIndex));
        }
        image.entries.push_back(entry);
    }
    for (std::uint32_t i = 0; i < h.bindingCount; ++i) {
        const std::uint32_t at = bindingsOffset + i * 2;
        const std::uint16_t id = *in.reader.u16(at);
        if (!image.bindings.empty() && id <= image.bindings.back()) {
            return bad(at, fmt::format("a binding id above {}", image.bindings.back()), std::to_string(id));
        }
        image.bindings.push_back(id);
    }

    std::ranges::copy(h.buildId, image.buildId.begin());
    image.textOffset = h.headerBytes;
    image.textBytes = h.textBytes;
    image.rodataOffset = image.textOffset + image.textBytes;
    image.rodataBytes = h.rodataBytes;
    const auto size = static_cast<std::uint32_t>(bytes.size());
    image.dataOffset = h.dataBytes != 0 ? size - h.dataBytes : size;
    image.dataBytes = h.dataBytes;
    image.bssBytes = h.bssBytes;
    image.stackBytes = h.stackBytes;
    image.budget = h.budget;
    addPart(image, "header", 0, kHeaderBytes);
    addPart(image, "entries", kHeaderBytes, bindingsOffset - kHeaderBytes);
    addPart(image, "bindings", bindingsOffset, h.bindingCount * 2u);
    addPart(image, "strings", in.stringsOffset, in.stringsEnd - in.stringsOffset);
    addPart(image, "padding", in.stringsEnd, h.headerBytes - in.stringsEnd);
    addPart(image, "text", image.textOffset, image.textBytes);
    addPart(image, "rodata", image.rodataOffset, image.rodataBytes);
    const std::uint32_t rodataEnd = image.rodataOffset + image.rodataBytes;
    addPart(image, "padding", rodataEnd, image.dataOffset - rodataEnd);
    addPart(image, "data", image.dataOffset, image.dataBytes);
    image.bytes = std::move(bytes);
    return image;
}

/// facts: header of seven words, data (padded to 8), rodata and names (padded to 8), text, functions of six bytes.
Result<Image> readFemto(std::vector<std::uint8_t> bytes) {
    const ByteReader reader(bytes);
    if (reader.size() < RBPF_FC_HEADER_BYTES) {
        return bad(reader.size(), fmt::format("a header of {} bytes", RBPF_FC_HEADER_BYTES), "the end of the file");
    }
    const std::uint32_t dataBytes = *reader.u32(12);
    const std::uint32_t rodataBytes = *reader.u32(16);
    const std::uint32_t textBytes = *reader.u32(20);
    const std::uint32_t functionCount = *reader.u32(24);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    if (textBytes % 8 != 0 || textBytes == 0) {
        return bad(20, "text of at least 8 bytes, a multiple of 8", std::to_string(textBytes));
    }
    const auto padded = [](std::uint64_t value) { return (value + 7) & ~std::uint64_t{7}; };
    const std::uint64_t wanted =
        RBPF_FC_HEADER_BYTES + padded(dataBytes) + padded(rodataBytes) + textBytes + std::uint64_t{functionCount} * 6;
    if (wanted > size) {
        return bad(size, fmt::format("{} bytes as the header's sizes say", wanted), "the end of the file");
    }
    if (wanted < size) {
        return bad(wanted, "the end of the file", fmt::format("{} more bytes", size - wanted));
    }

    Image image;
    image.format = Format::Femto;
    image.stackBytes = 512;
    image.dataOffset = RBPF_FC_HEADER_BYTES;
    image.dataBytes = dataBytes;
    image.rodataOffset = image.dataOffset + roundUp(dataBytes);
    image.rodataBytes = rodataBytes;
    image.textOffset = image.rodataOffset + roundUp(rodataBytes);
    image.textBytes = textBytes;
    const std::uint32_t functions = image.textOffset + textBytes;
    for (std::uint32_t i = 0; i < functionCount; ++i) {
        const std::uint32_t at = functions + i * 6;
        // Names are counted from the start of rodata.
        const std::uint32_t nameOffset = *reader.u16(at);
        const auto name = reader.text(image.rodataOffset + nameOffset, image.textOffset);
        const std::uint16_t textAt = *reader.u16(at + 4);
        if (textAt % 8 != 0 || textAt >= textBytes) {
            return bad(at + 4, fmt::format("a text offset below {}, a multiple of 8", textBytes),
                       std::to_string(textAt));
        }
        image.entries.push_back({name.value_or(""), "", textAt / 8u, 0});
    }
    if (image.entries.empty()) {
        image.entries.push_back({"", "", 0, 0});
    }
    addPart(image, "header", 0, RBPF_FC_HEADER_BYTES);
    addPart(image, "data", image.dataOffset, dataBytes);
    addPart(image, "padding", image.dataOffset + dataBytes, roundUp(dataBytes) - dataBytes);
    addPart(image, "rodata", image.rodataOffset, rodataBytes);
    addPart(image, "padding", image.rodataOffset + rodataBytes, roundUp(rodataBytes) - rodataBytes);
    addPart(image, "text", image.textOffset, textBytes);
    addPart(image, "functions", functions, size - functions);
    image.bytes = std::move(bytes);
    for (const Instruction& instruction : decode(image.text())) {
        const auto id = static_cast<std::uint16_t>(instruction.imm);
        if (instruction.isBindingCall() && std::ranges::find(image.bindings, id) == image.bindings.end()) {
            image.bindings.push_back(id);
        }
    }
    std::ranges::sort(image.bindings);
    return image;
}

} // namespace

Result<Image> read(std::vector<std::uint8_t> bytes) {
    if (bytes.size() > kImageBytesMax) {
        return bad(0, "an image of at most 16 MB", fmt::format("{} bytes", bytes.size()));
    }
    const auto magic = ByteReader(bytes).u32(0);
    if (magic == RBPF_IMAGE_MAGIC) {
        return readV1(std::move(bytes));
    }
    if (magic == RBPF_FC_MAGIC) {
        return readFemto(std::move(bytes));
    }
    const std::string found = bytes.empty()                                              ? "an empty file"
                              : bytes.size() >= 4 && bytes[0] == 0x7f && bytes[1] == 'E' ? "an ELF file"
                                                                                         : "something else";
    return support::fail(ErrorKind::Script,
                         "byte 0: expected \"rBPI\" (or \"rBPF\" of a Femto-Container), found " + found,
                         "an image is what `rbpf build` writes to build/NAME.rbpf");
}

Result<Image> readFile(const std::filesystem::path& path) {
    auto bytes = support::readBytes(path);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    auto image = read(std::move(*bytes));
    if (!image) {
        image.error().message = path.string() + ": " + image.error().message;
    }
    return image;
}

} // namespace rbpf::image
