// SPDX-License-Identifier: GPL-3.0-or-later
// CBOR: what the board's reader takes, written again, reads the same, and the workstation's decoder sees the same tree.
#include <algorithm>

#include "debugger/link/cbor_value.hpp"
#include "rbpf_wire/cbor.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

/// Heads and contents of all items in order.
std::vector<wire::CborItem> readAll(wire::Bytes bytes, bool& failed) {
    wire::CborReader reader(bytes);
    std::vector<wire::CborItem> items;
    wire::CborItem item;
    while (reader.next(item)) {
        unsigned sum = 0;
        for (std::size_t i = 0; i < item.data.size; i++)
            sum += item.data.data[i];
        (void)sum;
        items.push_back(item);
    }
    failed = reader.failed();
    FUZZ_REQUIRE(failed || reader.atEnd());
    return items;
}

void write(wire::CborWriter& writer, const wire::CborItem& item) {
    switch (item.type) {
    case wire::CborType::Uint:
        return writer.uint(item.value);
    case wire::CborType::Negative:
        return writer.integer(-1 - static_cast<int64_t>(item.value));
    case wire::CborType::Bytes:
        return writer.bytes(item.data);
    case wire::CborType::Text:
        return writer.text(item.data);
    case wire::CborType::Array:
        return writer.array(item.value);
    case wire::CborType::Map:
        return writer.map(item.value);
    case wire::CborType::Boolean:
        return writer.boolean(item.value != 0);
    case wire::CborType::Null:
        return writer.null();
    }
}

bool same(const wire::CborItem& a, const wire::CborItem& b) {
    return a.type == b.type && a.value == b.value && a.data == b.data;
}

void writeAgain(const std::vector<wire::CborItem>& items, std::size_t size) {
    for (const auto& item : items)
        if (item.type == wire::CborType::Negative && item.value > INT64_MAX)
            return; // the writer's integers end there
    std::vector<uint8_t> buffer(size);
    wire::CborWriter writer(buffer.data(), buffer.size());
    for (const auto& item : items)
        write(writer, item);
    FUZZ_REQUIRE(!writer.overflow()); // the writer's heads are the shortest there are
    bool failed = false;
    const auto again = readAll({buffer.data(), writer.size()}, failed);
    FUZZ_REQUIRE(!failed && again.size() == items.size());
    for (std::size_t i = 0; i < items.size(); i++)
        FUZZ_REQUIRE(same(again[i], items[i]));

    // The second half alone, as for a later block.
    const std::size_t skip = writer.size() / 2;
    std::vector<uint8_t> tail(writer.size() - skip);
    wire::CborWriter later(tail.data(), tail.size(), skip);
    for (const auto& item : items)
        write(later, item);
    FUZZ_REQUIRE(later.size() == tail.size() &&
                 std::equal(tail.begin(), tail.end(), buffer.begin() + static_cast<std::ptrdiff_t>(skip)));
}

/// True if the bytes are items that are all complete. (Heads alone do not tell: an array may lack its last elements.)
bool isSequence(const std::vector<uint8_t>& bytes) {
    wire::CborReader reader({bytes.data(), bytes.size()});
    while (!reader.atEnd())
        if (!reader.skip())
            return false;
    return true;
}

/// Number of items in a tree, itself included; looks at everything the workstation would show.
std::size_t countItems(const link::CborValue& value) {
    FUZZ_REQUIRE(!value.u32() || value.is(wire::CborType::Uint));
    FUZZ_REQUIRE(!value.i64() || !value.is(wire::CborType::Text));
    FUZZ_REQUIRE(!value.text() || value.is(wire::CborType::Text));
    FUZZ_REQUIRE(!value.find("status") || value.is(wire::CborType::Map));
    std::size_t count = 1;
    for (const auto& item : value.items)
        count += countItems(item);
    return count;
}

/// The workstation decodes one item; what it takes is what the reader takes.
void decodeOnWorkstation(const std::vector<uint8_t>& bytes, const std::vector<wire::CborItem>& items) {
    const auto value = link::decodeCbor(bytes);
    if (!value)
        return;
    wire::CborReader reader({bytes.data(), bytes.size()});
    FUZZ_REQUIRE(reader.skip() && reader.atEnd());
    FUZZ_REQUIRE(countItems(*value) == items.size());
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    const std::vector<uint8_t> bytes(data, data + size);
    bool failed = false;
    const auto items = rbpf::fuzz::readAll({bytes.data(), bytes.size()}, failed);
    if (rbpf::fuzz::isSequence(bytes)) {
        FUZZ_REQUIRE(!failed);
        rbpf::fuzz::writeAgain(items, bytes.size());
    }
    rbpf::fuzz::decodeOnWorkstation(bytes, items);
    return 0;
}
