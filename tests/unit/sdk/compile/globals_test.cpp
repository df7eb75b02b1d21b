// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::build;
using test::resultOf;

TEST_CASE("Initialised, zeroed and constant variables have their values and keep what is written") {
    CHECK(resultOf("static int a = 3; static long b; static const char text[] = \"xyz\"; static char c = 9; static "
                   "short d[3];\n"
                   "int entry(unsigned char *v) { a += v[0]; b += a; d[v[0]] = 5; c++;\n"
                   "    return a * 10000 + (int)b * 1000 + text[v[0]] + c + d[2] + d[0]; }",
                   {2}) == 5 * 10000 + 5 * 1000 + 'z' + 10 + 5);
}

TEST_CASE("Initialised data that holds pointers to data and strings works") {
    CHECK(resultOf("static int numbers[] = {10, 20, 30};\n"
                   "static int *pointers[] = {&numbers[2], &numbers[0], numbers + 1};\n"
                   "static const char *const words[] = {\"one\", \"two\", \"three\"};\n"
                   "static const char *changing = \"four\";\n"
                   "struct node { int value; struct node *next; };\n"
                   "static struct node tail = {7, 0}, head = {6, &tail};\n"
                   "int entry(unsigned char *v) { numbers[0]++; if (v[0] > 5) changing = words[0];\n"
                   "    return *pointers[v[0]] + words[v[0] + 1][1] + changing[0] + head.next->value; }",
                   {1}) == 11 + 'h' + 'f' + 7);
}

TEST_CASE("The address of a variable is one instruction") {
    const test::Linked script = build("static int counter; int entry(void) { return ++counter; }");
    CHECK(script.instructions() <= 5);
}

TEST_CASE("Variables of mixed alignment do not overlap") {
    CHECK(resultOf("static char a = 1; static long b = 2; static short c = 3; static char d[3] = {4, 5, 6}; static int "
                   "e = 7;\n"
                   "static char f; static long g; static short h; static char i[5];\n"
                   "int entry(unsigned char *v) { for (int n = 0; n < 5; ++n) i[n] = v[0]; f = v[0]; g = -1; h = -1;\n"
                   "    for (int n = 0; n < 3; ++n) d[n] += v[0]; a += v[0]; b += v[0]; c += v[0]; e += v[0];\n"
                   "    return a + (int)b + c + d[0] + d[1] + d[2] + e + f + (int)g + h + i[0] + i[4]; }",
                   {1}) == 2 + 3 + 4 + 5 + 6 + 7 + 8 + 1 - 1 - 1 + 1 + 1);
}

TEST_CASE("Equal strings are stored once") {
    const std::string text = "static int (*const use)(const char *) = (void *)3;\n";
    const auto size = [&](const std::string& second) {
        return build(
                   text +
                   "int entry(void) { use(\"a rather long text, number 1\"); return use(\"a rather long text, number " +
                   second + "\"); }")
            .output.image.size();
    };
    CHECK(size("1") + 20 < size("2"));
}

TEST_CASE("Variables that nothing uses take no room") {
    CHECK(build("static const char unused[1000] = \"x\"; int table[500]; int entry(void) { return 1; }")
              .output.image.size() < 120);
}

TEST_CASE("Variables shared by two sources are one") {
    test::Sources sources;
    sources.files["a.c"] = "int shared = 4; int bump(void); int entry(void) { bump(); return shared; }";
    sources.files["b.c"] = "extern int shared; int bump(void) { return ++shared; }";
    CHECK(resultOf(sources) == 5);
}
