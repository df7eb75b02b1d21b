// SPDX-License-Identifier: GPL-3.0-or-later
// DWARF expressions: from operations to the places of an object's bytes.
#include <algorithm>
#include <limits>

#include <llvm/BinaryFormat/Dwarf.h>

#include "debugger/dwarf/location_stack.hpp"
#include "sdk/support/byte_reader.hpp"

namespace rbpf::dwarf {

using namespace llvm::dwarf;

namespace {

constexpr unsigned kFrameRegister = 10;
constexpr const char* kDamaged = "the description of its place is damaged";

class Machine {
public:
    Machine(std::uint64_t size, const FrameShape& frame, const State& state)
        : size_(size), frame_(frame), state_(state) {}

    Located run(std::span<const Operation> operations) {
        for (const auto& operation : operations) {
            if (!step(operation)) {
                Located failed;
                failed.availability = availability_;
                failed.reason = reason_;
                return failed;
            }
        }
        if (result_.parts.empty()) {
            flush(size_);
        } else if (placed_ < size_) {
            missing(size_ - placed_);
        }
        if (std::ranges::all_of(result_.parts, [](const Part& p) { return p.where == Part::Where::Missing; }) &&
            size_ != 0) {
            result_.availability = Availability::OptimisedOut;
            result_.reason = "it has no place at this instruction";
        }
        return std::move(result_);
    }

private:
    enum class Kind : std::uint8_t {
        Address, ///< what is on top of the stack, if anything
        Register,
        Value,
        Bytes
    };

    bool failWith(Availability availability, std::string reason) {
        availability_ = availability;
        reason_ = std::move(reason);
        return false;
    }
    bool damaged() { return failWith(Availability::OptimisedOut, kDamaged); }
    bool pushRegister(unsigned number, std::int64_t offset) {
        if (number > kFrameRegister) {
            return damaged();
        }
        const bool frame = number == kFrameRegister;
        const auto value = frame ? state_.frameBase() : state_.readRegister(number);
        if (!value) {
            return failWith(Availability::Unreadable, "r" + std::to_string(number) + " is not known in this frame");
        }
        auto base = *value;
        if (frame && offset >= 0 && frame_.countsFromLowEnd) {
            base -= frame_.bytes; // see FrameShape
        }
        return stack_.push(base + static_cast<std::uint64_t>(offset));
    }

    bool pushFrame(std::int64_t offset) {
        if (frame_.baseIsR10) {
            return pushRegister(kFrameRegister, offset);
        }
        FrameShape none;
        none.bytes = frame_.bytes;
        const auto base = Machine(0, none, state_).address(frame_.base);
        if (!base) {
            return failWith(Availability::Unreadable, "the place of its stack frame is not known");
        }
        return stack_.push(*base + static_cast<std::uint64_t>(offset));
    }

    /// For a frame base: what the expression leaves, whichever way it says so.
    std::optional<std::uint64_t> address(std::span<const Operation> operations) {
        for (const auto& operation : operations) {
            if (operation.code == DW_OP_fbreg || !step(operation)) {
                return std::nullopt;
            }
        }
        if (kind_ == Kind::Register) {
            return state_.readRegister(register_);
        }
        return stack_.empty() ? std::nullopt : std::optional(stack_.top());
    }

    bool dereference(std::uint64_t size) {
        std::uint64_t address = 0;
        if (!stack_.pop(address)) {
            return damaged();
        }
        if (size == 0 || size > 8) {
            return damaged();
        }
        const auto bytes = state_.readMemory(static_cast<std::uint32_t>(address), static_cast<std::uint32_t>(size));
        if (!bytes || bytes->size() != size) {
            return failWith(Availability::Unreadable, "memory that leads to it cannot be read");
        }
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;) {
            value = value << 8 | (*bytes)[i];
        }
        return stack_.push(value);
    }

