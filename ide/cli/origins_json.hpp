// SPDX-License-Identifier: GPL-3.0-or-later
// Why the code is what it is, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "sdk/analyse/size.hpp"

namespace rbpf::cli {

/// "classes", "memory", "bindings", "libraries", "unseen", "hints"; to each of "entries" that has a longest run "times".
void addOrigins(nlohmann::json& json, const analyse::SizeReport& report);

} // namespace rbpf::cli
