// SPDX-License-Identifier: GPL-3.0-or-later
#include "rbpf_bindings/bindings_table.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_bindings/caller.hpp"

namespace rbpf::bindings {

TEST_CASE("every id of the table is known to the verifier and no other") {
    unsigned found = 0;
    for (uint32_t id = 0; id < 1000; ++id) {
        CHECK((kFirmware.has(&kFirmware, id) != 0) == has(id));
        found += has(id) ? 1 : 0;
    }
    CHECK(found == kBindingCount);
    CHECK(has(0x01));
    CHECK(has(0x72));
    CHECK_FALSE(has(0x00));
    CHECK_FALSE(has(0x80));
    CHECK_FALSE(has(0xFFFFFFFF));
}

TEST_CASE("calling an unknown binding is a fault that names it") {
    Caller caller;
    CHECK(caller.call(0x7F, {}) == RBPF_STATUS_UNKNOWN_BINDING);
    CHECK(caller.detail() == 0x7F);
    CHECK(caller.call(0xFFFFFFFF, {}) == RBPF_STATUS_UNKNOWN_BINDING);
}

TEST_CASE("the table's hash is FNV-1a, so that other programs can compute it") {
    CHECK(fnv1a(2166136261u, "") == 0x811C9DC5u);
    CHECK(fnv1a(2166136261u, "foobar") == 0xBF9CF968u);
    static_assert(kTableHash != 0);
}

} // namespace rbpf::bindings
