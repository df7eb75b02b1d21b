// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <cstring>

#include <catch2/catch.hpp>

#include "sdk/lib/library.hpp"
#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;

namespace {

/// Evaluates a C expression over `a` and `b`, two strings that the compiler cannot see through.
std::int64_t value(const std::string& expression, const std::string& a, const std::string& b = "") {
    std::vector<std::uint8_t> context(128);
    std::copy(a.begin(), a.end(), context.begin());
    std::copy(b.begin(), b.end(), context.begin() + 64);
    return test::resultOf("#include <string.h>\n#include <stdlib.h>\n"
                          "long entry(char *a) { char *b = a + 64; (void)b; return (long)(" +
                              expression + "); }",
                          context);
}

int sign(std::int64_t number) {
    return number < 0 ? -1 : number > 0 ? 1 : 0;
}

} // namespace

TEST_CASE("String functions do what the C standard says") {
    CHECK(value("strlen(a)", "") == 0);
    CHECK(value("strlen(a)", "hello") == 5);
    CHECK(value("strnlen(a, 3)", "hello") == 3);
    CHECK(value("strnlen(a, 9)", "hello") == 5);
    CHECK(value("strchr(a, 'l') - a", "hello") == 2);
    CHECK(value("strchr(a, 0) - a", "hello") == 5);
    CHECK(value("strchr(a, 'z')", "hello") == 0);
    CHECK(value("strrchr(a, 'l') - a", "hello") == 3);
    CHECK(value("strrchr(a, 'z')", "hello") == 0);
    CHECK(value("strstr(a, b) - a", "the cat sat", "sa") == 8);
    CHECK(value("strstr(a, b) - a", "aab", "ab") == 1);
    CHECK(value("strstr(a, b) - a", "abc", "") == 0);
    CHECK(value("strstr(a, b)", "abc", "abcd") == 0);
    CHECK(value("strspn(a, b)", "112x", "12") == 3);
    CHECK(value("strcspn(a, b)", "abc,d", ",;") == 3);
    CHECK(value("strcspn(a, b)", "abc", ",") == 3);
    CHECK(value("(char *)memchr(a, 'c', 5) - a", "abcde") == 2);
    CHECK(value("memchr(a, 'c', 2)", "abcde") == 0);
}

TEST_CASE("Comparisons have the sign of the first difference, bytes count as unsigned") {
    const std::string high(1, '\xff');
    for (const auto& [a, b] : {std::pair<std::string, std::string>{"abc", "abc"},
                               {"abc", "abd"},
                               {"abd", "abc"},
                               {"ab", "abc"},
                               {"abc", "ab"},
                               {high, "a"},
                               {"a", high},
                               {"", ""}}) {
        INFO(a << " and " << b);
        CHECK(sign(static_cast<std::int32_t>(value("strcmp(a, b)", a, b))) == sign(std::strcmp(a.c_str(), b.c_str())));
        CHECK(sign(static_cast<std::int32_t>(value("strncmp(a, b, 2)", a, b))) ==
              sign(std::strncmp(a.c_str(), b.c_str(), 2)));
        CHECK(sign(static_cast<std::int32_t>(value("memcmp(a, b, 4)", a, b))) ==
              sign(std::memcmp((a + "\0\0\0\0").c_str(), (b + "\0\0\0\0").c_str(),
                               std::min<std::size_t>(4, std::min(a.size(), b.size()) + 1))));
    }
}

TEST_CASE("Copies and joins end with NUL where the C standard says so") {
    CHECK(value("strcmp(strcpy(b, a), a)", "hello") == 0);
    CHECK(value("strlen(strcat(b, a))", "hello", "well ") == 10);
    CHECK(value("strlen(strncat(b, a, 2))", "hello", "well ") == 7);
    CHECK(value("strncpy(b, a, 3)[3]", "hello", "xxxxxx") == 'x');
    CHECK(value("strncpy(b, a, 7)[6]", "hello", "xxxxxxx") == 0);
}

TEST_CASE("Conversions read what strtol reads") {
    for (const char* text :
         {"42", "-42", "  +7x", "", "abc", "0x1f", "0x", "0X1Fg", "-0x10", "010", "08", "99999999999999999999",
          "-99999999999999999999", "9223372036854775807", "-9223372036854775808", "--5", "- 5", "+-5", "zz"}) {
        for (const int base : {0, 10, 16, 8, 36}) {
            INFO(text << " base " << base);
            char* end = nullptr;
            const long expected = std::strtol(text, &end, base);
            const std::string n = std::to_string(base);
            CHECK(value("strtol(a, 0, " + n + ")", text) == expected);
            CHECK(value("({ char *e; strtol(a, &e, " + n + "); e - a; })", text) == end - text);
        }
    }
    CHECK(static_cast<std::int32_t>(value("atoi(a)", "-123")) == -123);
    CHECK(value("strtoul(a, 0, 10)", "18446744073709551615") == -1);
    CHECK(value("abs(atoi(a))", "-9") == 9);
    CHECK(value("labs(strtol(a, 0, 10))", "-9000000000") == 9000000000);
}

TEST_CASE("Only the functions that are reached come in") {
    const test::Linked without = test::build("int entry(char *a) { return a[0]; }");
    const test::Linked with =
        test::build("#include <string.h>\nint entry(char *a) { return strlen(a) + strlen(a + 9); }");
    CHECK(without.output.functions.size() == 1);
    CHECK(with.output.functions.size() <= 2);
    CHECK(with.instructions() < 24);
}

TEST_CASE("A script may have its own function of a library's name") {
    CHECK(test::resultOf("typedef unsigned long size_t; __attribute__((noinline)) size_t strlen(const char *a) { "
                         "return a[0] + 100; }\n"
                         "int entry(char *a) { return strlen(a); }",
                         {5}) == 105);
}

TEST_CASE("Loops that the optimiser takes for memset still work") {
    CHECK(test::resultOf("int entry(unsigned char *a) { for (int i = 1; i < 60; ++i) a[i] = 0; for (int i = 0; i < "
                         "a[0]; ++i) a[i + 1] = 7;\n"
                         "    return a[1] + a[3] + a[4] + a[59]; }",
                         [] {
                             std::vector<std::uint8_t> c(60, 9);
                             c[0] = 3;
                             return c;
                         }()) == 14);
}

TEST_CASE("Every function of the list has bitcode") {
    CHECK(lib::bitcode().size > 1000);
    CHECK(lib::has("memcpy"));
    CHECK_FALSE(lib::has("printf"));
    for (const char* name : lib::names()) {
        INFO(name);
        const compile::Output output =
            test::compileText("extern long " + std::string(name) +
                              "(long, long, long);\n"
                              "#pragma clang diagnostic ignored \"-Wincompatible-library-redeclaration\"\n"
                              "long entry(long *v) { return " +
                              name + "(v[0], v[1], v[2]); }");
        CHECK(test::errorsOf(output.diagnostics).empty());
    }
}
