// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "debugger/dwarf/value.hpp"

namespace rbpf::dwarf::test {

namespace {

std::string bytesOf(const Type* type, std::string_view text, unsigned bits = 0) {
    const auto bytes = encode(type, text, bits);
    if (!bytes) {
        return bytes.error().message;
    }
    std::string result;
    for (const auto byte : *bytes) {
        result += "0123456789abcdef"[byte >> 4];
        result += "0123456789abcdef"[byte & 15];
    }
    return result;
}

} // namespace

TEST_CASE("typed numbers become little-endian bytes in every notation of C") {
    CHECK(bytesOf(builtin(Builtin::Int), "258") == "02010000");
    CHECK(bytesOf(builtin(Builtin::Int), " -2 ") == "feffffff");
    CHECK(bytesOf(builtin(Builtin::Short), "0x7Fff") == "ff7f");
    CHECK(bytesOf(builtin(Builtin::UnsignedChar), "0b101") == "05");
    CHECK(bytesOf(builtin(Builtin::UnsignedChar), "017") == "0f");
    CHECK(bytesOf(builtin(Builtin::UnsignedInt), "'A'") == "41000000");
    CHECK(bytesOf(builtin(Builtin::Char), "'\\n'") == "0a");
    CHECK(bytesOf(builtin(Builtin::UnsignedLong), "18446744073709551615") == "ffffffffffffffff");
    CHECK(bytesOf(builtin(Builtin::Long), "-9223372036854775808") == "0000000000000080");
    CHECK(bytesOf(builtin(Builtin::Bool), "true") == "01");
}

TEST_CASE("a hexadecimal pattern that fills a signed type is taken as its bits") {
    CHECK(bytesOf(builtin(Builtin::Short), "0xffff") == "ffff");
    CHECK(bytesOf(builtin(Builtin::Long), "0xffffffffffffffff") == "ffffffffffffffff");
}

TEST_CASE("numbers outside of the type are refused with its range") {
    CHECK(bytesOf(builtin(Builtin::UnsignedChar), "256") == "256 is outside of unsigned char (0 … 255)");
    CHECK(bytesOf(builtin(Builtin::UnsignedChar), "-1") == "-1 is outside of unsigned char (0 … 255)");
    CHECK(bytesOf(builtin(Builtin::SignedChar), "-129") == "-129 is outside of signed char (-128 … 127)");
    CHECK(bytesOf(builtin(Builtin::Int), "4", 3) == "4 is outside of int : 3 (-4 … 3)");
    CHECK(bytesOf(builtin(Builtin::Short), "0x10000") == "65536 is outside of short (-32768 … 32767)");
    CHECK(bytesOf(builtin(Builtin::UnsignedLong), "18446744073709551616") ==
          "18446744073709551616 does not fit into 64 bits");
    CHECK(bytesOf(builtin(Builtin::Long), "-9223372036854775809") == "-9223372036854775809 does not fit into 64 bits");
}

TEST_CASE("what is no number is refused in words") {
    CHECK(bytesOf(builtin(Builtin::Int), "1.5") == "1.5 is a floating-point number, which BPF does not have");
    CHECK(bytesOf(builtin(Builtin::Int), "many") == "many is not a number");
    CHECK(bytesOf(builtin(Builtin::Int), "") == "expected a value of type int");
    CHECK(bytesOf(builtin(Builtin::Int), "12q") == "12q is not a number: \"q\" is no suffix of one");
    CHECK(bytesOf(builtin(Builtin::Char), "'ab'") == "'ab' is not one character");
}

TEST_CASE("enumerators are set by name, strings into arrays of char") {
    Type mode;
    mode.kind = TypeKind::Enum;
    mode.name = "mode";
    mode.size = 4;
    mode.enumerators = {{"Off", 0}, {"On", 5}};
    CHECK(bytesOf(&mode, "On") == "05000000");
    CHECK(bytesOf(&mode, "7") == "07000000");
    CHECK(bytesOf(&mode, "Sideways") == "enum mode has no enumerator Sideways");
    Type text;
    text.kind = TypeKind::Array;
    text.target = builtin(Builtin::Char);
    text.count = 4;
    text.size = 4;
    CHECK(bytesOf(&text, "\"ab\"") == "61620000");
    CHECK(bytesOf(&text, "\"abcde\"") == "5 characters do not fit into char[4]");
    CHECK(bytesOf(&text, "5") == "char[4] can only be set member by member");
}

} // namespace rbpf::dwarf::test
