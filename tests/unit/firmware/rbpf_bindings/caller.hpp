// SPDX-License-Identifier: GPL-3.0-or-later
// Calls bindings as a script does: registers in, register out, memory by virtual address.
#pragma once

#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "rbpf_bindings/bindings.hpp"
#include "tests/fakes/fake_port.hpp"

namespace rbpf::bindings {

class Caller {
public:
    static constexpr uint32_t kStack = RBPF_ADDRESS(RBPF_REGION_STACK, 0);
    static constexpr uint32_t kRodata = RBPF_ADDRESS(RBPF_REGION_RODATA, 0);

    Caller() : rodata(64), stack(64) {
        rbpf_container_grant(&container, RBPF_REGION_STACK, stack.data(), static_cast<uint32_t>(stack.size()), 1);
        run.port = &port;
        run.store = &store;
        run.logOwner = &printed;
        run.log = [](void* who, const char* text, size_t size) { static_cast<std::string*>(who)->append(text, size); };
        container.owner = &run;
    }

    /// Puts text with its NUL into read-only memory of exactly its size; returns its address.
    uint32_t string(const std::string& text, bool terminated = true) {
        rodata.assign(text.begin(), text.end());
        if (terminated) {
            rodata.push_back(0);
        }
        rbpf_container_grant(&container, RBPF_REGION_RODATA, rodata.data(), static_cast<uint32_t>(rodata.size()), 0);
        return kRodata;
    }

    int call(uint32_t id, std::initializer_list<uint64_t> arguments) {
        unsigned index = 1;
        container.fault = rbpf_fault_t{};
        for (const uint64_t argument : arguments) {
            container.reg[index++] = argument;
        }
        return kFirmware.call(&kFirmware, &container, id);
    }
    [[nodiscard]] uint64_t result() const { return container.reg[0]; }
    [[nodiscard]] int32_t intResult() const { return static_cast<int32_t>(container.reg[0]); }
    [[nodiscard]] uint32_t detail() const { return container.fault.detail; }
    [[nodiscard]] std::string stackText(size_t size) const {
        return {stack.begin(), stack.begin() + static_cast<long>(size)};
    }

    fakes::FakePort port;
    Store::Entry entries[3 * 4];
    Store store{entries, 2, 4};
    Run run;
    std::string printed;
    std::vector<uint8_t> rodata;
    std::vector<uint8_t> stack;
    rbpf_container_t container{};
};

} // namespace rbpf::bindings
