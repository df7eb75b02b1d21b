// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "sdk/image/mnemonic.hpp"
#include "sdk/support/byte_reader.hpp"
#include "sdk/support/files.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;

namespace {

std::string text(const Bytes& bytes) {
    return rbpf::image::mnemonic(rbpf::image::decode(bytes).at(0));
}

/// Every instruction of RFC 9669 once with each operand form, except local calls, which assemblers write by name.
std::vector<Bytes> everyInstruction() {
    std::vector<Bytes> all;
    for (const int kind : {0x04, 0x07}) {
        for (const int operation : {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0}) {
            all.push_back(insn(static_cast<std::uint8_t>(operation | kind), 1, 0, 0, -5));
            all.push_back(insn(static_cast<std::uint8_t>(operation | kind | 8), 1, 2));
            if (operation == 0x30 || operation == 0x90) {
                all.push_back(insn(static_cast<std::uint8_t>(operation | kind), 1, 0, 1, 5));
                all.push_back(insn(static_cast<std::uint8_t>(operation | kind | 8), 1, 2, 1));
            }
        }
        all.push_back(insn(static_cast<std::uint8_t>(0x80 | kind), 3));
        for (const int width : {8, 16, 32}) {
            if (width != 32 || kind == 0x07) {
                all.push_back(insn(static_cast<std::uint8_t>(0xb8 | kind), 1, 2, width));
            }
        }
    }
    for (const int opcode : {0xd4, 0xdc, 0xd7}) {
        for (const int width : {16, 32, 64}) {
            all.push_back(insn(static_cast<std::uint8_t>(opcode), 4, 0, 0, width));
        }
    }
    for (const int kind : {0x05, 0x06}) {
        for (const int comparison : {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0}) {
            all.push_back(insn(static_cast<std::uint8_t>(comparison | kind), 1, 0, 4, -7));
            all.push_back(insn(static_cast<std::uint8_t>(comparison | kind | 8), 1, 2, -4));
        }
    }
    all.push_back(insn(0x05, 0, 0, 3));
    all.push_back(insn(0x06, 0, 0, 0, -1000));
    all.push_back(insn(0x85, 0, 0, 0, 0x7f99));
    all.push_back(insn(0x8d, 3));
    all.push_back(insn(0x95));
    all.push_back(join({insn(0x18, 5, 0, 0, -1), insn(0, 0, 0, 0, 0x12345678)}));
    for (const int opcode : {0x61, 0x69, 0x71, 0x79, 0x81, 0x89, 0x91}) {
        all.push_back(insn(static_cast<std::uint8_t>(opcode), 1, 2, -8));
    }
    for (const int opcode : {0x62, 0x6a, 0x72, 0x7a}) {
        all.push_back(insn(static_cast<std::uint8_t>(opcode), 10, 0, -16, -3));
    }
    for (const int opcode : {0x63, 0x6b, 0x73, 0x7b}) {
        all.push_back(insn(static_cast<std::uint8_t>(opcode), 10, 3, 4));
    }
    for (const int opcode : {0xc3, 0xdb}) {
        for (const int operation : {0x00, 0x40, 0x50, 0xa0, 0x01, 0x41, 0x51, 0xa1, 0xe1, 0xf1}) {
            all.push_back(insn(static_cast<std::uint8_t>(opcode), 1, 2, 8, operation));
        }
    }
    return all;
}

/// The .text section of an ELF64 object.
Bytes textSection(const Bytes& object) {
    const rbpf::support::ByteReader reader(object);
    const auto sections = reader.u64(0x28).value();
    const auto count = reader.u16(0x3c).value();
    const auto namesAt = reader.u64(sections + reader.u16(0x3e).value() * 64u + 0x18).value();
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = sections + i * 64;
        if (reader.text(namesAt + reader.u32(at).value(), object.size()) == ".text") {
            const auto bytes = reader.bytes(reader.u64(at + 0x18).value(), reader.u64(at + 0x20).value()).value();
            return {bytes.begin(), bytes.end()};
        }
    }
    return {};
}

} // namespace

TEST_CASE("clang assembles what the disassembler writes into the same bytes") {
    const auto instructions = everyInstruction();
    char name[] = "/tmp/rbpf-asm-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    const std::filesystem::path folder = name;
    std::ofstream source(folder / "a.s");
    for (const Bytes& bytes : instructions) {
        source << text(bytes) << '\n';
    }
    source.close();
    const std::string command =
        "clang-19 -target bpfel -mcpu=v4 -c " + (folder / "a.s").string() + " -o " + (folder / "a.o").string();
    REQUIRE(std::system(command.c_str()) == 0);
    const Bytes assembled = textSection(rbpf::support::readBytes(folder / "a.o").value());
    std::filesystem::remove_all(folder);

    std::size_t at = 0;
    for (const Bytes& bytes : instructions) {
        REQUIRE(at + bytes.size() <= assembled.size());
        const Bytes found(assembled.begin() + static_cast<std::ptrdiff_t>(at),
                          assembled.begin() + static_cast<std::ptrdiff_t>(at + bytes.size()));
        INFO(text(bytes));
        CHECK(found == bytes);
        at += bytes.size();
    }
    CHECK(at == assembled.size());
}

TEST_CASE("instructions read as in the usual BPF assembly") {
    CHECK(text(insn(0xb7, 1, 0, 0, 5)) == "r1 = 5");
    CHECK(text(insn(0x0c, 2, 3)) == "w2 += w3");
    CHECK(text(insn(0x2d, 1, 2, 4)) == "if r1 > r2 goto +4");
    CHECK(text(insn(0x85, 0, 0, 0, 1)) == "call bpf_printf");
    CHECK(text(insn(0x85, 0, 1, 16, 9)) == "call +9");
    CHECK(text(insn(0x61, 0, 1, 4)) == "r0 = *(u32 *)(r1 + 4)");
    CHECK(text(insn(0xdb, 1, 2)) == "lock *(u64 *)(r1 + 0) += r2");
    CHECK(text(insn(0xbf, 1, 2, 8)) == "r1 = (s8)r2");
    CHECK(text(insn(0xd7, 1, 0, 0, 32)) == "r1 = bswap32 r1");
    CHECK(text(join({insn(0xb8, 1, 0, 0, 4), insn(0)})) == "r1 = data + 0x4 ll");
    CHECK(text(join({insn(0xd8, 1, 0, 0, 4), insn(0)})) == "r1 = rodata + 0x4 ll");
}

TEST_CASE("bytes that are no instruction are called unknown, whatever they are") {
    CHECK(text(insn(0xff)) == "<unknown>");
    CHECK(text(insn(0x18)) == "<unknown>");
    CHECK(text(insn(0x0f, 1, 2, 3)) == "<unknown>");
    CHECK(text(insn(0xd7, 1, 0, 0, 24)) == "<unknown>");
    CHECK(text(insn(0xdb, 1, 2, 0, 0x33)) == "<unknown>");
    CHECK(text(insn(0x99, 1, 2)) == "<unknown>");
    for (int opcode = 0; opcode < 256; ++opcode) {
        for (int fields = 0; fields < 256; fields += 15) {
            CHECK_FALSE(
                text(insn(static_cast<std::uint8_t>(opcode), fields & 15, fields >> 4, fields, -fields)).empty());
        }
    }
}
