// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of CBOR (RFC 8949) that boards speak: definite lengths, integers, strings, arrays, maps, booleans, null.
#pragma once

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire {

/// Writes into a bounded buffer and remembers whether everything fitted. With `skip` it keeps only what lies from that
/// offset on: a long reply can be generated again for each block, without memory for the whole.
class CborWriter {
public:
    CborWriter(uint8_t* buffer, size_t capacity, size_t skip = 0) : buffer_(buffer), capacity_(capacity), skip_(skip) {}

    void uint(uint64_t value) { head(0, value); }
    void integer(int64_t value);
    void bytes(Bytes value);
    void text(Bytes value);
    void text(const char* value) { text(textBytes(value)); }
    /// Then that many items, or for a map that many pairs.
    void array(size_t items) { head(4, items); }
    void map(size_t pairs) { head(5, pairs); }
    void boolean(bool value) { head(7, value ? 21 : 20); }
    void null() { head(7, 22); }

    /// Length of everything written, whether or not it was kept.
    [[nodiscard]] size_t total() const { return total_; }
    /// Bytes now in the buffer.
    [[nodiscard]] size_t size() const;
    /// Something lies behind the end of the buffer.
    [[nodiscard]] bool overflow() const { return total_ > skip_ && total_ - skip_ > capacity_; }

private:
    void head(uint8_t major, uint64_t argument);
    void put(const uint8_t* data, size_t size);

    uint8_t* buffer_;
    size_t capacity_;
    size_t skip_;
    size_t total_ = 0;
};

enum class CborType : uint8_t {
    Uint,
    Negative,
    Bytes,
    Text,
    Array,
    Map,
    Boolean,
    Null
};

struct CborItem {
    CborType type = CborType::Null;
    uint64_t value = 0; ///< Uint: the number; Negative: -1 - the number; Array: items; Map: pairs; Boolean: 0 or 1
    Bytes data;         ///< Bytes and Text: inside of the input
};

/// Reads item by item; never outside of its input, whatever that holds. Indefinite lengths, tags and floating point
/// numbers are refused.
class CborReader {
public:
    explicit CborReader(Bytes input) : rest_(input) {}
    /// The next item (of an array or map only its head). False: the end, or failed().
    bool next(CborItem& item);
    /// Passes over one item with everything in it.
    bool skip();
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] bool atEnd() const { return rest_.size == 0; }

private:
    bool fail();

    Bytes rest_;
    bool failed_ = false;
};

} // namespace rbpf::wire
