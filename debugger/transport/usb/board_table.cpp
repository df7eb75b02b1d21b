// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/transport/usb/board_table.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sdk/support/files.hpp"

namespace rbpf::usb {

using nlohmann::json;
using support::ErrorKind;

namespace {

constexpr std::string_view kShipped =
#include "shipped_boards.inc"
    ;

bool contains(const std::string& text, const std::string& part) {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    return part.empty() || std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// Reads one row; what is wrong with it is kept, the first time.
class Row {
public:
    Row(const json& value, std::string place) : value_(value), place_(std::move(place)) {}

    BoardKind read() {
        BoardKind kind;
        if (!value_.is_object()) {
            complainOf("", "an object", value_);
            return kind;
        }
        for (const auto& [key, value] : value_.items()) {
            readField(kind, key, value);
        }
        if (!kind.vendorId && kind.product.empty() && kind.manufacturer.empty()) {
            complain("", "vid, product or manufacturer", "none of them");
        }
        if (!kind.productIds.empty() && !kind.vendorId) {
            complain(".pid", "vid beside it", "none");
        }
        return kind;
    }

    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void readField(BoardKind& kind, const std::string& key, const json& value) {
        const std::string place = "." + key;
        if (key == "board") {
            kind.board = text(place, value);
        } else if (key == "name") {
            kind.name = text(place, value);
        } else if (key == "vid") {
            kind.vendorId = id(place, value);
        } else if (key == "pid") {
            for (const json& one : list(value)) {
                kind.productIds.push_back(id(place, one));
            }
        } else if (key == "manufacturer") {
            kind.manufacturer = text(place, value);
        } else if (key == "product") {
            kind.product = text(place, value);
        } else if (key == "serialNumber") {
            for (const json& one : list(value)) {
                kind.serialNumbers.push_back(text(place, one));
            }
        } else if (key == "interface") {
            if (value.is_number_unsigned() && value.get<std::uint64_t>() < 256) {
                kind.interface = value.get<int>();
            } else {
                complainOf(place, "a number from 0 to 255", value);
            }
        } else if (key == "probe") {
            kind.probe = text(place, value);
        } else if (key == "target") {
            kind.target = text(place, value);
        } else if (key == "bootloader") {
            kind.bootloader = truth(place, value);
        } else if (key == "shared") {
            kind.shared = truth(place, value);
        } else {
            complain(place,
                     "board, name, vid, pid, manufacturer, product, serialNumber, interface, probe, target, "
                     "bootloader or shared",
                     "\"" + key + "\"");
        }
    }

    static std::vector<json> list(const json& value) {
        return value.is_array() ? value.get<std::vector<json>>() : std::vector<json>{value};
    }

    std::string text(const std::string& place, const json& value) {
        if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
            return value.get<std::string>();
        }
        complainOf(place, "a text", value);
        return {};
    }

    bool truth(const std::string& place, const json& value) {
        if (!value.is_boolean()) {
            complainOf(place, "true or false", value);
            return false;
        }
        return value.get<bool>();
    }

    std::uint16_t id(const std::string& place, const json& value) {
        const std::string digits = value.is_string() ? value.get<std::string>() : "";
        if (digits.size() != 4 || digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
            complainOf(place, "four hexadecimal digits as a text", value);
            return 0;
        }
        return static_cast<std::uint16_t>(std::strtoul(digits.c_str(), nullptr, 16));
    }

    void complainOf(const std::string& where, const char* expected, const json& found) {
        complain(where, expected, found.dump(-1, ' ', false, json::error_handler_t::replace));
    }
    void complain(const std::string& where, const char* expected, const std::string& found) {
        if (problem_.empty()) {
            problem_ = fmt::format("{}{}: expected {}, found {}", place_, where, expected, found);
        }
    }

    const json& value_;
    std::string place_;
    std::string problem_;
};

/// "3:14" of a byte's position that counts from 1.
std::string lineAndColumn(std::string_view text, std::size_t byte) {
    const std::string_view before = text.substr(0, std::min(byte == 0 ? 0 : byte - 1, text.size()));
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return fmt::format("{}:{}", lines + 1, before.size() - begin + 1);
}

} // namespace

bool BoardKind::matches(const Device& device) const {
    const auto begins = [&](const std::string& start) { return device.serialNumber.starts_with(start); };
    return (!vendorId || *vendorId == device.vendorId) &&
           (productIds.empty() || std::count(productIds.begin(), productIds.end(), device.productId) != 0) &&
           contains(device.manufacturer, manufacturer) && contains(device.product, product) &&
           (serialNumbers.empty() || std::any_of(serialNumbers.begin(), serialNumbers.end(), begins));
}

support::Result<std::vector<BoardKind>> parseBoardTable(std::string_view text, const std::string& file) {
    const char* hint = "debugger/docs/boards.md describes the format";
    json whole;
    try {
        whole = json::parse(text);
    } catch (const json::parse_error& error) {
        return support::fail(
            ErrorKind::Usage,
            fmt::format("{}:{}: expected JSON, found a mistake", file, lineAndColumn(text, error.byte)), hint);
    }
    if (!whole.is_object() || !whole.contains("boards") || !whole["boards"].is_array()) {
        return support::fail(ErrorKind::Usage, file + ": expected an object with a list \"boards\", found neither",
                             hint);
    }
    std::vector<BoardKind> kinds;
    for (const json& one : whole["boards"]) {
        Row row(one, fmt::format("{}: boards[{}]", file, kinds.size()));
        kinds.push_back(row.read());
        if (!row.problem().empty()) {
            return support::fail(ErrorKind::Usage, row.problem(), hint);
        }
    }
    return kinds;
}

const BoardKind* BoardTable::find(const Device& device) const {
    const auto found =
        std::find_if(kinds.begin(), kinds.end(), [&](const BoardKind& kind) { return kind.matches(device); });
    return found == kinds.end() ? nullptr : &*found;
}

std::filesystem::path configFolder() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config == '/') {
        return std::filesystem::path(config) / "rbpf";
    }
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home != nullptr && *home != 0 ? home : "/") / ".config/rbpf";
}

std::filesystem::path userBoardTable() {
    return configFolder() / "usb_boards.json";
}

BoardTable loadBoardTable() {
    BoardTable table;
    const std::filesystem::path file = userBoardTable();
    std::error_code none;
    if (std::filesystem::exists(file, none)) {
        auto kinds = support::readText(file).and_then(
            [&](const std::string& text) { return parseBoardTable(text, file.string()); });
        if (kinds) {
            table.kinds = std::move(*kinds);
        } else {
            table.problem = kinds.error();
        }
    }
    if (const auto shipped = parseBoardTable(kShipped, "boards.json")) {
        table.kinds.insert(table.kinds.end(), shipped->begin(), shipped->end());
    }
    return table;
}

} // namespace rbpf::usb
