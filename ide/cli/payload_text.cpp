// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/payload_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "debugger/link/cbor_value.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

namespace {

using link::CborValue;
using wire::CborType;

constexpr std::uint16_t kOctets = 42, kCbor = 60;

std::string keyText(const CborValue& key) {
    return key.is(CborType::Text) ? key.text().value_or("")
           : key.i64()            ? std::to_string(*key.i64())
                                  : "h'" + support::toHex(key.bytes) + "'";
}

nlohmann::ordered_json toJson(const CborValue& value) {
    switch (value.type) {
    case CborType::Uint:
        return value.number;
    case CborType::Negative:
        return value.i64() ? nlohmann::ordered_json(*value.i64()) : nlohmann::ordered_json(fmt::format("-1-{}", value.number));
    case CborType::Bytes:
        return "h'" + support::toHex(value.bytes) + "'";
    case CborType::Text:
        return value.text().value_or("");
    case CborType::Array: {
        auto list = nlohmann::ordered_json::array();
        for (const CborValue& item : value.items) {
            list.push_back(toJson(item));
        }
        return list;
    }
    case CborType::Map: {
        auto map = nlohmann::ordered_json::object();
        for (std::size_t i = 0; i + 1 < value.items.size(); i += 2) {
            map[keyText(value.items[i])] = toJson(value.items[i + 1]);
        }
        return map;
    }
    case CborType::Boolean:
        return value.number != 0;
    case CborType::Null:
        break;
    }
    return nullptr;
}

} // namespace

std::string escaped(std::span<const std::uint8_t> bytes) {
    std::string text;
    while (!bytes.empty()) {
        const std::uint8_t first = bytes.front();
        const std::size_t length = link::utf8Sequence(bytes);
        const bool isControl = (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
        if (length == 0 || isControl) {
            text += fmt::format("\\x{:02x}", first);
            bytes = bytes.subspan(1);
        } else {
            text.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
            bytes = bytes.subspan(length);
        }
    }
    return text;
}

std::string formatName(std::optional<std::uint16_t> format) {
    if (!format) {
        return "no format";
    }
    switch (*format) {
    case 0:
        return "text/plain";
    case 40:
        return "link-format";
    case 41:
        return "XML";
    case kOctets:
        return "octet-stream";
    case 50:
        return "JSON";
    case kCbor:
        return "CBOR";
    default:
        return fmt::format("format {}", *format);
    }
}

std::string payloadText(std::optional<std::uint16_t> format, std::span<const std::uint8_t> payload) {
    if (format == kCbor) {
        const auto value = link::decodeCbor(payload);
        return value ? toJson(*value).dump(2) : support::toHex(payload);
    }
    return format == kOctets ? support::toHex(payload) : escaped(payload);
}

} // namespace rbpf::cli
