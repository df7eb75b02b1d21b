// SPDX-License-Identifier: GPL-3.0-or-later
// Source places of functions and addresses of variables as text, in the object and in the debug ELF; and little-endian
// numbers in byte arrays.
#include <charconv>
#include <string_view>

#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

std::string_view cut(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

template <typename T>
T number(std::string_view text) {
    T value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

std::map<std::string, Place> readPlaces(const std::vector<std::uint8_t>& bytes) {
    std::map<std::string, Place> places;
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!text.empty()) {
        std::string_view line = cut(text, '\n');
        const std::string name(cut(line, '\t'));
        if (name.empty() || name.front() == '\0') {
            continue;
        }
        Place& place = places[name];
        place.frameBytes = number<std::uint32_t>(cut(line, '\t'));
        place.line = number<unsigned>(cut(line, '\t'));
        place.file = std::string(line);
    }
    return places;
}

std::map<std::string, std::uint64_t> readAddresses(const std::vector<std::uint8_t>& bytes) {
    std::map<std::string, std::uint64_t> addresses;
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    while (!text.empty()) {
        std::string_view line = cut(text, '\n');
        const std::string name(cut(line, '\t'));
        addresses[name] = number<std::uint64_t>(line);
    }
    return addresses;
}

std::vector<std::uint8_t> writePlaces(const std::vector<Function>& functions) {
    std::string text;
    for (const Function& function : functions) {
        text += function.name + "\t" + std::to_string(function.frameBytes) + "\t" + std::to_string(function.line) +
                "\t" + function.file + "\n";
    }
    return {text.begin(), text.end()};
}

std::uint64_t load(const std::vector<std::uint8_t>& bytes, std::size_t offset, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) {
        value = (value << 8) | bytes[offset + i];
    }
    return value;
}

void store(std::vector<std::uint8_t>& bytes, std::size_t offset, std::size_t size, std::uint64_t value) {
    for (std::size_t i = 0; i < size; ++i) {
        bytes[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
}

} // namespace rbpf::linker
