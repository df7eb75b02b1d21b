// SPDX-License-Identifier: LGPL-2.1-or-later
// From the registers of a call to arguments that a binding may use: the one place where the pointers of scripts are
// checked. Invariant: a binding's function runs only when every pointer of its row has passed.
#pragma once

#include "rbpf_bindings/bindings.hpp"

namespace rbpf::bindings {

inline constexpr unsigned kParametersMax = 5;

enum class RuleKind : uint8_t {
    None,
    Value,
    In,     ///< reads `size` bytes
    Out,    ///< writes `size` bytes
    InN,    ///< reads as many bytes as parameter `size` (1 … 5) says
    OutN,   ///< writes …
    String, ///< reads up to and with a NUL
    Text,   ///< room for text: the function checks what it writes, by Call::room()
    More,   ///< the remaining registers are numbers
};

/// What a row of bindings.def says of one parameter.
struct Rule {
    RuleKind kind = RuleKind::None;
    uint8_t size = 0;
};

/// One call, its pointers checked.
struct Call {
    Run& run;
    rbpf_container_t& container;
    uint64_t arg[kParametersMax];   ///< the registers r1 … r5 as they are
    void* pointer[kParametersMax];  ///< In, Out, InN, OutN, String: firmware memory; null if the size is 0
    uint32_t bytes[kParametersMax]; ///< its size; String: the length without NUL

    [[nodiscard]] uint32_t u32(unsigned index) const { return static_cast<uint32_t>(arg[index]); }
    [[nodiscard]] int32_t s32(unsigned index) const { return static_cast<int32_t>(static_cast<uint32_t>(arg[index])); }
    /// r0. Numbers of the C ABI are sign-extended by the caller of this function.
    void result(int64_t value) { container.reg[0] = static_cast<uint64_t>(value); }
    /// Tells the recorder, if there is one. For memory that is not reached through a pointer of the script.
    void touched(uint32_t address, uint32_t size, uint32_t mode) {
        if (run.recorder != nullptr) {
            run.recorder->touched(address, size, mode);
        }
    }
    /// Memory for `size` bytes of output at the address in arg[index], or null with the fault's detail set.
    [[nodiscard]] char* room(unsigned index, uint32_t size);
    /// A NUL-terminated string at any address; false with the fault's detail set.
    [[nodiscard]] bool string(uint64_t address, const char*& text, uint32_t& length);
};

/// 0, RBPF_CALL_INTERRUPT or a negative status, as rbpf_firmware_t::call.
using Function = int (*)(Call& call);

struct Row {
    uint8_t id;
    Rule rule[kParametersMax];
    Function function;
};

/// Checks the parameters of `row` against the container's regions, then runs its function.
int marshal(const Row& row, Run& run, rbpf_container_t& container);

} // namespace rbpf::bindings
