// SPDX-License-Identifier: LGPL-2.1-or-later
// Bindings that move or measure the script's own memory.
#include <string.h>

#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

int bind_memcpy(Call& call) {
    if (call.pointer[0] != nullptr) {
        memmove(call.pointer[0], call.pointer[1], call.bytes[0]);
    }
    call.container.reg[0] = call.arg[0];
    return RBPF_STATUS_OK;
}

int bind_strlen(Call& call) {
    call.result(call.bytes[0]);
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
