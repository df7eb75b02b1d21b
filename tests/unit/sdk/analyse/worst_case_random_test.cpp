// SPDX-License-Identifier: GPL-3.0-or-later
// No proven bound is ever exceeded: random programs with random inputs on the real VM. Some seconds here;
// RBPF_RANDOM_SECONDS=600 RBPF_RANDOM_SEED=… for longer.
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <cstring>

#include "sdk/analyse/worst_case.hpp"
#include "tests/fakes/vm_rig.hpp"
#include "tests/unit/sdk/analyse/random_program.hpp"

using namespace rbpf;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::vector<std::uint8_t> someBytes(std::mt19937_64& engine, std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    const std::uint64_t manner = engine() % 4;
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(manner == 0 ? 0 : manner == 1 ? 0xff : engine());
    }
    return bytes;
}

image::Image imageOf(std::mt19937_64& engine, std::vector<std::uint8_t> text) {
    fakes::ImageParts parts;
    parts.text = std::move(text);
    parts.rodata = someBytes(engine, test::kRandomRodataBytes);
    return image::read(fakes::buildImage(parts)).value();
}

/// A firmware whose answers are as random as its script.
void answer(fakes::RigFirmware& firmware, std::mt19937_64& engine) {
    firmware.call = [&engine](rbpf_container_t& container, std::uint32_t id) {
        if (id == 0x12) {
            void* place = rbpf_container_access(&container, container.reg[2], 4, RBPF_WRITE);
            if (place == nullptr) {
                return static_cast<int>(RBPF_STATUS_BAD_ARGUMENT);
            }
            const auto value = static_cast<std::uint32_t>(engine());
            std::memcpy(place, &value, sizeof value);
        }
        if (id == 0x99) { // one that no table has: it may write whatever it likes
            for (std::uint32_t at = 0; at < 512; at += 8) {
                const std::uint64_t value = engine();
                std::memcpy(container.region[RBPF_REGION_STACK].base + at, &value, sizeof value);
            }
        }
        container.reg[0] = engine() % 2 == 0 ? engine() : engine() % 16;
        return 0;
    };
}

} // namespace

TEST_CASE("no random program runs longer than was proven") {
    const auto seed = setting("RBPF_RANDOM_SEED", 6);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(setting("RBPF_RANDOM_SECONDS", 3));
    std::mt19937_64 engine(seed);
    std::uint64_t programs = 0, withLoops = 0, proven = 0, runs = 0, met = 0;
    while (std::chrono::steady_clock::now() < end) {
        const std::uint64_t number = programs++;
        const image::Image image = imageOf(engine, test::randomProgram(engine));
        analyse::CostOptions options;
        options.steps = 20000;
        const analyse::WorstCase worst = analyse::worstCase(image, 0, options);
        fakes::VmRig rig(image.bytes);
        REQUIRE(!rig.install());
        answer(rig.firmware(), engine);
        withLoops += worst.loops.empty() ? 0 : 1;
        if (worst.kind != analyse::WorstCase::Kind::Proven) {
            continue;
        }
        proven += worst.loops.empty() ? 0 : 1;
        REQUIRE(worst.instructions < 1u << 30);
        std::uint64_t most = 0;
        for (int run = 0; run < 8; ++run) {
            rig.start(run == 7 ? std::vector<std::uint8_t>() : someBytes(engine, test::kRandomContextBytes));
            rig.run(static_cast<std::uint32_t>(worst.instructions) + 1000);
            most = std::max(most, rig.container().instructions);
            ++runs;
        }
        met += most == worst.instructions ? 1 : 0;
        if (most > worst.instructions) {
            FAIL("seed " << seed << ", program " << number << ": " << most << " instructions, at most "
                         << worst.instructions << " were proven");
        }
    }
    WARN(programs << " programs, " << withLoops << " with loops, of them proven " << proven << "; " << runs
                  << " runs; the bound was met exactly by " << met << " programs");
    CHECK(proven > 100);
    CHECK(met > 100);
}

TEST_CASE("damaged programs are analysed to an end, whatever they are") {
    std::mt19937_64 engine(7);
    for (int round = 0; round < 3000; ++round) {
        auto text = test::randomProgram(engine);
        for (int flips = 1 + static_cast<int>(engine() % 12); flips > 0; --flips) {
            text[engine() % text.size()] = static_cast<std::uint8_t>(engine());
        }
        const image::Image image = imageOf(engine, std::move(text));
        analyse::CostOptions options;
        options.steps = 5000;
        const analyse::WorstCase worst = analyse::worstCase(image, 0, options);
        fakes::VmRig rig(image.bytes);
        if (worst.kind == analyse::WorstCase::Kind::Proven && !rig.install()) {
            answer(rig.firmware(), engine);
            rig.start(someBytes(engine, test::kRandomContextBytes));
            rig.run(static_cast<std::uint32_t>(worst.instructions) + 1000);
            CHECK(rig.container().instructions <= worst.instructions);
        }
    }
}
