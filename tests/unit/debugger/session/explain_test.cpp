// SPDX-License-Identifier: GPL-3.0-or-later
// The C expression that a fault is about, with the columns that the real compiler gives.
#include <fstream>

#include <rbpf/status.h>

#include "debugger/session/explain.hpp"
#include "tests/fakes/processes.hpp"
#include "tests/unit/sdk/compile/script.hpp"
#include <catch2/catch.hpp>

using namespace rbpf;
using namespace rbpf::session;
using Catch::Matchers::Contains;

namespace {

/// `node` is a null pointer; `context` may be read and written.
std::string scriptWith(const std::string& statement) {
    return R"(/* if (x) { "unlike code"; */
#define VALUE(n) ((n)->value)
typedef struct node {
    int value;
    struct node *next;
    int list[4];
} node_t;
int run(node_t *context)
{
    node_t *node = context->next;
    const char *words = "a;b{c"; int x = words[context->value] == 'a';
    )" + statement +
           R"(
    return x;
}
)";
}

/// Runs the script until it faults; the story of the fault.
std::string explained(const std::string& statement, compile::Optimise optimise) {
    rbpf::test::RuntimeFolder runtime;
    rbpf::test::Sources sources;
    sources.folder = runtime.folder;
    sources.files["a.c"] = scriptWith(statement);
    std::ofstream(runtime.folder / "a.c") << sources.files["a.c"];
    sources.optimise = optimise;
    const auto linked = rbpf::test::build(sources);
    const auto ran = rbpf::test::run(linked.output.image, std::vector<std::uint8_t>(64));
    INFO(statement);
    REQUIRE(ran.halt == RBPF_HALT_FAULT);
    const auto program = Program::create(linked.output.image, linked.output.debugElf);
    REQUIRE(program);

    Scene scene;
    scene.status = ran.fault.status;
    scene.detail = ran.fault.detail;
    scene.pc = ran.fault.insnIndex * 8;
    return explain(*program, scene);
}

} // namespace

TEST_CASE("a fault names the expression that it happened in, whatever stands around it") {
    struct Shape {
        const char *statement, *operand;
        bool keepsLine = true; ///< also where loads are moved out of a loop
    };
    const Shape shapes[] = {
        {"x += *(volatile int *)node;", "*(volatile int *)node"},
        {"x += node->value;", "node->value"},
        {"x += node->list[x];", "node->list[x]"},
        {"x += context->list[context->value + 300];", "context->list[context->value + 300]"},
        {"x += ((node_t *)node)->next->value;", "((node_t *)node)->next"},
        {"context->next->value = x;", "context->next->value"},
        {"x += **(int **)node + 1;", "*(int **)node"},
        {"x += context->value + node->value;", "node->value"},
        {"x = context->list[1] * 2 + node->list[2] + context->list[0];", "node->list[2]"},
        {"if (context->list[0] == 0) *(volatile int *)node = 5;", "*(volatile int *)node"},
        {"while (node->list[3] == x) { ++x; }", "node->list[3]", false},
        {"for (int i = 0; i < node->value; i++) { x += i; }", "node->value", false},
        {"node->value += 2;", "node->value"},
        {"node->list[1]++;", "node->list[1]"},
        {"int *p = node->list; *p-- = x;", "*p--"},
        {"x = x ? node->list[2] : 7;", "node->list[2]"},
        {"x = context->value + /* not here: node->next */\n        node->value;", "node->value"},
        {"x += VALUE(node);", "VALUE(node)"},
        {"x += (*node).list[1];", "(*node).list[1]"},
        {"int other = node->value; x += other;", "node->value"},
    };
    for (const Shape& shape : shapes) {
        for (const auto optimise : {compile::Optimise::Debug, compile::Optimise::Size}) {
            if (!shape.keepsLine && optimise != compile::Optimise::Debug) {
                continue;
            }
            const std::string story = explained(shape.statement, optimise);
            INFO(story);
            CHECK_THAT(story, Contains(std::string("\n  in        ") + shape.operand + "\n"));
        }
    }
}
