// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dwarf/render.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxDepth = 16;
constexpr std::size_t kRunShown = 10; ///< as many equal elements as this are told as a run

std::string escaped(unsigned char c, char quote) {
    constexpr std::string_view kCodes = "\a\b\f\n\r\t\v\x1b";
    constexpr std::string_view kNames = "abfnrtve";
    const auto named = kCodes.find(static_cast<char>(c));
    if (named != std::string_view::npos) {
        return {'\\', kNames[named]};
    }
    if (c == '\\' || c == static_cast<unsigned char>(quote)) {
        return {'\\', static_cast<char>(c)};
    }
    return c < 0x20 || c >= 0x7f ? fmt::format("\\x{:02x}", c) : std::string(1, static_cast<char>(c));
}

class Renderer {
public:
    Renderer(const State& state, const RenderOptions& options) : state_(state), options_(options) {}

    std::string any(const Value& value, unsigned depth) {
        if (value.availability == Availability::OptimisedOut) {
            return "<optimised out>";
        }
        if (value.availability == Availability::Unreadable) {
            return "<" + value.reason + ">";
        }
        const Type* type = plain(value.type);
        switch (type->kind) {
        case TypeKind::Struct:
        case TypeKind::Union:
            return depth < kMaxDepth ? members(value, type, depth) : "{…}";
        case TypeKind::Array:
            return depth < kMaxDepth ? array(value, type, depth) : "{…}";
        case TypeKind::Pointer:
            return pointer(value, type);
        case TypeKind::Float:
            return floating(value, type);
        case TypeKind::Void:
            return "<void>";
        case TypeKind::Function:
            return function(value);
        case TypeKind::Unknown:
            return "<type missing from the debug information>";
        default:
            return type->size > 8 ? wide(value) : scalar(value, type);
        }
    }

private:
    std::string scalar(const Value& value, const Type* type) const {
        const auto number = numberOf(value);
        if (!number) {
            return "<not readable>";
        }
        const auto signedNumber = static_cast<std::int64_t>(*number);
        if (type->kind == TypeKind::Boolean && *number < 2 && !options_.hexadecimal) {
            return *number == 0 ? "false" : "true";
        }
        if (type->kind == TypeKind::Enum) {
            const auto name = enumerators(type, signedNumber);
            if (!name.empty()) {
                return name;
            }
        }
        if (options_.hexadecimal) {
            const unsigned unused = 64 - 8 * static_cast<unsigned>(type->size);
            return fmt::format("{:#x}", *number << unused >> unused);
        }
        auto text = type->isSigned ? std::to_string(signedNumber) : std::to_string(*number);
        if (isPlainChar(type)) {
            text += fmt::format(" '{}'", escaped(static_cast<unsigned char>(*number), '\''));
        }
        return text;
    }

    /// The name of a value, or names joined by | where the enumerators are single bits.
    static std::string enumerators(const Type* type, std::int64_t number) {
        for (const auto& enumerator : type->enumerators) {
            if (enumerator.value == number) {
                return enumerator.name;
            }
        }
        std::string names;
        auto rest = static_cast<std::uint64_t>(number);
        for (const auto& enumerator : type->enumerators) {
            const auto bit = static_cast<std::uint64_t>(enumerator.value);
            if (std::has_single_bit(bit) && (rest & bit) != 0) {
                names += (names.empty() ? "" : " | ") + enumerator.name;
                rest &= ~bit;
            }
        }
        return rest == 0 ? names : "";
    }

    static std::string wide(const Value& value) {
        std::string digits;
        for (const auto byte : value.bytes) {
            digits.insert(0, fmt::format("{:02x}", byte));
        }
        return "0x" + digits;
    }

    static std::string floating(const Value& value, const Type* type) {
        if (type->size == sizeof(float) && value.bytes.size() >= sizeof(float)) {
            float number = 0;
            std::memcpy(&number, value.bytes.data(), sizeof number);
            return fmt::format("{}", number);
        }
        if (type->size == sizeof(double) && value.bytes.size() >= sizeof(double)) {
            double number = 0;
            std::memcpy(&number, value.bytes.data(), sizeof number);
            return fmt::format("{}", number);
        }
        return wide(value);
    }

