// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/image/explain.hpp"
#include "sdk/image/mnemonic.hpp"

using namespace rbpf::image;

namespace {

Instruction instruction(unsigned opcode, unsigned dst = 0, unsigned src = 0, int offset = 0, int imm = 0) {
    Instruction in;
    in.opcode = static_cast<std::uint8_t>(opcode);
    in.dst = static_cast<std::uint8_t>(dst);
    in.src = static_cast<std::uint8_t>(src);
    in.offset = static_cast<std::int16_t>(offset);
    in.imm = imm;
    return in;
}

} // namespace

TEST_CASE("an instruction says in words what it does") {
    CHECK(explain(instruction(0x07, 1, 0, 0, 5)) == "Adds 5 to `r1`.");
    CHECK(explain(instruction(0x0c, 1, 2)) == "Adds `w2` to `w1`. 32 bits: the upper half of `r1` becomes 0.");
    CHECK(explain(instruction(0x3f, 1, 2, 1)) == "Divides `r1` by `r2`, as signed numbers; a division by 0 gives 0.");
    CHECK(explain(instruction(0xbf, 1, 2, 8)) == "Puts the low 8 bits of `r2` into `r1` and extends their sign.");
    CHECK(explain(instruction(0x65, 3, 0, -2, 7)) ==
          "If `r3` is greater, as a signed number, than 7, goes on 2 slots back, counted from the next one.");
    CHECK(explain(instruction(0x61, 2, 10, -8)).starts_with("Reads 32 bits from the stack, 8 bytes below the frame's end into `r2` and clears the rest."));
    CHECK(explain(instruction(0x85, 0, 0, 0, 0x20)).find("bpf_now_ms (0x20): Milliseconds") != std::string::npos);
    CHECK(explain(instruction(0x85, 0, 1)).starts_with("Calls a function of the script"));
    CHECK(explain(instruction(0x95)).starts_with("Returns"));
    CHECK(explain(instruction(0xdc, 4, 0, 0, 16)) == "Turns the low 16 bits of `r4` into big-endian order and clears the rest.");
}

TEST_CASE("whatever the bytes are there is a sentence, and a real one for every instruction") {
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        for (const int imm : {0, 16}) {
            const Instruction in = instruction(opcode, 1, 0, 0, imm);
            INFO(opcode);
            CHECK(explain(in).ends_with('.'));
            if (mnemonic(in) != "<unknown>") {
                CHECK((opcode == 0x8d || explain(in).find("No instruction") == std::string::npos));
            }
        }
    }
}

TEST_CASE("registers have their uses") {
    CHECK(explainRegister("r0").find("result") != std::string::npos);
    CHECK(explainRegister("r3").find("argument 3") != std::string::npos);
    CHECK(explainRegister("w7") == "The low 32 bits of `r7`. `r7`: kept over calls.");
    CHECK(explainRegister("r10").find("frame") != std::string::npos);
    for (const char* word : {"", "r", "r11", "ra", "w10", "goto"}) {
        CHECK(explainRegister(word).empty());
    }
}
