// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses as they stand in requests.
#pragma once

#include <cstdint>

#include "debugger/dap/arguments.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dap {

/// Field `name` ("0x1f8", "504") plus the number in field `offset`; an Error unless that is a 32-bit address.
[[nodiscard]] support::Result<std::uint32_t> parseReference(const Arguments& arguments, const char* name,
                                                            const char* offset);

} // namespace rbpf::dap
