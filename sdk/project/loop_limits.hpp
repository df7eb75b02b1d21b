// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says of a project's loops, in the sources and in rbpf.json.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sdk/analyse/worst_case.hpp"
#include "sdk/image/listing.hpp"
#include "sdk/project/project.hpp"

namespace rbpf::project {

/// From rbpf.json and the files that `places` names; `unsaved` by absolute path, as for build(). Files that cannot be
/// read say nothing.
[[nodiscard]] std::vector<analyse::TurnLimit> loopLimits(const Project& project, const std::vector<image::SourcePlace>& places,
                                                         const std::map<std::string, std::string>& unsaved = {});

} // namespace rbpf::project
