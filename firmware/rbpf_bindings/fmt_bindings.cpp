// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as text for scripts. How numbers become text stands in fmt.cpp; RIOT brings its own.
#include <string.h>

#include "rbpf_bindings/fmt.hpp"
#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

/// Writes exactly the characters that there are, so that a script's buffer need not be larger than its text.
int answer(Call& call, const char* text, size_t size) {
    call.result(static_cast<int64_t>(size));
    if (size == 0) {
        return RBPF_STATUS_OK;
    }
    char* out = call.room(0, static_cast<uint32_t>(size));
    if (out == nullptr) {
        return RBPF_STATUS_WRITE_FAULT;
    }
    memcpy(out, text, size);
    return RBPF_STATUS_OK;
}

} // namespace

int bind_fmt_s16_dfp(Call& call) {
    char text[kFmtBytes];
    return answer(call, text, fmtS16Dfp(text, static_cast<int16_t>(call.u32(1) & 0xFFFFu), call.s32(2)));
}

int bind_fmt_u32_dec(Call& call) {
    char text[kFmtBytes];
    return answer(call, text, fmtU32(text, call.u32(1)));
}

} // namespace rbpf::bindings
