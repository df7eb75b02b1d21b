// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/abstract_state.hpp"

#include <algorithm>
#include <optional>

#include "rbpf_vm/instruction.hpp"

namespace rbpf::analyse {

namespace {

constexpr std::size_t kSlotsMax = 64;
constexpr std::uint32_t kTableMax = 256; ///< places of a table in rodata that are looked at for its bounds

/// Fresh for every copy made, so that no two relations share one; a run of the analyser makes far fewer than 2^32.
std::uint32_t freshId() {
    thread_local std::uint32_t last = 0;
    return ++last == 0 ? ++last : last;
}

std::uint64_t littleEndian(std::span<const std::uint8_t> bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
        number = number << 8 | bytes[i];
    }
    return number;
}

std::uint32_t regionOf(std::uint32_t address) {
    return address >> RBPF_REGION_SHIFT;
}

Value shifted(const Value& value, std::uint64_t more, bool isLow) {
    image::Instruction add;
    add.opcode = static_cast<std::uint8_t>(vm::kAdd << 4 | (isLow ? image::kClassAlu : image::kClassAlu64));
    return arithmetic(add, value, Value::constant(more));
}

/// Nothing is learnt from a contradiction: no run comes here.
void meet(Value& value, const Value& known, bool isLow) {
    Value both = value;
    if (isLow) {
        both.low.meet(known.low);
    } else {
        both.wide.meet(known.wide);
    }
    both.agree();
    if (!both.isEmpty()) {
        value = both;
    }
}

} // namespace

std::vector<State> State::atEntry(const image::Image& image) {
    State with;
    for (Value& value : with.registers) {
        value = Value::constant(0);
    }
    with.registers[10] = Value::constant(RBPF_ADDRESS(RBPF_REGION_STACK, image.stackBytes));
    State without = with;
    with.registers[1] = Value::constant(RBPF_ADDRESS(RBPF_REGION_CONTEXT, 0));
    with.registers[2] = truncated(Value{}, 4);
    with.registers[2].origin = {Origin::Kind::Argument, 2};
    return {with, without};
}

State State::atFunction() {
    State state;
    for (std::uint32_t reg = 0; reg < state.registers.size(); ++reg) {
        state.registers[reg].origin = {Origin::Kind::Argument, reg};
    }
    return state;
}

Value State::copyOf(std::uint8_t reg) {
    Value& value = registers[reg];
    if (value.id == 0 && !value.isConstant()) {
        value.id = freshId();
    }
    return value;
}

void State::learn(std::uint8_t reg, const Value& value) {
    registers[reg] = value;
    const Value base = value.of != 0 ? shifted(value, 0 - value.more, value.isOfLow) : Value{};
    everywhere([&](Value& other) {
        if (value.id != 0 && other.id == value.id) {
            other = value;
        } else if (value.of != 0 && other.id == value.of) {
            meet(other, base, value.isOfLow);
        } else if (value.id != 0 && other.of == value.id) {
            meet(other, shifted(value, other.more, other.isOfLow), other.isOfLow);
        }
    });
}

template <typename Tell>
void State::everywhere(Tell tell) {
    for (Value& value : registers) {
        tell(value);
    }
    for (Slot& slot : stack_) {
        tell(slot.value);
    }
}

void State::drop(std::uint64_t first, std::uint64_t last) {
    std::erase_if(stack_, [&](const Slot& slot) {
        return slot.offset <= last && std::uint64_t{slot.offset} + slot.bytes > first;
    });
}

bool State::store(const image::Image& image, const Value& address, std::uint32_t bytes, const Value& value) {
    const std::uint32_t first = address.low.umin;
    const std::uint64_t last = std::uint64_t{address.low.umax} + bytes - 1;
    if (regionOf(first) != regionOf(address.low.umax)) {
        forgetStack(address, bytes, {});
        return true;
    }
    const std::uint32_t region = regionOf(first);
    const std::uint32_t offset = first & RBPF_OFFSET_MASK;
    if (region == RBPF_REGION_TEXT || region == RBPF_REGION_RODATA) {
        return false;
    }
    if (region != RBPF_REGION_STACK) {
        return true;
    }
    if (std::uint64_t{offset} + bytes > image.stackBytes) {
        return false;
    }
    drop(offset, offset + (last - first));
    if (address.low.isConstant() && stack_.size() < kSlotsMax) {
        const auto behind = std::ranges::upper_bound(stack_, offset, {}, &Slot::offset);
        stack_.insert(behind, Slot{offset, bytes, value});
    }
    return true;
}

