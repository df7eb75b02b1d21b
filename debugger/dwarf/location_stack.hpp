// SPDX-License-Identifier: GPL-3.0-or-later
// The values that operations of a DWARF expression work on (DWARF 5, section 2.5.1). Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "debugger/dwarf/location.hpp"

namespace rbpf::dwarf {

/// Every operation is false if the expression is damaged: too few values, a division by zero, an unknown code.
class LocationStack {
public:
    bool push(std::uint64_t value) {
        values_.push_back(value);
        return true;
    }
    bool pop(std::uint64_t& value) {
        if (values_.empty()) {
            return false;
        }
        value = values_.back();
        values_.pop_back();
        return true;
    }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] std::uint64_t top() const { return values_.back(); }
    void clear() { values_.clear(); }

    /// DW_OP_and … DW_OP_ge.
    bool binary(unsigned code);
    /// DW_OP_abs, neg, not.
    bool unary(unsigned code);
    /// DW_OP_dup, over, pick, swap, rot, drop.
    bool shuffle(const Operation& operation);
    /// DW_OP_convert, with the size and sign of its type.
    bool convert(const Operation& operation);

private:
    std::vector<std::uint64_t> values_;
};

} // namespace rbpf::dwarf
