// SPDX-License-Identifier: GPL-3.0-or-later
// Values as C people expect to read them, and as a tree to unfold.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "debugger/dwarf/value.hpp"

namespace rbpf::dwarf {

struct RenderOptions {
    bool hexadecimal = false;     ///< integers in hexadecimal
    std::size_t maxElements = 32; ///< of an array; runs of equal ones count once
    std::size_t maxText = 200;    ///< characters of a string
    std::size_t maxBytes = 2000;  ///< of the result, about
    /// Says what lies at an address: "buffer+4", "<sensor>", …; "" = nothing to say. Shown behind pointers.
    std::function<std::string(std::uint32_t address)> describe;
};

/// One line: `{val = {2150, 0, 0}, unit = 2, scale = -2}`, `0x20000010 "text"`, `On`, `<optimised out>`.
[[nodiscard]] std::string render(const Value& value, const State& state, const RenderOptions& options = {});

/// One row below a value in a tree view.
struct Child {
    std::string name;       ///< "val", "[3]", "*"; "" for an anonymous struct or union
    std::string expression; ///< that evaluates to it, made from the parent's
    Value value;
};

/// Members, elements, or what a pointer points at (a struct's members at once). 0 for everything else.
[[nodiscard]] std::size_t childCount(const Value& value);
/// Children [first, first + count), as far as there are any. `expression` is the parent's.
[[nodiscard]] std::vector<Child> children(const Value& value, const std::string& expression, const State& state,
                                          std::size_t first, std::size_t count);

} // namespace rbpf::dwarf
