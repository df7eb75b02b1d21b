// SPDX-License-Identifier: GPL-3.0-or-later
// Runs tests/vectors/isa on the VM, whole and in slices, and counts off which encodings of RFC 9669 were executed.
#include <catch2/catch.hpp>

#include <set>

#include "tests/fakes/vm_rig.hpp"
#include "tests/vectors/encodings.hpp"
#include "tests/vectors/isa_vector.hpp"

namespace rbpf::vectors {
namespace {

constexpr uint32_t kBudget = 100'000;
constexpr uint32_t kWhole = kBudget;

const std::vector<IsaVector>& isaVectors() {
    static const auto vectors = readIsaVectors();
    return vectors;
}

std::vector<uint8_t> imageOf(const IsaVector& vector) {
    fakes::ImageParts parts;
    parts.text = vector.text;
    parts.rodata = vector.rodata;
    parts.data = vector.data;
    return fakes::buildImage(parts);
}

/// Runs to the end in slices of `slice` instructions; calls before() ahead of each.
template <typename Before>
rbpf_halt_t runInSlices(fakes::VmRig& rig, uint32_t slice, Before before) {
    for (uint32_t spent = 0; spent < kBudget; spent += slice) {
        before();
        const auto halt = rig.run(slice);
        if (halt != RBPF_HALT_BUDGET)
            return halt;
    }
    return RBPF_HALT_BUDGET;
}

void checkOutcome(const IsaVector& vector, const fakes::VmRig& rig, rbpf_halt_t halt) {
    const auto& fault = rig.container().fault;
    if (vector.result) {
        INFO("fault " << fakes::statusName(fault.status) << " at " << fault.insnIndex);
        REQUIRE(halt == RBPF_HALT_EXITED);
        CHECK(rig.container().reg[0] == *vector.result);
        CHECK(rig.memory() == vector.after);
    } else {
        REQUIRE(halt == RBPF_HALT_FAULT);
        CHECK(fakes::statusName(fault.status) == vector.fault->status);
        CHECK(fault.insnIndex == vector.fault->insn);
        if (vector.fault->detail)
            CHECK(fault.detail == *vector.fault->detail);
    }
}

} // namespace

TEST_CASE("every instruction does what RFC 9669 says, whole and in slices") {
    std::set<Encoding> missing = allEncodings();
    for (const auto& vector : isaVectors()) {
        if (vector.rejection)
            continue;
        INFO(vector.file << ": " << vector.name << "\n" << vector.listing);
        uint64_t instructions = 0;
        for (const uint32_t slice : {kWhole, 1u, 3u}) {
            INFO("in slices of " << slice);
            fakes::VmRig rig(imageOf(vector));
            const auto rejection = rig.install();
            if (rejection)
                FAIL_CHECK("rejected: " << fakes::statusName(rejection->status) << " at " << rejection->insnIndex);
            if (rejection)
                break;
            rig.start(vector.memory);
            const auto halt = runInSlices(rig, slice, [&] {
                if (slice == 1)
                    missing.erase(encodingOf(std::span(rig.image().text + 8 * rig.container().pc, 8)));
            });
            checkOutcome(vector, rig, halt);
            if (slice == kWhole)
                instructions = rig.container().instructions;
            CHECK(rig.container().instructions == instructions);
        }
    }
    for (const auto& encoding : missing)
        FAIL_CHECK("no vector executes " << toString(encoding));
}

TEST_CASE("the verifier rejects every vector that it must, with its reason and place") {
    std::size_t count = 0;
    for (const auto& vector : isaVectors()) {
        if (!vector.rejection)
            continue;
        count++;
        INFO(vector.file << ": " << vector.name << "\n" << vector.listing);
        fakes::VmRig rig(imageOf(vector));
        const auto rejection = rig.install();
        CHECK(rejection.has_value());
        if (!rejection)
            continue;
        CHECK_THAT(vector.rejection->statuses,
                   Catch::VectorContains(std::string(fakes::statusName(rejection->status))));
        if (vector.rejection->insn)
            CHECK(rejection->insnIndex == *vector.rejection->insn);
    }
    CHECK(count > 0);
}

} // namespace rbpf::vectors
