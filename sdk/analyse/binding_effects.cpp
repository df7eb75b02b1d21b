// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/binding_effects.hpp"

#include <array>
#include <string_view>

namespace rbpf::analyse {

namespace {

enum class Writes : std::uint8_t {
    Nothing,
    Bytes,      ///< at the pointer, as many as `count` says
    BytesOfArgument, ///< as many as parameter `count` (1 … 5) says
    Behind,     ///< any number at the pointer
    Anything,   ///< follows pointers in what it is given
};

struct Parameter {
    Writes writes = Writes::Nothing;
    std::uint64_t count = 0;
};

/// A handle of which the firmware reads further pointers.
constexpr Parameter plain(std::string_view type) {
    return {type == "bpf_coap_ctx_t *" ? Writes::Anything : Writes::Nothing, 0};
}

struct Effect {
    std::uint32_t id;
    std::array<Parameter, 5> parameters;
};

#define RBPF_NONE Parameter{}
#define RBPF_VALUE(type, name) plain(#type)
#define RBPF_IN(type, name, bytes) Parameter{}
#define RBPF_OUT(type, name, bytes) Parameter{Writes::Bytes, bytes}
#define RBPF_IN_N(type, name, n) Parameter{}
#define RBPF_OUT_N(type, name, n) Parameter{Writes::BytesOfArgument, n}
#define RBPF_STRING(name) Parameter{}
#define RBPF_TEXT(type, name) Parameter{Writes::Behind, 0}
#define RBPF_MORE Parameter{}
#define RBPF_LIST(...) {{__VA_ARGS__}}
#define RBPF_BINDING(id, name, returns, parameters, doc) {id, RBPF_LIST parameters},
constexpr Effect kEffects[] = {
#include <rbpf/bindings.def>
};

constexpr std::uint64_t kWholeRegion = RBPF_OFFSET_MASK;

void write(State& state, std::size_t argument, const Parameter& parameter, Origin origin) {
    const Value& pointer = state.registers[argument];
    switch (parameter.writes) {
    case Writes::Nothing:
        break;
    case Writes::Bytes:
        state.forgetStack(pointer, parameter.count, origin);
        break;
    case Writes::BytesOfArgument:
        state.forgetStack(pointer, state.registers[parameter.count].wide.umax, origin);
        break;
    case Writes::Behind:
        state.forgetStack(pointer, kWholeRegion, origin);
        break;
    case Writes::Anything:
        state.forgetStack();
        break;
    }
}

} // namespace

void callBinding(State& state, const image::Instruction& call) {
    const Origin origin{Origin::Kind::Binding, call.index};
    bool isKnown = false;
    for (const Effect& effect : kEffects) {
        if (effect.id == static_cast<std::uint32_t>(call.imm)) {
            isKnown = true;
            for (std::size_t i = 0; i < effect.parameters.size(); ++i) {
                write(state, i + 1, effect.parameters[i], origin);
            }
        }
    }
    if (!isKnown) {
        state.forgetStack();
    }
    for (std::size_t reg = 0; reg <= 5; ++reg) {
        state.registers[reg] = Value{};
        state.registers[reg].origin = origin;
    }
}

} // namespace rbpf::analyse
