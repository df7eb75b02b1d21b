// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_bindings/marshal.hpp"

#include <string.h>

namespace rbpf::bindings {

char* Call::room(unsigned index, uint32_t size) {
    void* memory = rbpf_container_access(&container, arg[index], size, RBPF_WRITE);
    if (memory == nullptr) {
        container.fault.detail = u32(index);
    } else {
        touched(u32(index), size, RBPF_WRITE);
    }
    return static_cast<char*>(memory);
}

bool Call::string(uint64_t address, const char*& text, uint32_t& length) {
    const uint32_t start = static_cast<uint32_t>(address);
    const rbpf_region_t& region = container.region[start >> RBPF_REGION_SHIFT];
    text = static_cast<const char*>(rbpf_container_access(&container, address, 1, RBPF_READ));
    if (text == nullptr) {
        container.fault.detail = start;
        return false;
    }
    const uint32_t rest = region.readBytes - (start & RBPF_OFFSET_MASK);
    const void* end = memchr(text, '\0', rest);
    if (end == nullptr) {
        container.fault.detail = start + rest; // the first byte behind the region is where reading would have failed
        return false;
    }
    length = static_cast<uint32_t>(static_cast<const char*>(end) - text);
    touched(start, length + 1, RBPF_READ);
    return true;
}

namespace {

/// A pointer to `size` bytes. Sizes are 64-bit numbers of the script: those that no region can have must fail here,
/// before anything is cut to 32 bits.
int pointer(Call& call, unsigned index, uint64_t size, uint32_t mode) {
    const int fault = mode == RBPF_READ ? RBPF_STATUS_READ_FAULT : RBPF_STATUS_WRITE_FAULT;
    if (size == 0) {
        return RBPF_STATUS_OK;
    }
    void* memory = nullptr;
    if (size <= RBPF_OFFSET_MASK) {
        memory = rbpf_container_access(&call.container, call.arg[index], static_cast<uint32_t>(size), mode);
    }
    if (memory == nullptr) {
        call.container.fault.detail = call.u32(index);
        return fault;
    }
    call.pointer[index] = memory;
    call.bytes[index] = static_cast<uint32_t>(size);
    call.touched(call.u32(index), call.bytes[index], mode);
    return RBPF_STATUS_OK;
}

int check(Call& call, unsigned index, Rule rule) {
    switch (rule.kind) {
    case RuleKind::In:
        return pointer(call, index, rule.size, RBPF_READ);
    case RuleKind::Out:
        return pointer(call, index, rule.size, RBPF_WRITE);
    case RuleKind::InN:
        return pointer(call, index, call.arg[rule.size - 1], RBPF_READ);
    case RuleKind::OutN:
        return pointer(call, index, call.arg[rule.size - 1], RBPF_WRITE);
    case RuleKind::String: {
        const char* text = nullptr;
        if (!call.string(call.arg[index], text, call.bytes[index])) {
            return RBPF_STATUS_READ_FAULT;
        }
        call.pointer[index] = const_cast<char*>(text);
        return RBPF_STATUS_OK;
    }
    case RuleKind::None:
    case RuleKind::Value:
    case RuleKind::Text:
    case RuleKind::More:
        break;
    }
    return RBPF_STATUS_OK;
}

} // namespace

int marshal(const Row& row, Run& run, rbpf_container_t& container) {
    Call call{run, container, {}, {}, {}};
    for (unsigned i = 0; i < kParametersMax; ++i) {
        call.arg[i] = container.reg[i + 1];
    }
    for (unsigned i = 0; i < kParametersMax; ++i) {
        const int status = check(call, i, row.rule[i]);
        if (status != RBPF_STATUS_OK) {
            return status;
        }
    }
    const int status = row.function(call);
    return run.recorder == nullptr ? status : run.recorder->called(row.id, status);
}

} // namespace rbpf::bindings
