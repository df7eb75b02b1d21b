// SPDX-License-Identifier: GPL-3.0-or-later
// Bindings that do next to nothing, so that Listing 1 measures the calls: native ones are declared in kernel.h, these
// are their counterparts for a script.
#pragma once

#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::bench {

extern const rbpf_firmware_t stubFirmware;

} // namespace rbpf::bench
