// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/abstract_value.hpp"

#include <bit>

namespace rbpf::analyse {

namespace {

constexpr std::uint64_t kLowMask = 0xffffffff;

/// Bounds of the low half, where those of the whole span less than one turn of it.
void narrow(Low& low, std::uint64_t first, std::uint64_t last) {
    if (last - first > kLowMask) {
        return;
    }
    const auto least = static_cast<std::uint32_t>(first);
    const auto most = static_cast<std::uint32_t>(last);
    if (least <= most) {
        low.umin = std::max(low.umin, least);
        low.umax = std::min(low.umax, most);
    }
    if (static_cast<std::int32_t>(least) <= static_cast<std::int32_t>(most)) {
        low.smin = std::max(low.smin, static_cast<std::int32_t>(least));
        low.smax = std::min(low.smax, static_cast<std::int32_t>(most));
    }
}

} // namespace

Value Value::constant(std::uint64_t number) {
    Value value;
    value.wide = {number, number, static_cast<std::int64_t>(number), static_cast<std::int64_t>(number)};
    const auto half = static_cast<std::uint32_t>(number);
    value.low = {half, half, static_cast<std::int32_t>(half), static_cast<std::int32_t>(half)};
    value.bits = number;
    value.unknown = 0;
    return value;
}

Value Value::ofRange(const Wide& range) {
    Value value;
    value.wide = range;
    value.agree();
    return value;
}

Value Value::ofLow(const Low& range) {
    Value value;
    value.low = range;
    value.wide = Wide::unsignedOf(range.umin, range.umax);
    value.unknown = kLowMask;
    value.agree();
    return value;
}

bool Value::contains(const Value& other) const {
    return wide.contains(other.wide) && low.contains(other.low) && (other.unknown & ~unknown) == 0 &&
           ((bits ^ other.bits) & ~unknown) == 0;
}

void Value::join(const Value& other) {
    wide.join(other.wide);
    low.join(other.low);
    unknown |= other.unknown | (bits ^ other.bits);
    bits &= ~unknown;
    if (id != other.id) {
        id = 0;
    }
    if (of != other.of || more != other.more || isOfLow != other.isOfLow) {
        of = 0;
    }
    if (origin.kind == Origin::Kind::None) {
        origin = other.origin;
    }
}

void Value::agree() {
    for (int round = 0; round < 2; ++round) {
        wide.umin = std::max(wide.umin, bits);
        wide.umax = std::min(wide.umax, bits | unknown);
        low.umin = std::max(low.umin, static_cast<std::uint32_t>(bits));
        low.umax = std::min(low.umax, static_cast<std::uint32_t>(bits | unknown));
        // The lowest bits are known: bounds move inwards to numbers that end so.
        const int ending = std::countr_zero(unknown);
        if (ending > 0 && ending < 64 && wide.umin <= wide.umax) {
            const std::uint64_t mask = (std::uint64_t{1} << ending) - 1;
            const std::uint64_t up = (bits - wide.umin) & mask;
            const std::uint64_t down = (wide.umax - bits) & mask;
            if (wide.umin > UINT64_MAX - up || wide.umax < down) {
                wide.umin = 1;
                wide.umax = 0;
                return;
            }
            wide.umin += up;
            wide.umax -= down;
        }
        wide.agree();
        low.agree();
        if (isEmpty()) {
            return;
        }
        narrow(low, wide.umin, wide.umax);
        narrow(low, static_cast<std::uint64_t>(wide.smin), static_cast<std::uint64_t>(wide.smax));
        low.agree();
        if (wide.umax <= kLowMask) {
            wide.umin = std::max<std::uint64_t>(wide.umin, low.umin);
            wide.umax = std::min<std::uint64_t>(wide.umax, low.umax);
        }
        if (wide.smin >= INT32_MIN && wide.smax <= INT32_MAX) {
            wide.smin = std::max<std::int64_t>(wide.smin, low.smin);
            wide.smax = std::min<std::int64_t>(wide.smax, low.smax);
        }
        wide.agree();
        if (isEmpty()) {
            return;
        }
        if (wide.isConstant()) {
            if (((wide.umin ^ bits) & ~unknown) != 0) {
                wide.umin = 1;
                wide.umax = 0;
                return;
            }
            bits = wide.umin;
            unknown = 0;
        }
    }
}

} // namespace rbpf::analyse
