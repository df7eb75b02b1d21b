// SPDX-License-Identifier: GPL-3.0-or-later
#include "rbpf_bindings/store.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

TEST_CASE("each slot has its own keys, the global ones are shared") {
    Caller caller;
    caller.run.slot = 0;
    CHECK(caller.call(0x10, {5, 50}) == RBPF_STATUS_OK);
    CHECK(caller.call(0x11, {5, 55}) == RBPF_STATUS_OK);
    caller.run.slot = 1;
    REQUIRE(caller.call(0x12, {5, Caller::kStack}) == RBPF_STATUS_OK);
    CHECK(caller.stack[0] == 0);
    REQUIRE(caller.call(0x13, {5, Caller::kStack}) == RBPF_STATUS_OK);
    CHECK(caller.stack[0] == 55);
}

TEST_CASE("reading an absent key creates it with 0") {
    Caller caller;
    memset(caller.stack.data(), 0xEE, 4);
    REQUIRE(caller.call(0x12, {9, Caller::kStack}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() == 0);
    CHECK(caller.stackText(4) == std::string(4, '\0'));
    uint32_t value = 1;
    CHECK(caller.store.get(0, 9, value) == RBPF_STATUS_OK);
}

TEST_CASE("a full scope refuses new keys, updates known ones, and leaves the others their room") {
    Caller caller;
    for (uint32_t key = 0; key < 4; ++key) {
        REQUIRE(caller.store.put(0, key, key) == RBPF_STATUS_OK);
    }
    REQUIRE(caller.call(0x10, {99, 1}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() == RBPF_STATUS_STORE_FULL);
    REQUIRE(caller.call(0x12, {99, Caller::kStack}) == RBPF_STATUS_OK);
    CHECK(caller.intResult() < 0);
    CHECK(caller.store.put(0, 3, 33) == RBPF_STATUS_OK);
    CHECK(caller.store.put(1, 99, 1) == RBPF_STATUS_OK);
    CHECK(caller.store.put(kGlobalScope, 99, 1) == RBPF_STATUS_OK);
}

TEST_CASE("a store comes back from its blob") {
    Caller caller;
    caller.store.put(0, 0xFFFFFFFF, 1);
    caller.store.put(kGlobalScope, 2, 0x12345678);
    std::vector<uint8_t> blob(caller.store.blobBytesMax());
    blob.resize(caller.store.serialise(blob.data(), blob.size()));
    Caller other;
    REQUIRE(other.store.load(blob.data(), blob.size()) == RBPF_STATUS_OK);
    uint32_t value = 0;
    CHECK(other.store.get(kGlobalScope, 2, value) == RBPF_STATUS_OK);
    CHECK(value == 0x12345678);
    CHECK(other.store.get(0, 0xFFFFFFFF, value) == RBPF_STATUS_OK);
    CHECK_FALSE(other.store.dirty());
}

TEST_CASE("a damaged blob gives an empty store and a status") {
    Caller caller;
    caller.store.put(0, 1, 1);
    std::vector<uint8_t> blob(caller.store.blobBytesMax());
    blob.resize(caller.store.serialise(blob.data(), blob.size()));
    for (size_t size = 0; size < blob.size(); ++size) {
        Caller other;
        CHECK(other.store.load(blob.data(), size) == RBPF_STATUS_MALFORMED);
        CHECK(other.store.count(0) == 0);
    }
    blob[4] = 200;
    CHECK(caller.store.load(blob.data(), blob.size()) == RBPF_STATUS_MALFORMED);
}

TEST_CASE("a store tells whether there is anything to save") {
    Caller caller;
    CHECK_FALSE(caller.store.dirty());
    caller.store.put(0, 1, 1);
    CHECK(caller.store.dirty());
    caller.store.saved();
    caller.store.put(0, 1, 1);
    CHECK_FALSE(caller.store.dirty());
    caller.store.remove(0, 1);
    CHECK(caller.store.dirty());
}

TEST_CASE("keys are listed in ascending order") {
    Caller caller;
    for (const uint32_t key : {7u, 0u, 0xFFFFFFFFu}) {
        caller.store.put(1, key, key);
    }
    std::vector<uint32_t> keys;
    uint32_t key = 0;
    uint32_t value = 0;
    for (bool first = true; caller.store.next(1, first, key, key, value); first = false) {
        keys.push_back(key);
    }
    CHECK(keys == std::vector<uint32_t>{0, 7, 0xFFFFFFFF});
}

} // namespace rbpf::bindings