    bool step(const Operation& operation) {
        const unsigned code = operation.code;
        if (code >= DW_OP_reg0 && code <= DW_OP_reg31) {
            return inRegister(code - DW_OP_reg0);
        }
        if (code >= DW_OP_breg0 && code <= DW_OP_breg31) {
            return pushRegister(code - DW_OP_breg0, operation.a);
        }
        if (code >= DW_OP_lit0 && code <= DW_OP_lit31) {
            return stack_.push(code - DW_OP_lit0);
        }
        switch (code) {
        case DW_OP_regx:
            return inRegister(static_cast<unsigned>(operation.a));
        case DW_OP_bregx:
            return pushRegister(static_cast<unsigned>(operation.b), operation.a);
        case DW_OP_fbreg:
            return pushFrame(operation.a);
        case DW_OP_addr:
            if (static_cast<std::uint64_t>(operation.a) > std::numeric_limits<std::uint32_t>::max()) {
                return failWith(Availability::OptimisedOut, "it was dropped when the script was linked");
            }
            [[fallthrough]];
        case DW_OP_const1u:
        case DW_OP_const1s:
        case DW_OP_const2u:
        case DW_OP_const2s:
        case DW_OP_const4u:
        case DW_OP_const4s:
        case DW_OP_const8u:
        case DW_OP_const8s:
        case DW_OP_constu:
        case DW_OP_consts:
            return stack_.push(static_cast<std::uint64_t>(operation.a));
        case DW_OP_plus_uconst: {
            std::uint64_t value = 0;
            return stack_.pop(value) ? stack_.push(value + static_cast<std::uint64_t>(operation.a)) : damaged();
        }
        case DW_OP_deref:
            return dereference(8);
        case DW_OP_deref_size:
            return dereference(static_cast<std::uint64_t>(operation.a));
        case DW_OP_entry_value: {
            const auto value = state_.entryRegister(static_cast<unsigned>(operation.a));
            return value ? stack_.push(*value)
                         : failWith(Availability::OptimisedOut,
                                    "only its value at the function's start is known, and r" +
                                        std::to_string(operation.a) + " of that moment is not recorded");
        }
        case DW_OP_convert:
            return stack_.convert(operation) || damaged();
        case DW_OP_dup:
        case DW_OP_over:
        case DW_OP_pick:
        case DW_OP_swap:
        case DW_OP_rot:
        case DW_OP_drop:
            return stack_.shuffle(operation) || damaged();
        case DW_OP_abs:
        case DW_OP_neg:
        case DW_OP_not:
            return stack_.unary(code) || damaged();
        case DW_OP_nop:
            return true;
        case DW_OP_stack_value:
            kind_ = Kind::Value;
            return !stack_.empty() || damaged();
        case DW_OP_implicit_value:
            kind_ = Kind::Bytes;
            implicit_ = operation.bytes;
            return true;
        case DW_OP_piece:
            return flush(static_cast<std::uint64_t>(operation.a));
        case DW_OP_bit_piece:
            return operation.a % 8 == 0 && operation.b == 0
                       ? flush(static_cast<std::uint64_t>(operation.a) / 8)
                       : failWith(Availability::OptimisedOut, "its bits are spread over several places");
        default:
            return stack_.binary(code) || damaged();
        }
    }

    bool inRegister(unsigned number) {
        if (number > kFrameRegister) {
            return damaged();
        }
        kind_ = Kind::Register;
        register_ = number;
        return true;
    }

    Part& add(Part::Where where, std::uint64_t size) {
        Part part;
        part.where = where;
        part.offset = placed_;
        part.size = size;
        placed_ += size;
        return result_.parts.emplace_back(part);
    }
    void missing(std::uint64_t size) {
        if (size != 0) {
            add(Part::Where::Missing, size);
        }
    }
    void constant(std::span<const std::uint8_t> bytes) {
        result_.bytes.resize(std::min(size_, kLoadBytes));
        for (std::size_t i = 0; i < bytes.size() && placed_ + i < result_.bytes.size(); ++i) {
            result_.bytes[placed_ + i] = bytes[i];
        }
        add(Part::Where::Constant, bytes.size());
    }

    /// The place described so far holds the next `size` bytes of the object.
    bool flush(std::uint64_t size) {
        size = std::min(size, size_ - placed_);
        const auto word = std::min<std::uint64_t>(size, 8);
        switch (kind_) {
        case Kind::Register: {
            add(Part::Where::Register, word).registerNumber = register_;
            missing(size - word);
            break;
        }
        case Kind::Value: {
            std::uint64_t value = 0;
            if (!stack_.pop(value)) {
                return damaged();
            }
            std::vector<std::uint8_t> bytes;
            for (unsigned i = 0; i < word; ++i) {
                bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
            }
            constant(bytes);
            missing(size - word);
            break;
        }
        case Kind::Bytes: {
            const auto known = std::min<std::uint64_t>(size, implicit_.size());
            constant(std::span(implicit_).first(known));
            missing(size - known);
            break;
        }
        case Kind::Address:
            if (stack_.empty()) {
                missing(size);
            } else {
                add(Part::Where::Memory, size).address = static_cast<std::uint32_t>(stack_.top());
            }
            break;
        }
        kind_ = Kind::Address;
        stack_.clear();
        return true;
    }

    std::uint64_t size_;
    const FrameShape& frame_;
    const State& state_;
    LocationStack stack_;
    Kind kind_ = Kind::Address;
    unsigned register_ = 0;
    std::vector<std::uint8_t> implicit_;
    std::uint64_t placed_ = 0;
    Located result_;
    Availability availability_ = Availability::OptimisedOut;
    std::string reason_;
};

} // namespace

Located locate(std::span<const Operation> operations, std::uint64_t size, const FrameShape& frame, const State& state) {
    return Machine(size, frame, state).run(operations);
}

} // namespace rbpf::dwarf