    std::string described(std::uint32_t address) const {
        const auto text = options_.describe ? options_.describe(address) : "";
        return text.empty() ? "" : " " + text;
    }

    std::string function(const Value& value) const {
        const auto address = value.address();
        return address ? fmt::format("{{{}}} {:#x}{}", typeName(value.type), *address, described(*address))
                       : "<function>";
    }

    std::string pointer(const Value& value, const Type* type) {
        const auto number = numberOf(value);
        if (!number) {
            return "<not readable>";
        }
        auto text = fmt::format("{:#x}", *number);
        const auto address = static_cast<std::uint32_t>(*number);
        if (address != 0 && isPlainChar(type->target)) {
            if (const auto string = textAt(address)) {
                return text + " " + *string;
            }
        }
        return address != 0 ? text + described(address) : text;
    }

    /// Up to maxText characters behind a char pointer; nothing where they cannot be read.
    std::optional<std::string> textAt(std::uint32_t address) const {
        std::string text;
        // In pieces that get smaller near the end of a region, which may lie anywhere behind the text.
        std::uint32_t step = 64;
        while (text.size() < options_.maxText) {
            const auto bytes = state_.readMemory(address + static_cast<std::uint32_t>(text.size()), step);
            if (!bytes || bytes->size() != step) {
                if (step == 1) {
                    return text.empty() ? std::nullopt : std::optional(quote(text) + "…");
                }
                step /= 4;
                continue;
            }
            for (const auto byte : *bytes) {
                if (byte == 0) {
                    return quote(text);
                }
                text += static_cast<char>(byte);
            }
        }
        text.resize(options_.maxText);
        return quote(text) + "…";
    }

    static std::string quote(std::string_view text) {
        std::string result = "\"";
        for (const char c : text) {
            result += escaped(static_cast<unsigned char>(c), '"');
        }
        return result + '"';
    }

    std::string members(const Value& value, const Type* type, unsigned depth) {
        if (type->declaredOnly) {
            return "<incomplete type>";
        }
        std::string text = "{";
        for (const auto& member : type->members) {
            if (text.size() > 1) {
                text += ", ";
            }
            if (used_ + text.size() > options_.maxBytes) {
                return text + "…}";
            }
            text += member.name.empty() ? "" : member.name + " = ";
            text += any(memberOf(value, member, state_), depth + 1);
        }
        used_ += text.size();
        return text + "}";
    }

    std::string array(const Value& value, const Type* type, unsigned depth) {
        const auto count = type->count.value_or(0);
        const bool complete =
            std::ranges::none_of(value.parts, [](const Part& part) { return part.where == Part::Where::Missing; });
        if (isPlainChar(type->target) && complete && value.bytes.size() >= std::min(type->size, kLoadBytes)) {
            return string(value);
        }
        std::string text = "{";
        std::size_t shown = 0;
        for (std::uint64_t i = 0; i < count;) {
            if (shown++ == options_.maxElements || used_ + text.size() > options_.maxBytes) {
                text += fmt::format(", … {} more", count - i);
                break;
            }
            const auto element = any(elementOf(value, i, state_), depth + 1);
            std::uint64_t same = 1;
            while (i + same < count && same < kLoadBytes &&
                   any(elementOf(value, i + same, state_), depth + 1) == element) {
                ++same;
            }
            const auto told = same >= kRunShown ? same : 1;
            text += (i == 0 ? "" : ", ") + element;
            text += told > 1 ? fmt::format(" <{} times>", told) : "";
            i += told;
        }
        used_ += text.size();
        return text + "}";
    }

    /// Without the zeroes behind it; a zero in the middle shows as \x00.
    std::string string(const Value& value) const {
        std::string text(value.bytes.begin(), value.bytes.end());
        text.erase(text.find_last_not_of('\0') + 1);
        const bool cut = text.size() > options_.maxText;
        if (cut) {
            text.resize(options_.maxText);
        }
        return quote(text) + (cut ? "…" : "");
    }

    const State& state_;
    const RenderOptions& options_;
    std::size_t used_ = 0;
};

} // namespace

std::string render(const Value& value, const State& state, const RenderOptions& options) {
    return Renderer(state, options).any(value, 0);
}

} // namespace rbpf::dwarf
