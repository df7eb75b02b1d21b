// SPDX-License-Identifier: GPL-3.0-or-later
// CBOR: what the board's reader takes, written again, reads the same, and the workstation's library takes it too.
#include <algorithm>

#include <nlohmann/json.hpp>

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

/// One item with all in it; false if a map in it has a key that is not a text (the workstation's documents have none).
bool hasOnlyTextKeys(wire::CborReader& reader) {
    struct Open {
        uint64_t left;
        bool isMap;
    };
    std::vector<Open> open = {{1, false}};
    while (!open.empty()) {
        if (open.back().left == 0) {
            open.pop_back();
            continue;
        }
        const bool isKey = open.back().isMap && open.back().left % 2 == 0;
        open.back().left--;
        wire::CborItem item;
        FUZZ_REQUIRE(reader.next(item));
        if (isKey && item.type != wire::CborType::Text)
            return false;
        if (item.type == wire::CborType::Array)
            open.push_back({item.value, false});
        if (item.type == wire::CborType::Map)
            open.push_back({2 * item.value, true});
    }
    return true;
}

/// Only whole single items: the workstation parses one document at a time.
void compareWithWorkstation(const std::vector<uint8_t>& bytes) {
    const wire::Bytes input{bytes.data(), bytes.size()};
    wire::CborReader reader(input);
    const bool whole = !bytes.empty() && reader.skip() && reader.atEnd();
    wire::CborReader again(input);
    if (!whole || !hasOnlyTextKeys(again))
        return;
    const auto document = nlohmann::json::from_cbor(bytes, true, false);
    FUZZ_REQUIRE(!document.is_discarded());
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
    rbpf::fuzz::compareWithWorkstation(bytes);
    return 0;
}
