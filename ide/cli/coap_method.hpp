// SPDX-License-Identifier: GPL-3.0-or-later
// A CoAP method as a user writes it.
#pragma once

#include <cstdint>
#include <string>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// The method's CoAP code: 1 GET, 2 POST, 3 PUT, 4 DELETE; "get" is as good as "GET". Errors: Usage.
[[nodiscard]] support::Result<std::uint8_t> coapMethod(const std::string& name);

} // namespace rbpf::cli
