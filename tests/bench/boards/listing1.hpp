// SPDX-License-Identifier: GPL-3.0-or-later
// Listing 1 with the firmware's own bindings: what of it is the VM's work, and what theirs.
#pragma once

#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::bench {

/// Prints both figures; false, and a message, if the script does not answer as it should.
bool measureListing1(const rbpf_image_t& image, uint8_t* stack, uint8_t* ram);

} // namespace rbpf::bench
