// SPDX-License-Identifier: GPL-3.0-or-later
// Names and sentences of the firmware's statuses (status.def), which the firmware itself knows only as numbers.
#pragma once

#include <string>

namespace rbpf::image {

/// "READ_FAULT"; "STATUS_-99" for one that this version does not know.
[[nodiscard]] std::string statusName(int status);
/// "the script read outside of every region it may read"
[[nodiscard]] std::string statusSentence(int status);

} // namespace rbpf::image
