// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/cbor_value.hpp"

#include <algorithm>
#include <limits>

namespace rbpf::link {

using wire::CborType;

namespace {

constexpr int kDepthMax = 8;

bool decodeItem(wire::CborReader& reader, CborValue& value, int depth) {
    wire::CborItem item;
    if (depth > kDepthMax || !reader.next(item)) {
        return false;
    }
    value.type = item.type;
    value.number = item.value;
    if (item.data.size != 0) {
        value.bytes.assign(item.data.data, item.data.data + item.data.size);
    }
    std::uint64_t count = item.type == CborType::Array ? item.value : item.type == CborType::Map ? 2 * item.value : 0;
    for (; count > 0; --count) { // the reader refuses counts that the input cannot hold
        if (!decodeItem(reader, value.items.emplace_back(), depth + 1)) {
            return false;
        }
    }
    return true;
}

} // namespace

std::size_t utf8Sequence(std::span<const std::uint8_t> bytes) {
    const std::uint8_t lead = bytes[0];
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size == 0 || size > bytes.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < size; ++i) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (lead == 0xE0 && bytes[1] < 0xA0) || (lead == 0xF0 && bytes[1] < 0x90);
    const bool surrogate = lead == 0xED && bytes[1] >= 0xA0;
    const bool beyond = lead == 0xF4 && bytes[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : size;
}

std::optional<CborValue> decodeCbor(std::span<const std::uint8_t> bytes) {
    wire::CborReader reader({bytes.data(), bytes.size()});
    CborValue value;
    if (!decodeItem(reader, value, 0) || !reader.atEnd()) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::uint32_t> CborValue::u32() const {
    if (type != CborType::Uint || number > std::numeric_limits<std::uint32_t>::max()) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(number);
}

std::optional<std::int64_t> CborValue::i64() const {
    const bool isNumber = type == CborType::Uint || type == CborType::Negative;
    if (!isNumber || number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return std::nullopt;
    }
    const auto magnitude = static_cast<std::int64_t>(number);
    return type == CborType::Uint ? magnitude : -1 - magnitude;
}

std::optional<std::string> CborValue::text() const {
    if (type != CborType::Text) {
        return std::nullopt;
    }
    std::string result;
    std::span<const std::uint8_t> rest(bytes);
    while (!rest.empty()) {
        const std::size_t size = utf8Sequence(rest);
        if (size == 0 || (size == 1 && (rest[0] < 0x20 || rest[0] == 0x7F))) {
            result += "\xEF\xBF\xBD";
            rest = rest.subspan(1);
        } else {
            result.append(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(size));
            rest = rest.subspan(size);
        }
    }
    return result;
}

const CborValue* CborValue::find(std::string_view key) const {
    if (type != CborType::Map) {
        return nullptr;
    }
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        const CborValue& name = items[i];
        if (name.type == CborType::Text && std::equal(name.bytes.begin(), name.bytes.end(), key.begin(), key.end())) {
            return &items[i + 1];
        }
    }
    return nullptr;
}

} // namespace rbpf::link
