// SPDX-License-Identifier: LGPL-2.1-or-later
// CBOR heads (RFC 8949 section 3): three bits of major type, five bits that are the argument or say how long it is.
#include "rbpf_wire/cbor.hpp"

#include <string.h>

namespace rbpf::wire {

void CborWriter::put(const uint8_t* data, size_t size) {
    for (size_t i = 0; i < size; ++i, ++total_) {
        if (total_ >= skip_ && total_ - skip_ < capacity_) {
            buffer_[total_ - skip_] = data[i];
        }
    }
}

size_t CborWriter::size() const {
    size_t kept = total_ > skip_ ? total_ - skip_ : 0;
    return kept < capacity_ ? kept : capacity_;
}

void CborWriter::head(uint8_t major, uint64_t argument) {
    uint8_t bytes[9];
    unsigned extra = argument < 24 ? 0 : argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFFFFFF ? 4 : 8;
    unsigned info = extra == 0   ? static_cast<unsigned>(argument)
                    : extra == 1 ? 24
                    : extra == 2 ? 25
                    : extra == 4 ? 26
                                 : 27;
    bytes[0] = static_cast<uint8_t>(major << 5 | info);
    for (unsigned i = 0; i < extra; ++i) {
        bytes[1 + i] = static_cast<uint8_t>(argument >> (8 * (extra - 1 - i)));
    }
    put(bytes, 1 + extra);
}

void CborWriter::integer(int64_t value) {
    if (value < 0) {
        head(1, ~static_cast<uint64_t>(value));
    } else {
        head(0, static_cast<uint64_t>(value));
    }
}

void CborWriter::bytes(Bytes value) {
    head(2, value.size);
    put(value.data, value.size);
}

void CborWriter::text(Bytes value) {
    head(3, value.size);
    put(value.data, value.size);
}

bool CborReader::fail() {
    failed_ = true;
    rest_ = {};
    return false;
}

bool CborReader::next(CborItem& item) {
    if (rest_.size == 0) {
        return false;
    }
    unsigned major = rest_.data[0] >> 5;
    unsigned info = rest_.data[0] & 31;
    size_t extra = info < 24 ? 0 : info < 28 ? static_cast<size_t>(1) << (info - 24) : 0;
    if (info >= 28 || rest_.size - 1 < extra) {
        return fail();
    }
    uint64_t argument = info < 24 ? info : 0;
    for (size_t i = 0; i < extra; ++i) {
        argument = argument << 8 | rest_.data[1 + i];
    }
    rest_ = {rest_.data + 1 + extra, rest_.size - 1 - extra};
    item.value = argument;
    item.data = {};
    switch (major) {
    case 0:
        item.type = CborType::Uint;
        return true;
    case 1:
        item.type = CborType::Negative;
        return true;
    case 2:
    case 3:
        if (argument > rest_.size) {
            return fail();
        }
        item.type = major == 2 ? CborType::Bytes : CborType::Text;
        item.data = {rest_.data, static_cast<size_t>(argument)};
        rest_ = {rest_.data + item.data.size, rest_.size - item.data.size};
        return true;
    case 4:
    case 5:
        // Every item takes a byte at least: what announces more than is left is refused before anybody counts on it.
        if (argument > rest_.size / (major == 4 ? 1 : 2)) {
            return fail();
        }
        item.type = major == 4 ? CborType::Array : CborType::Map;
        return true;
    case 7:
        if (extra == 0 && (argument == 20 || argument == 21)) {
            item.type = CborType::Boolean;
            item.value = argument - 20;
            return true;
        }
        if (extra == 0 && argument == 22) {
            item.type = CborType::Null;
            item.value = 0;
            return true;
        }
        return fail();
    default:
        return fail();
    }
}

bool CborReader::skip() {
    uint64_t pending = 1; // never more than the input has bytes, since next() refuses larger counts
    while (pending != 0) {
        CborItem item;
        if (!next(item)) {
            return fail();
        }
        --pending;
        if (item.type == CborType::Array) {
            pending += item.value;
        } else if (item.type == CborType::Map) {
            pending += 2 * item.value;
        }
    }
    return true;
}

} // namespace rbpf::wire
