// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/sdk/compile/script.hpp"

using namespace rbpf;
using test::compileText;
using test::errorsOf;

namespace {

/// The script does not compile, and an error at this line says all of these words.
void explains(const std::string& text, unsigned line, const std::vector<std::string>& words) {
    const compile::Output output = compileText(text);
    INFO(errorsOf(output.diagnostics));
    CHECK_FALSE(output.ok());
    bool found = false;
    for (const support::Diagnostic& diagnostic : output.diagnostics) {
        bool all = diagnostic.severity == support::Severity::Error && diagnostic.range.line == line &&
                   diagnostic.range.file == "/script/a.c" && !diagnostic.hint.empty();
        for (const std::string& word : words) {
            all = all && (diagnostic.message + diagnostic.hint).find(word) != std::string::npos;
        }
        found = found || all;
        CHECK(diagnostic.message.find("Looks like") == std::string::npos);
    }
    CHECK(found);
}

} // namespace

TEST_CASE("More than five arguments are explained at the function") {
    explains("__attribute__((noinline)) static long six(long a, long b, long c, long d, long e, long f) {\n"
             "    return a * b + c * d + e * f; }\n"
             "long entry(long *v) {\n"
             "    return six(v[0], v[1], v[2], v[3], v[4], v[5]) + six(v[6], v[1], v[5], v[9], v[8], v[7]);\n}\n",
             1, {"`six`", "6 arguments", "five", "struct"});
}

TEST_CASE("A function of six arguments that can do without a call works") {
    CHECK(test::resultOf("static int six(int a, int b, int c, int d, int e, int f) { return a + b + c + d + e + f; }\n"
                         "int entry(unsigned char *v) { return six(v[0], 1, 1, 1, 1, 1) + six(v[0], 2, 2, 2, 2, 2); }",
                         {7}) == 29);
}

TEST_CASE("A binding called with six arguments is explained at the call") {
    explains("static int (*const bind)(long, ...) = (void *)1;\n"
             "int entry(long *v) {\n"
             "    return bind(v[0], 1, 2, 3, 4, 5);\n}\n",
             3, {"6 arguments", "five"});
}

TEST_CASE("Varargs of one's own are explained") {
    explains("static int sum(int n, ...) {\n    __builtin_va_list l; __builtin_va_start(l, n);\n"
             "    int r = __builtin_va_arg(l, int); __builtin_va_end(l); return r; }\n"
             "int entry(int *v) { return sum(1, v[0]); }",
             1, {"`sum`", "variable number of arguments", "array"});
}

TEST_CASE("Floating point is explained at its line") {
    explains("int entry(int *v) {\n    int x = v[0];\n    return x * 1.5;\n}\n", 3, {"floating point", "integers"});
}

TEST_CASE("Floating point that the compiler can work out is fine") {
    CHECK(test::resultOf("int entry(void) { return (int)(1.5 * 100.0); }") == 150);
}

TEST_CASE("Calls through function pointers are explained at the call") {
    explains("typedef int (*f_t)(int);\nint entry(f_t *v) {\n    return v[0](1);\n}\n", 3,
             {"function pointer", "switch"});
}

TEST_CASE("A table of functions is explained at the table") {
    explains("static int up(int a) { return a + 1; }\nstatic int down(int a) { return a - 1; }\n"
             "static int (*const table[])(int) = {up, down};\n"
             "int entry(int *v) { return table[v[0] & 1](v[1]); }",
             3, {"`up`", "address", "switch"});
}

TEST_CASE("Recursion is explained at the call with the cycle") {
    explains("static int odd(int n);\n"
             "__attribute__((noinline)) static int even(int n) { return n == 0 ? 1 : odd(n - 1) + n; }\n"
             "__attribute__((noinline)) static int odd(int n) {\n    return n == 0 ? 0 : even(n - 2) * n;\n}\n"
             "int entry(int *v) { return even(v[0]); }",
             4, {"calls itself", "even -> odd -> even", "loop"});
}

TEST_CASE("A stack over the limit names the function and the largest variables") {
    explains("static int (*const fill)(void *) = (void *)3;\n"
             "int entry(void) {\n    char large[600]; char small[40];\n"
             "    fill(large); fill(small);\n    return large[3] + small[4];\n}\n",
             2, {"`entry`", "stack", "512", "`large` (600 bytes)", "`small` (40 bytes)", "static"});
}

TEST_CASE("The same stack is fine when the project asks for more") {
    test::Sources sources;
    sources.files["a.c"] = "static int (*const fill)(void *) = (void *)3;\n"
                           "int entry(void) { char large[600]; fill(large); return large[3]; }";
    sources.stackBytes = 1024;
    CHECK(test::build(sources).output.stackBytes >= 600);
    CHECK(test::resultOf(sources) == 0);
}

TEST_CASE("Structs may be returned") {
    CHECK(test::resultOf(
              "typedef struct { long a, b; } pair;\n"
              "__attribute__((noinline)) static pair make(long a) { pair p = {a * 3, a + 1}; return p; }\n"
              "long entry(unsigned char *v) { pair p = make(v[0]); pair q = make(v[1]); return p.a * q.b + p.b; }",
              {5, 6}) == 15 * 7 + 6);
}

TEST_CASE("Arrays of variable length are explained") {
    explains("static int (*const fill)(void *) = (void *)3;\n"
             "int entry(int *v) {\n    char text[v[0]];\n    fill(text);\n    return text[1];\n}\n",
             3, {"size is not known", "constant"});
}

TEST_CASE("A missing function is named at its call") {
    explains("int sqrt_of(int);\nint entry(int *v) {\n    return sqrt_of(v[0]);\n}\n", 3, {"no function `sqrt_of`"});
    explains("int entry(int *v) {\n    return undeclared(v[0]);\n}\n", 2, {"undeclared", "library"});
}

TEST_CASE("A missing variable is named at its use") {
    explains("extern int elsewhere;\nint entry(void) {\n    return elsewhere;\n}\n", 3, {"`elsewhere`", "extern"});
}

TEST_CASE("Inline assembly is explained, a compiler barrier is not in the way") {
    explains("int entry(void) {\n    __asm__ volatile(\"r0 = 1\");\n    return 0;\n}\n", 2, {"inline assembly"});
    CHECK(test::resultOf("int entry(void) { __asm__ volatile(\"\" ::: \"memory\"); return 4; }") == 4);
}

TEST_CASE("128-bit multiplication is explained") {
    explains("int entry(unsigned long *v) {\n    return (int)(((unsigned __int128)v[0] * v[1]) >> 64);\n}\n", 2,
             {"128-bit"});
}

TEST_CASE("A computed goto is explained") {
    explains("int entry(int *v) {\n    static void *const to[] = {&&a, &&b};\n    goto *to[v[0] & 1];\n"
             "a: return 1;\nb: return v[1];\n}\n",
             3, {"computed goto", "switch"});
}

TEST_CASE("A large switch works") {
    std::string text = "int entry(unsigned char *v) { switch (v[0]) {\n";
    for (int i = 0; i < 60; ++i) {
        text += "case " + std::to_string(i) + ": return v[1] * " + std::to_string(i * i % 37 + 3) + " + " +
                std::to_string(i) + ";\n";
    }
    text += "} return -1; }";
    CHECK(test::resultOf(text, {41, 10}) == 10 * (41 * 41 % 37 + 3) + 41);
    CHECK(test::resultOf(text, {77, 10}) == 0xffffffff); // int in the low half of r0
}
