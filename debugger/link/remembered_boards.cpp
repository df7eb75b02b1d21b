// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/remembered_boards.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "debugger/transport/network_address.hpp"
#include "debugger/transport/usb/board_table.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::link {

using nlohmann::json;
using support::ErrorKind;

namespace {

bool isName(const std::string& name) {
    return !name.empty() && name.size() <= 64 && name[0] != '.' && name[0] != '-' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               std::string::npos;
}

auto find(std::vector<RememberedBoard>& boards, const std::string& name) {
    return std::find_if(boards.begin(), boards.end(), [&](const RememberedBoard& one) { return one.name == name; });
}

support::Result<void> write(const std::vector<RememberedBoard>& boards) {
    json list = json::array();
    for (const RememberedBoard& board : boards) {
        list.push_back({{"name", board.name}, {"address", board.address}});
    }
    return support::writeAtomically(rememberedBoardsFile(), json{{"boards", std::move(list)}}.dump(4) + "\n");
}

} // namespace

std::filesystem::path rememberedBoardsFile() {
    return usb::configFolder() / "remote_boards.json";
}

support::Result<std::vector<RememberedBoard>> rememberedBoards() {
    const std::filesystem::path file = rememberedBoardsFile();
    std::vector<RememberedBoard> boards;
    std::error_code none;
    if (!std::filesystem::exists(file, none)) {
        return boards;
    }
    const auto text = support::readText(file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    const json whole = json::parse(*text, nullptr, false);
    const auto wrong = [&](const std::string& found) {
        return support::fail(ErrorKind::Usage,
                             file.string() + ": expected {\"boards\": [{\"name\": …, \"address\": …}]}, found " + found,
                             "mend it or remove it; `rbpf board add` writes it");
    };
    if (!whole.is_object() || !whole.contains("boards") || !whole["boards"].is_array()) {
        return wrong(whole.is_discarded() ? "no JSON" : "no list of boards");
    }
    for (const json& one : whole["boards"]) {
        if (!one.is_object() || !one.contains("name") || !one["name"].is_string() || !one.contains("address") ||
            !one["address"].is_string()) {
            return wrong(one.dump(-1, ' ', false, json::error_handler_t::replace));
        }
        boards.push_back({one["name"].get<std::string>(), one["address"].get<std::string>()});
    }
    std::sort(boards.begin(), boards.end(),
              [](const RememberedBoard& a, const RememberedBoard& b) { return a.name < b.name; });
    return boards;
}

support::Result<void> rememberBoard(const std::string& name, const std::string& address) {
    if (!isName(name)) {
        return support::fail(ErrorKind::Usage,
                             "a board's name: expected letters, digits, '.', '_' or '-', found \"" + name + "\"");
    }
    if (transport::isNetworkAddress(address)) {
        if (const auto parsed = transport::parseNetworkAddress(address); !parsed) {
            return tl::unexpected(parsed.error());
        }
    } else if (!address.starts_with("/")) {
        return support::fail(
            ErrorKind::Usage,
            "a board's address: expected tcp://HOST:PORT, rfc2217://HOST:PORT or a port's path, found \"" + address +
                "\"",
            "boards on USB need no name of their own: `rbpf boards` lists them");
    }
    auto boards = rememberedBoards();
    if (!boards) {
        return tl::unexpected(boards.error());
    }
    if (const auto same = find(*boards, name); same != boards->end()) {
        return support::fail(ErrorKind::Usage, "the name " + name + " is taken: it means " + same->address,
                             "`rbpf board forget " + name + "` frees it");
    }
    boards->push_back({name, address});
    return write(*boards);
}

support::Result<void> forgetBoard(const std::string& name) {
    auto boards = rememberedBoards();
    if (!boards) {
        return tl::unexpected(boards.error());
    }
    const auto found = find(*boards, name);
    if (found == boards->end()) {
        return support::fail(ErrorKind::Usage, "no board is remembered as \"" + name + "\"",
                             "`rbpf boards` lists those that are");
    }
    boards->erase(found);
    return write(*boards);
}

} // namespace rbpf::link