bool State::load(const image::Image& image, const Value& address, std::uint32_t bytes, Origin origin,
                 Value& value) const {
    const std::uint32_t first = address.low.umin;
    const std::uint32_t region = regionOf(first);
    const std::uint32_t offset = first & RBPF_OFFSET_MASK;
    value = truncated(Value{}, bytes);
    origin.kind = Origin::Kind::Memory;
    value.origin = origin;
    if (region != regionOf(address.low.umax)) {
        return true;
    }
    if (region >= RBPF_REGION_CONTEXT) {
        value.origin.kind = Origin::Kind::Context;
        return true;
    }
    if (region == RBPF_REGION_DATA) {
        value.origin.kind = Origin::Kind::Data;
        return true;
    }
    if (region == RBPF_REGION_RODATA) {
        const auto rodata = image.rodata();
        if (std::uint64_t{offset} + bytes > rodata.size()) {
            return false;
        }
        const std::uint64_t most =
            std::min<std::uint64_t>(address.low.umax & RBPF_OFFSET_MASK, rodata.size() - bytes); // behind it: a fault
        if (most - offset < kTableMax) {
            value = Value::constant(littleEndian(rodata.subspan(offset, bytes)));
            for (std::uint64_t at = offset + 1; at <= most; ++at) {
                value.join(Value::constant(littleEndian(rodata.subspan(at, bytes))));
            }
            value.origin = origin;
        }
        return true;
    }
    if (region == RBPF_REGION_TEXT || std::uint64_t{offset} + bytes > image.stackBytes) {
        return false;
    }
    if (!address.low.isConstant()) {
        return true;
    }
    for (const Slot& slot : stack_) {
        if (slot.offset > offset || slot.offset + slot.bytes < offset + bytes) {
            continue;
        }
        if (slot.value.isConstant()) {
            value = truncated(Value::constant(slot.value.number() >> ((offset - slot.offset) * 8)), bytes);
        } else if (slot.offset == offset) {
            value = truncated(slot.value, bytes);
        }
        value.origin = slot.value.origin;
        return true;
    }
    std::uint64_t number = 0; // put together from smaller constants
    std::uint32_t found = 0;
    for (const Slot& slot : stack_) {
        if (slot.offset >= offset && slot.offset + slot.bytes <= offset + bytes && slot.value.isConstant()) {
            number |= slot.value.number() << ((slot.offset - offset) * 8);
            found += slot.bytes;
        }
    }
    if (found == bytes) {
        value = Value::constant(number);
    }
    return true;
}

void State::forgetStack(const Value& address, std::uint64_t bytes, Origin origin) {
    constexpr std::uint64_t kStart = RBPF_ADDRESS(RBPF_REGION_STACK, 0);
    constexpr std::uint64_t kEnd = kStart + RBPF_OFFSET_MASK;
    const std::uint64_t first = std::max<std::uint64_t>(address.low.umin, kStart);
    const std::uint64_t last = std::min<std::uint64_t>(address.low.umax + std::min<std::uint64_t>(bytes, 1u << 29), kEnd);
    if (first > last) {
        return;
    }
    drop(first - kStart, last - kStart);
    if (address.low.isConstant() && address.low.umin >= kStart && (bytes == 4 || bytes == 8) &&
        stack_.size() < kSlotsMax) {
        Value value = truncated(Value{}, static_cast<std::uint32_t>(bytes));
        value.origin = origin;
        const auto offset = static_cast<std::uint32_t>(first - kStart);
        drop(offset, offset + bytes - 1);
        stack_.insert(std::ranges::upper_bound(stack_, offset, {}, &Slot::offset),
                      Slot{offset, static_cast<std::uint32_t>(bytes), value});
    }
}

void State::join(const State& other) {
    for (std::size_t i = 0; i < registers.size(); ++i) {
        registers[i].join(other.registers[i]);
    }
    std::erase_if(stack_, [&](Slot& slot) {
        const auto same = std::ranges::lower_bound(other.stack_, slot.offset, {}, &Slot::offset);
        if (same == other.stack_.end() || same->offset != slot.offset || same->bytes != slot.bytes) {
            return true;
        }
        slot.value.join(same->value);
        return false;
    });
    cost = std::max(cost, other.cost);
}

bool State::sharesIds(const State& other) const {
    // Places that hold the same number here must do so there.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    const auto note = [&](std::uint32_t mine, std::uint32_t theirs) {
        if (mine != 0) {
            pairs.emplace_back(mine, theirs);
        }
    };
    for (std::size_t i = 0; i < registers.size(); ++i) {
        note(registers[i].id, registers[i].isConstant() ? registers[i].id : other.registers[i].id);
    }
    for (const Slot& slot : stack_) {
        const auto same = std::ranges::lower_bound(other.stack_, slot.offset, {}, &Slot::offset);
        note(slot.value.id, slot.value.isConstant() ? slot.value.id : same->value.id);
    }
    std::ranges::sort(pairs);
    for (std::size_t i = 1; i < pairs.size(); ++i) {
        if (pairs[i].first == pairs[i - 1].first && (pairs[i].second != pairs[i - 1].second || pairs[i].second == 0)) {
            return false;
        }
    }
    return true;
}

bool State::contains(const State& other) const {
    for (std::size_t i = 0; i < registers.size(); ++i) {
        if (!registers[i].contains(other.registers[i])) {
            return false;
        }
    }
    for (const Slot& slot : stack_) {
        const auto same = std::ranges::lower_bound(other.stack_, slot.offset, {}, &Slot::offset);
        if (same == other.stack_.end() || same->offset != slot.offset || same->bytes != slot.bytes ||
            !slot.value.contains(same->value)) {
            return false;
        }
    }
    return sharesIds(other);
}

} // namespace rbpf::analyse
