// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/coap_method.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "rbpf_wire/coap_message.hpp"

namespace rbpf::cli {

support::Result<std::uint8_t> coapMethod(const std::string& name) {
    std::string upper = name;
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (upper == "GET") {
        return wire::kCoapGet;
    }
    if (upper == "POST") {
        return wire::kCoapPost;
    }
    if (upper == "PUT") {
        return wire::kCoapPut;
    }
    if (upper == "DELETE") {
        return wire::kCoapDelete;
    }
    return support::fail(support::ErrorKind::Usage,
                         fmt::format("expected GET, POST, PUT or DELETE, found \"{}\"", name));
}

} // namespace rbpf::cli
