// SPDX-License-Identifier: GPL-3.0-or-later
// Intel HEX in and out: ":" count, address, type, data, checksum; types 0 data, 1 end, 2 segment and 4 linear base
// (3 and 5, start addresses, mean nothing to a Cortex-M).
#include <fmt/format.h>

#include "debugger/flash/firmware.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::flash {

namespace {

using support::ErrorKind;
using support::Result;

enum RecordType : std::uint8_t {
    kData = 0,
    kEnd = 1,
    kSegmentBase = 2,
    kLinearBase = 4,
};

struct Record {
    std::uint8_t type;
    std::uint16_t address;
    std::vector<std::uint8_t> data;
};

constexpr std::size_t kOverhead = 5; // count, address, type, checksum
constexpr std::size_t kRowBytes = 16;

/// nullopt with `why` set.
std::optional<Record> parseRecord(std::string_view line, const char*& why) {
    if (!line.starts_with(':')) {
        why = "a record begins with \":\"";
        return std::nullopt;
    }
    const auto bytes = support::fromHex(line.substr(1));
    if (!bytes || bytes->size() < kOverhead || bytes->size() != kOverhead + bytes->front()) {
        why = "the record is cut short or too long";
        return std::nullopt;
    }
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : *bytes) {
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    if (sum != 0) {
        why = "the checksum is wrong";
        return std::nullopt;
    }
    return Record{(*bytes)[3],
                  static_cast<std::uint16_t>((*bytes)[1] << 8 | (*bytes)[2]),
                  {bytes->begin() + 4, bytes->end() - 1}};
}

void appendRecord(std::string& text, RecordType type, std::uint32_t address, std::span<const std::uint8_t> data) {
    std::vector<std::uint8_t> bytes{static_cast<std::uint8_t>(data.size()), static_cast<std::uint8_t>(address >> 8),
                                    static_cast<std::uint8_t>(address), type};
    bytes.insert(bytes.end(), data.begin(), data.end());
    std::uint8_t sum = 0;
    for (const std::uint8_t byte : bytes) {
        sum = static_cast<std::uint8_t>(sum + byte);
    }
    bytes.push_back(static_cast<std::uint8_t>(-sum));
    text += ":";
    for (const std::uint8_t byte : bytes) {
        text += fmt::format("{:02X}", byte);
    }
    text += "\n";
}

/// Appends to the last part where it goes on there.
void addData(Firmware& firmware, std::uint32_t address, const std::vector<std::uint8_t>& data) {
    if (firmware.parts.empty() || firmware.parts.back().end() != address) {
        firmware.parts.push_back({address, {}});
    }
    firmware.parts.back().bytes.insert(firmware.parts.back().bytes.end(), data.begin(), data.end());
}

} // namespace

Result<Firmware> detail::readIntelHex(const std::filesystem::path& path, std::string_view text) {
    Firmware firmware{path, {}, std::nullopt};
    std::uint32_t base = 0;
    unsigned number = 0;
    const auto wrong = [&](std::string_view why) {
        return support::fail(ErrorKind::Usage, fmt::format("{}:{}: {}", path.string(), number, why),
                             "the file is damaged; build or download it again");
    };
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        std::string_view line = text.substr(0, newline);
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        ++number;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            continue;
        }
        const char* why = nullptr;
        const auto record = parseRecord(line, why);
        if (!record) {
            return wrong(why);
        }
        if (record->type == kEnd) {
            return firmware;
        }
        if (record->type == kSegmentBase || record->type == kLinearBase) {
            if (record->data.size() != 2) {
                return wrong("a base address has two bytes");
            }
            const std::uint32_t value = static_cast<std::uint32_t>(record->data[0] << 8 | record->data[1]);
            base = record->type == kLinearBase ? value << 16 : value << 4;
        } else if (record->type == kData) {
            addData(firmware, base + record->address, record->data);
        }
    }
    return wrong("the record that ends the file is missing");
}

std::string toIntelHex(const std::vector<Part>& parts) {
    std::string text;
    std::uint32_t base = 0;
    for (const Part& part : parts) {
        for (std::size_t at = 0; at < part.bytes.size();) {
            const auto address = static_cast<std::uint32_t>(part.address + at);
            if (address >> 16 != base) {
                base = address >> 16;
                const std::uint8_t data[] = {static_cast<std::uint8_t>(base >> 8), static_cast<std::uint8_t>(base)};
                appendRecord(text, kLinearBase, 0, data);
            }
            // A row must not cross the 64 KB that its base reaches.
            const std::size_t count =
                std::min({kRowBytes, part.bytes.size() - at, std::size_t{0x10000 - (address & 0xffff)}});
            appendRecord(text, kData, address & 0xffff, std::span(part.bytes).subspan(at, count));
            at += count;
        }
    }
    appendRecord(text, kEnd, 0, {});
    return text;
}

} // namespace rbpf::flash
