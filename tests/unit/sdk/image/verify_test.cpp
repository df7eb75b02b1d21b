// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <rbpf/status.h>

#include "sdk/image/status_text.hpp"
#include "sdk/image/verify.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf::image;

namespace {
std::optional<Rejection> verdict(const Bytes& text) {
    TestImage made;
    made.text = text;
    return verify(read(made.build()).value());
}
} // namespace

TEST_CASE("a sound image is taken") {
    CHECK_FALSE(verdict(join({insn(0xb7), insn(0x85, 0, 0, 0, 0x20), insn(0x95)})));
}

TEST_CASE("a rejection names the instruction, its disassembly and the reason") {
    const auto rejection = verdict(join({insn(0xb7), insn(0x05, 0, 0, 7), insn(0x95)}));
    REQUIRE(rejection);
    CHECK(rejection->status == RBPF_STATUS_BAD_JUMP);
    CHECK(rejection->insnIndex == 1u);
    CHECK(rejection->sentence == "instruction 1 `goto +7 <no instruction>`: the jump leaves the text or lands inside a "
                                 "two-slot instruction");
}

TEST_CASE("an unknown binding is named by its id") {
    const auto rejection = verdict(join({insn(0x85, 0, 0, 0, 0x99), insn(0x95)}));
    REQUIRE(rejection);
    CHECK(rejection->status == RBPF_STATUS_UNKNOWN_BINDING);
    CHECK(rejection->detail == 0x99);
    CHECK_THAT(rejection->sentence, Catch::EndsWith("(binding 0x99)"));
}

TEST_CASE("an image that asks for more than there is gets no instruction to blame") {
    TestImage made;
    made.stackBytes = 8192;
    const auto rejection = verify(read(made.build()).value());
    REQUIRE(rejection);
    CHECK(rejection->status == RBPF_STATUS_TOO_LARGE);
    CHECK_FALSE(rejection->insnIndex);
    CHECK(rejection->sentence == statusSentence(RBPF_STATUS_TOO_LARGE));
}

TEST_CASE("every status has a name and unknown ones say their number") {
    CHECK(statusName(RBPF_STATUS_READ_FAULT) == "READ_FAULT");
    CHECK(statusName(-99) == "STATUS_-99");
    CHECK_THAT(statusSentence(-99), Catch::Contains("-99"));
}
