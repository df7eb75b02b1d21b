// SPDX-License-Identifier: GPL-3.0-or-later
// Syntax: udev(7).
#include "debugger/transport/usb/udev_rules.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace rbpf::usb {

namespace {

/// `keys` compares attributes of the USB device, each as `{attribute}=="value"`.
std::string rulesFor(const std::vector<std::string>& keys) {
    const auto match = [&keys](const char* where) {
        std::string text;
        for (const std::string& key : keys) {
            text += fmt::format("{}{}, ", where, key);
        }
        return text;
    };
    constexpr const char* kGrant = "MODE=\"0660\", TAG+=\"uaccess\"";
    return fmt::format("SUBSYSTEM==\"usb\", ENV{{DEVTYPE}}==\"usb_device\", {}GROUP=\"plugdev\", {}\n", match("ATTR"),
                       kGrant) +
           fmt::format("SUBSYSTEM==\"tty\", {}GROUP=\"dialout\", {}, ENV{{ID_MM_PORT_IGNORE}}=\"1\"\n", match("ATTRS"),
                       kGrant) +
           fmt::format("SUBSYSTEM==\"hidraw\", {}GROUP=\"plugdev\", {}\n", match("ATTRS"), kGrant);
}

/// A text may hold what means something else to udev; then any text will do.
std::string pattern(const std::string& text) {
    std::string safe;
    for (const char c : text) {
        const bool plain =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' || c == ' ';
        safe += plain ? c : '?';
    }
    return "*" + safe + "*";
}

} // namespace

std::string udevRules(const BoardTable& table) {
    std::string rules = "# Boards of rBPF Studio and their debug probes. Written by `rbpf udev install`.\n";
    std::vector<std::string> written;
    for (const BoardKind& kind : table.kinds) {
        std::vector<std::string> common;
        if (kind.vendorId) {
            common.push_back(fmt::format("{{idVendor}}==\"{:04x}\"", *kind.vendorId));
        }
        if (!kind.manufacturer.empty()) {
            common.push_back(fmt::format("{{manufacturer}}==\"{}\"", pattern(kind.manufacturer)));
        }
        if (!kind.product.empty()) {
            common.push_back(fmt::format("{{product}}==\"{}\"", pattern(kind.product)));
        }
        std::vector<std::vector<std::string>> rows;
        for (const std::uint16_t id : kind.productIds) {
            rows.push_back(common);
            rows.back().push_back(fmt::format("{{idProduct}}==\"{:04x}\"", id));
        }
        if (rows.empty()) {
            rows.push_back(common);
        }
        for (const auto& row : rows) {
            std::string text = rulesFor(row);
            if (std::find(written.begin(), written.end(), text) == written.end()) {
                rules += text;
                written.push_back(std::move(text));
            }
        }
    }
    return rules;
}

} // namespace rbpf::usb
