// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a script between two instructions: registers, its stack, and the most that ran so far.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sdk/analyse/abstract_value.hpp"
#include "sdk/image/image.hpp"

namespace rbpf::analyse {

class State {
public:
    std::array<Value, 11> registers{};
    std::uint64_t cost = 0; ///< instructions, at most

    /// What may be at the start: of an entry, as rbpf_container_start makes it, with a context and without one; of any
    /// other function.
    [[nodiscard]] static std::vector<State> atEntry(const image::Image& image);
    [[nodiscard]] static State atFunction();

    /// The number of both becomes known as one: what is learnt of the one holds for the other.
    [[nodiscard]] Value copyOf(std::uint8_t reg);
    /// Something was learnt of a register: all its copies get it, and what is so much more or less than it.
    void learn(std::uint8_t reg, const Value& value);

    /// False: the access faults for certain.
    [[nodiscard]] bool store(const image::Image& image, const Value& address, std::uint32_t bytes, const Value& value);
    [[nodiscard]] bool load(const image::Image& image, const Value& address, std::uint32_t bytes, Origin origin,
                            Value& value) const;
    /// The stack from `address` on, so many bytes, is not known any more; a number that lies alone there has `origin`.
    void forgetStack(const Value& address, std::uint64_t bytes, Origin origin);
    void forgetStack() { stack_.clear(); }

    void join(const State& other);
    /// Whatever `other` may be, this may be too, cost aside.
    [[nodiscard]] bool contains(const State& other) const;

private:
    /// A number on the stack, as it was stored.
    struct Slot {
        std::uint32_t offset = 0; ///< into the stack's region
        std::uint32_t bytes = 0;
        Value value{};
    };
    template <typename Tell>
    void everywhere(Tell tell);
    void drop(std::uint64_t first, std::uint64_t last);
    [[nodiscard]] bool sharesIds(const State& other) const;

    std::vector<Slot> stack_; ///< by offset; without overlap
};

} // namespace rbpf::analyse
