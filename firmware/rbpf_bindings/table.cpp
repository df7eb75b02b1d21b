// SPDX-License-Identifier: LGPL-2.1-or-later
// bindings.def as a table of rows, and the dispatch by id.
#include "rbpf_bindings/bindings_table.hpp"
#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

#define RBPF_NONE                                                                                                      \
    Rule {}
#define RBPF_VALUE(type, name) Rule{RuleKind::Value, 0}
#define RBPF_IN(type, name, bytes)                                                                                     \
    Rule {                                                                                                             \
        RuleKind::In, (bytes)                                                                                          \
    }
#define RBPF_OUT(type, name, bytes)                                                                                    \
    Rule {                                                                                                             \
        RuleKind::Out, (bytes)                                                                                         \
    }
#define RBPF_IN_N(type, name, n)                                                                                       \
    Rule {                                                                                                             \
        RuleKind::InN, (n)                                                                                             \
    }
#define RBPF_OUT_N(type, name, n)                                                                                      \
    Rule {                                                                                                             \
        RuleKind::OutN, (n)                                                                                            \
    }
#define RBPF_STRING(name) Rule{RuleKind::String, 0}
#define RBPF_TEXT(type, name) Rule{RuleKind::Text, 0}
#define RBPF_MORE Rule{RuleKind::More, 0}

template <typename... Rules>
constexpr Row row(uint8_t id, Function function, Rules... rules) {
    static_assert(sizeof...(Rules) <= kParametersMax);
    return Row{id, {rules...}, function};
}

#define RBPF_EXPAND(...) __VA_ARGS__
#define RBPF_BINDING(id, name, returns, parameters, doc) row(id, bind_##name, RBPF_EXPAND parameters),
constexpr Row kRows[] = {
#include <rbpf/bindings.def>
};
#undef RBPF_BINDING

constexpr uint8_t kIdLimit = 0x80;

/// Row number + 1 by id: one load instead of a search.
struct Index {
    uint8_t row[kIdLimit] = {};
};

constexpr bool ascending() {
    for (size_t i = 1; i < kBindingCount; ++i) {
        if (kIds[i] <= kIds[i - 1]) {
            return false;
        }
    }
    return kIds[kBindingCount - 1] < kIdLimit;
}
static_assert(ascending(), "bindings.def must be sorted by id, and ids end before 0x80");

constexpr Index makeIndex() {
    Index index;
    for (size_t i = 0; i < kBindingCount; ++i) {
        index.row[kIds[i]] = static_cast<uint8_t>(i + 1);
    }
    return index;
}
constexpr Index kIndex = makeIndex();

/// A size rule must name a parameter.
constexpr bool sound() {
    for (const Row& each : kRows) {
        for (const Rule& rule : each.rule) {
            const bool counted = rule.kind == RuleKind::InN || rule.kind == RuleKind::OutN;
            if (counted && (rule.size < 1 || rule.size > kParametersMax)) {
                return false;
            }
        }
    }
    return true;
}
static_assert(sound(), "bindings.def: IN_N and OUT_N name one of the parameters 1 to 5");

int hasBinding(const rbpf_firmware_t*, uint32_t id) {
    return id < kIdLimit && kIndex.row[id] != 0;
}

int callBinding(const rbpf_firmware_t* firmware, rbpf_container_t* container, uint32_t id) {
    if (hasBinding(firmware, id) == 0) {
        container->fault.detail = id;
        return RBPF_STATUS_UNKNOWN_BINDING;
    }
    return marshal(kRows[kIndex.row[id] - 1], *static_cast<Run*>(container->owner), *container);
}

} // namespace

const rbpf_firmware_t kFirmware{hasBinding, callBinding};

} // namespace rbpf::bindings
