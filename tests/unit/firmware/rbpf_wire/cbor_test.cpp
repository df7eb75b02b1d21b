// SPDX-License-Identifier: GPL-3.0-or-later
// CBOR: examples of RFC 8949 appendix A, bounded writing, and hostile input.
#include <catch2/catch.hpp>

#include "rbpf_wire/cbor.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

template <typename Write>
Buffer written(Write write) {
    Buffer storage(64);
    CborWriter writer(storage.data(), storage.size());
    write(writer);
    REQUIRE(!writer.overflow());
    storage.resize(writer.size());
    return storage;
}

void writeSample(CborWriter& writer) {
    writer.map(3);
    writer.text("name");
    writer.text("thermostat");
    writer.text("bytes");
    writer.uint(70000);
    writer.text("build");
    writer.bytes(view(fromHex("00 01 02 03")));
}

} // namespace

TEST_CASE("numbers are written as in the examples of RFC 8949") {
    const std::pair<std::int64_t, const char*> cases[] = {{0, "00"},
                                                          {23, "17"},
                                                          {24, "1818"},
                                                          {255, "18ff"},
                                                          {256, "190100"},
                                                          {65535, "19ffff"},
                                                          {1000000, "1a000f4240"},
                                                          {1000000000000, "1b000000e8d4a51000"},
                                                          {-1, "20"},
                                                          {-100, "3863"},
                                                          {-1000, "3903e7"},
                                                          {INT64_MIN, "3b7fffffffffffffff"}};
    for (const auto& [value, hex] : cases) {
        CHECK(written([&](CborWriter& writer) { writer.integer(value); }) == fromHex(hex));
    }
    CHECK(written([](CborWriter& writer) { writer.uint(UINT64_MAX); }) == fromHex("1bffffffffffffffff"));
}

TEST_CASE("strings, arrays, maps and simple values are written as in the examples of RFC 8949") {
    CHECK(written([](CborWriter& writer) { writer.text("IETF"); }) == fromHex("6449455446"));
    CHECK(written([](CborWriter& writer) { writer.bytes(view(fromHex("01020304"))); }) == fromHex("4401020304"));
    CHECK(written([](CborWriter& writer) {
              writer.array(2);
              writer.boolean(true);
              writer.null();
          }) == fromHex("82f5f6"));
}

TEST_CASE("what is read is what was written") {
    Buffer bytes = written(writeSample);
    CborReader reader(view(bytes));
    CborItem item;
    REQUIRE(reader.next(item));
    CHECK(item.type == CborType::Map);
    CHECK(item.value == 3);
    REQUIRE(reader.next(item));
    CHECK(text(item.data) == "name");
    REQUIRE(reader.next(item));
    CHECK(text(item.data) == "thermostat");
    REQUIRE(reader.skip());
    REQUIRE(reader.next(item));
    CHECK(item.type == CborType::Uint);
    CHECK(item.value == 70000);
    REQUIRE(reader.skip());
    REQUIRE(reader.skip());
    CHECK(reader.atEnd());
    CHECK(!reader.next(item));
    CHECK(!reader.failed());
}

TEST_CASE("skip passes over a whole nested item") {
    Buffer bytes = written([](CborWriter& writer) {
        writer.array(2);
        writeSample(writer);
        writer.array(0);
        writer.uint(9);
    });
    CborReader reader(view(bytes));
    REQUIRE(reader.skip());
    CborItem item;
    REQUIRE(reader.next(item));
    CHECK(item.value == 9);
}

TEST_CASE("a writer keeps to its buffer, remembers the overflow and knows the whole length") {
    Buffer whole = written(writeSample);
    for (std::size_t capacity = 0; capacity < whole.size(); ++capacity) {
        Buffer storage(capacity);
        CborWriter writer(storage.data(), storage.size());
        writeSample(writer);
        CHECK(writer.overflow());
        CHECK(writer.total() == whole.size());
        CHECK(writer.size() == capacity);
        CHECK(std::equal(storage.begin(), storage.end(), whole.begin()));
    }
}

TEST_CASE("windows of any size over a reply join to the reply") {
    Buffer whole = written(writeSample);
    for (std::size_t window = 1; window <= whole.size(); ++window) {
        Buffer joined;
        for (std::size_t skip = 0; skip < whole.size(); skip += window) {
            Buffer storage(window);
            CborWriter writer(storage.data(), window, skip);
            writeSample(writer);
            joined.insert(joined.end(), storage.begin(), storage.begin() + static_cast<std::ptrdiff_t>(writer.size()));
            CHECK(writer.overflow() == (skip + window < whole.size()));
        }
        CHECK(joined == whole);
    }
}

TEST_CASE("truncated, indefinite, tagged and oversized items are refused") {
    for (const char* hex :
         {"18", "1b00", "62 41", "5f", "9f", "bf", "c0 00", "f9 3c 00", "f8 18", "5b ff ff ff ff ff ff ff ff",
          "9b ff ff ff ff ff ff ff ff", "bb 7f ff ff ff ff ff ff ff", "1c", "82 00", "a1 00"}) {
        INFO(hex);
        Buffer bytes = fromHex(hex);
        bytes.shrink_to_fit();
        CborReader reader(view(bytes));
        CHECK(!reader.skip());
        CHECK(reader.failed());
    }
}

TEST_CASE("random bytes are neither read past their end nor skipped for ever") {
    std::mt19937 random(5);
    for (int round = 0; round < 20000; ++round) {
        Buffer bytes(random() % 24);
        for (std::uint8_t& byte : bytes) {
            byte = static_cast<std::uint8_t>(random());
        }
        bytes.shrink_to_fit();
        CborReader reader(view(bytes));
        while (reader.skip()) {
        }
    }
}
