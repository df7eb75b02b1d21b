// SPDX-License-Identifier: GPL-3.0-or-later
// Verifier and interpreter: any program in an otherwise good image is rejected, or runs without leaving its memory, and
// ends the same whether run at once or in slices.
#include <array>

#include "tests/fakes/vm_rig.hpp"
#include "tests/fuzz/bindings_stub.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

/// Slices of `instructions`, and a budget for which so many slices do not take too long.
struct Slicing {
    uint32_t instructions, budget;
};
constexpr std::array<Slicing, 3> kSlicings = {{{1, 200}, {7, 1'000}, {100, 5'000}}};

/// Opcodes of RFC 9669 that take any registers, for inputs that ask to be steered past the verifier's first checks.
constexpr std::array<uint8_t, 96> kOpcodes = {
    0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, //
    0x84, 0x94, 0x9c, 0xa4, 0xac, 0xb4, 0xbc, 0xc4, 0xcc, 0x07, 0x0f, 0x17, 0x1f, 0x27, 0x2f, 0x37, //
    0x3f, 0x47, 0x4f, 0x57, 0x5f, 0x67, 0x6f, 0x77, 0x7f, 0x87, 0x97, 0x9f, 0xa7, 0xaf, 0xb7, 0xbf, //
    0xc7, 0xcf, 0x61, 0x69, 0x71, 0x79, 0x81, 0x89, 0x91, 0x62, 0x6a, 0x72, 0x7a, 0x63, 0x6b, 0x73, //
    0x7b, 0xc3, 0xdb, 0x05, 0x06, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x45, 0x55, 0x65, 0x75, 0xa5, 0xb5, //
    0xc5, 0xd5, 0x16, 0x1e, 0x26, 0x36, 0x4e, 0x56, 0x6e, 0x7e, 0xae, 0xbe, 0xce, 0xde, 0x85, 0x95,
};
constexpr std::array<uint8_t, 10> kAtomics = {0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1};

void steer(std::vector<uint8_t>& text, std::size_t at) {
    const auto slots = static_cast<int>(text.size() / 8);
    uint8_t* slot = &text[at];
    slot[0] = kOpcodes[slot[0] % kOpcodes.size()];
    const uint8_t op = slot[0], cls = op & 7;
    const bool bySource = (op & 8) != 0;
    uint8_t dst = slot[1] & 15, src = slot[1] >> 4;
    const int here = static_cast<int>(at / 8);
    const int distance = (slot[2] | slot[3] << 8) % slots - here - 1;
    const auto setOffset = [&](int value) {
        slot[2] = static_cast<uint8_t>(value), slot[3] = static_cast<uint8_t>(value >> 8);
    };
    const auto setImm = [&](int value) {
        for (int i = 0; i < 4; i++)
            slot[4 + i] = static_cast<uint8_t>(value >> (8 * i));
    };
    dst %= cls == 2 || cls == 3 ? 11 : 10;
    src %= cls == 3 && (op & 0xe0) == 0xc0 ? 10 : 11;
    if (cls == 4 || cls == 7) {
        setOffset((op & 0xf0) == 0x30 || (op & 0xf0) == 0x90 ? slot[2] & 1 : 0);
        if (bySource || op == 0x84 || op == 0x87)
            setImm(0);
        if (!bySource)
            src = 0;
    } else if (cls == 1 || (cls == 3 && (op & 0xe0) == 0x60)) {
        setImm(0);
    } else if (cls == 3) {
        setImm(kAtomics[slot[4] % kAtomics.size()]);
    } else if (cls == 2) {
        src = 0;
    } else if (op == 0x05 || op == 0x06) {
        dst = src = 0;
        setOffset(op == 0x05 ? distance : 0);
        setImm(op == 0x06 ? distance : 0);
    } else if (op == 0x85) {
        dst = 0;
        src &= 1;
        const int id = slot[4] % 6;
        setImm(src ? distance : id);
        setOffset(src ? slot[5] % 16 * 8 : 0);
    } else if (op == 0x95) {
        dst = src = 0;
        setOffset(0);
        setImm(0);
    } else {
        setOffset(distance);
        if (bySource)
            setImm(0);
        else
            src = 0;
    }
    slot[1] = static_cast<uint8_t>(src << 4 | dst);
}

void runProgram(Input& input) {
    const uint8_t options = input.byte();
    fakes::ImageParts parts;
    parts.stackBytes = static_cast<uint16_t>(input.byte() * 8);
    parts.bssBytes = input.byte();
    parts.data = input.bytes(input.byte() % 32);
    parts.rodata = input.bytes(input.byte() % 32);
    parts.entries[0].insnIndex = options & 2 ? input.word() : 0;
    const auto memory = input.bytes(input.byte());
    parts.text = input.rest();
    if (options & 1) {
        parts.text.resize(parts.text.size() / 8 * 8);
        for (std::size_t at = 0; at < parts.text.size(); at += 8)
            steer(parts.text, at);
    }
    if (options & 4) {
        const auto exit = fakes::slot(0x95, 0, 0, 0, 0);
        parts.text.insert(parts.text.end(), exit.begin(), exit.end());
    }
    const auto image = fakes::buildImage(parts);

    const auto& slicing = kSlicings[options / 8 % kSlicings.size()];
    fakes::VmRig whole(image);
    if (whole.install())
        return;
    const auto expected = runToEnd(whole, memory, 0, slicing.budget, slicing.budget);
    FUZZ_REQUIRE(expected.instructions <= slicing.budget);
    fakes::VmRig sliced(image);
    FUZZ_REQUIRE(!sliced.install());
    FUZZ_REQUIRE(runToEnd(sliced, memory, 0, slicing.budget, slicing.instructions) == expected);
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::runProgram(input);
    return 0;
}
