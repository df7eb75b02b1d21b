// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/hex_option.hpp"

#include "sdk/support/files.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::cli {

support::Result<std::vector<std::uint8_t>> contextBytes(const std::string& file, const std::string& hex) {
    if (!file.empty()) {
        return support::readBytes(file);
    }
    auto bytes = support::fromHex(hex);
    if (!bytes) {
        return support::fail(support::ErrorKind::Usage,
                             "--context-hex: expected pairs of hexadecimal digits, found \"" + hex + "\"",
                             "for example --context-hex \"01 02 ff\"");
    }
    return std::move(*bytes);
}

} // namespace rbpf::cli
