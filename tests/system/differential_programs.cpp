// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/differential_programs.hpp"

#include <array>
#include <cstdio>

#include "tests/fakes/image_builder.hpp"

namespace rbpf::differential {
namespace {

/// splitmix64: small, and the same on every machine (the standard library's distributions are not).
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next() {
        uint64_t z = state_ += 0x9e3779b97f4a7c15u;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return z ^ z >> 31;
    }
    unsigned below(unsigned bound) { return static_cast<unsigned>(next() % bound); }
    bool oneIn(unsigned n) { return below(n) == 0; }
    template <std::size_t N>
    int64_t of(const std::array<int64_t, N>& choices) {
        return choices[below(N)];
    }

private:
    uint64_t state_;
};

constexpr std::array<int64_t, 16> kEdges = {0,  1,    -1,   2,      -2,     31,        32,        63,
                                            64, 0x7f, 0x80, 0x7fff, 0x8000, INT32_MAX, INT32_MIN, 255};
constexpr std::array<int64_t, 12> kAluCodes = {0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x90, 0xa0, 0xb0, 0xc0};
constexpr std::array<int64_t, 11> kJumpCodes = {0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0xa0, 0xb0, 0xc0, 0xd0};
constexpr std::array<int64_t, 10> kAtomics = {0x00, 0x01, 0x40, 0x41, 0x50, 0x51, 0xa0, 0xa1, 0xe1, 0xf1};
constexpr std::array<int64_t, 4> kSizes = {1, 2, 4, 8};

constexpr unsigned kFramePointer = 10;
constexpr int16_t kContextSlot = -8; ///< where the prologue keeps the context's address
constexpr int16_t kScratchTop = -16; ///< 64 bytes below here (exclusive of the context slot) are scratch
constexpr int16_t kScratchSlots = 8;
constexpr int16_t kSaveTop = kScratchTop - 8 * kScratchSlots; ///< r0 … r9 at the end

uint8_t sizeBits(int64_t size) {
    return size == 1 ? 0x10 : size == 2 ? 0x08 : size == 4 ? 0x00 : 0x18;
}

class Generator {
public:
    explicit Generator(uint64_t seed) : random_(seed) {}

    RandomProgram make() {
        std::vector<uint8_t> context;
        for (unsigned i = 0; i < kContextBytes / 8; i++) {
            const uint64_t value = edgeOrRandom();
            for (unsigned byte = 0; byte < 8; byte++)
                context.push_back(static_cast<uint8_t>(value >> (8 * byte)));
        }
        prologue();
        const unsigned pieces = 5 + random_.below(30);
        for (unsigned i = 0; i < pieces; i++)
            piece();
        landJumps();
        epilogue();
        function();
        return {text_, context};
    }

private:
    uint64_t edgeOrRandom() {
        if (random_.oneIn(2))
            return random_.next();
        const auto edge = static_cast<uint64_t>(random_.of(kEdges));
        return random_.oneIn(4) ? edge << 32 : edge;
    }

    unsigned slots() const { return static_cast<unsigned>(text_.size() / 8); }

    void emit(unsigned opcode, unsigned dst, unsigned src, int16_t offset, int32_t imm) {
        const auto bytes = fakes::slot(static_cast<uint8_t>(opcode), dst, src, offset, imm);
        text_.insert(text_.end(), bytes.begin(), bytes.end());
    }

    void patchOffset(unsigned slot, int16_t offset) {
        text_[8 * slot + 2] = static_cast<uint8_t>(offset);
        text_[8 * slot + 3] = static_cast<uint8_t>(offset >> 8);
    }

    void patchImm(unsigned slot, int32_t imm) {
        for (unsigned i = 0; i < 4; i++)
            text_[8 * slot + 4 + i] = static_cast<uint8_t>(static_cast<uint32_t>(imm) >> (8 * i));
    }

    unsigned reg() { return random_.below(registers_); }
    int32_t imm() {
        return static_cast<int32_t>(random_.oneIn(2) ? static_cast<uint32_t>(random_.next()) : random_.of(kEdges));
    }

    void loadContextAddress(unsigned dst) { emit(0x79, dst, kFramePointer, kContextSlot, 0); }

    void prologue() {
        emit(0x7b, kFramePointer, 1, kContextSlot, 0);
        for (unsigned r = 0; r < 10; r++)
            if (r != 1)
                emit(0x79, r, 1, static_cast<int16_t>(kInitialAt + 8 * r), 0);
        emit(0x79, 1, 1, kInitialAt + 8, 0);
        for (int16_t i = 0; i < kScratchSlots; i++)
            emit(0x7b, kFramePointer, static_cast<unsigned>(i), static_cast<int16_t>(kScratchTop - 8 * i), 0);
    }

    void epilogue() {
        const auto saved = [](unsigned r) { return static_cast<int16_t>(kSaveTop - 8 * static_cast<int>(r)); };
        for (unsigned r = 0; r < 10; r++)
            emit(0x7b, kFramePointer, r, saved(r), 0);
        loadContextAddress(1);
        for (unsigned r = 0; r < 10; r++) {
            emit(0x79, 2, kFramePointer, saved(r), 0);
            emit(0x7b, 1, 2, static_cast<int16_t>(kFinalAt + 8 * r), 0);
        }
        for (int16_t i = 0; i < kScratchSlots; i++) {
            emit(0x79, 2, kFramePointer, static_cast<int16_t>(kScratchTop - 8 * i), 0);
            emit(0x7b, 1, 2, static_cast<int16_t>(kScratchAt + 8 * i), 0);
        }
        emit(0xb7, 0, 0, 0, 0);
        emit(0x95, 0, 0, 0, 0);
    }

    void piece() {
        switch (random_.below(16)) {
        case 0:
            return emitJump();
        case 1:
            return emitGoto();
        case 2:
            return emitLoop();
        case 3:
        case 4:
            return emitStack();
        case 5:
            return emitContext();
        case 6:
            return emitAtomic();
        case 7:
            return random_.oneIn(3) ? emitCall() : arithmetic();
        case 8: {
            const uint64_t value = edgeOrRandom();
            emit(0x18, reg(), 0, 0, static_cast<int32_t>(value));
            return emit(0, 0, 0, 0, static_cast<int32_t>(value >> 32));
        }
        default:
            return arithmetic();
        }
    }

    void arithmetic() {
        const bool wide = random_.oneIn(2);
        const unsigned cls = wide ? 0x07 : 0x04;
        switch (random_.below(8)) {
        case 0:
            return emit(0x80 | cls, reg(), 0, 0, 0); // neg
        case 1: {
            static constexpr std::array<int64_t, 3> kOpcodes = {0xd4, 0xdc, 0xd7}, kWidths = {16, 32, 64};
            return emit(static_cast<unsigned>(random_.of(kOpcodes)), reg(), 0, 0,
                        static_cast<int32_t>(random_.of(kWidths)));
        }
        case 2: {
            static constexpr std::array<int64_t, 3> kWidths = {8, 16, 32};
            const auto width = wide ? kWidths[random_.below(3)] : kWidths[random_.below(2)];
            return emit(0xb8 | cls, reg(), reg(), static_cast<int16_t>(width), 0); // movsx
        }
        default:
            break;
        }
        const auto code = static_cast<unsigned>(random_.of(kAluCodes));
        const bool divides = code == 0x30 || code == 0x90;
        const bool shifts = code == 0x60 || code == 0x70 || code == 0xc0;
        const int16_t offset = divides && random_.oneIn(2) ? 1 : 0;
        if (random_.oneIn(2))
            return emit(code | 0x08 | cls, reg(), reg(), offset, 0);
        int32_t value = imm();
        if (shifts) // the kernel refuses larger ones
            value = static_cast<int32_t>(static_cast<uint32_t>(value) % (wide ? 64 : 32));
        if (divides && value == 0) // and these
            value = 3;
        emit(code | cls, reg(), 0, offset, value);
    }

    void condition(int16_t offset) {
        const auto code = static_cast<unsigned>(random_.of(kJumpCodes));
        const unsigned cls = random_.oneIn(2) ? 0x05 : 0x06;
        if (random_.oneIn(2))
            emit(code | 0x08 | cls, reg(), reg(), offset, 0);
        else
            emit(code | cls, reg(), 0, offset, imm());
    }

    /// Lands behind one of the next jumps, or at the end.
    void emitJump() {
        if (jumps_++ >= 6) // the kernel's verifier follows every path
            return arithmetic();
        condition(0);
        pending_.push_back({slots() - 1, random_.below(4)});
        arithmetic();
        landSome();
    }

    void landSome() {
        std::erase_if(pending_, [&](Pending& jump) {
            if (jump.piecesLeft-- > 0)
                return false;
            patchOffset(jump.slot, static_cast<int16_t>(slots() - jump.slot - 1));
            return true;
        });
    }

    void landJumps() {
        for (const auto& jump : pending_)
            patchOffset(jump.slot, static_cast<int16_t>(slots() - jump.slot - 1));
        pending_.clear();
    }

    /// if … goto +1; goto over; skipped in one case of two; so that nothing is unreachable.
    void emitGoto() {
        if (jumps_++ >= 6)
            return arithmetic();
        condition(1);
        const unsigned at = slots();
        const bool far = random_.oneIn(2);
        emit(far ? 0x06 : 0x05, 0, 0, 0, 0);
        arithmetic();
        const auto distance = static_cast<int16_t>(slots() - at - 1);
        far ? patchImm(at, distance) : patchOffset(at, distance);
    }

    /// A counted loop over arithmetic that does not touch its counter, r9.
    void emitLoop() {
        if (loops_++ >= 2)
            return arithmetic();
        emit(0xb7, 9, 0, 0, static_cast<int32_t>(1 + random_.below(5)));
        const unsigned top = slots();
        registers_ = 9;
        for (unsigned i = 0; i < 1 + random_.below(4); i++)
            arithmetic();
        registers_ = 10;
        emit(0x07, 9, 0, 0, -1);
        emit(0x55, 9, 0, static_cast<int16_t>(static_cast<int>(top) - static_cast<int>(slots()) - 1), 0);
    }

    int16_t scratchOffset(int64_t size) {
        const auto place = static_cast<int>(random_.below(static_cast<unsigned>(8 * kScratchSlots / size)) * size);
        return static_cast<int16_t>(kSaveTop + 8 + place);
    }

    void emitStack() {
        const int64_t size = random_.of(kSizes);
        const uint8_t bits = sizeBits(size);
        const int16_t offset = scratchOffset(size);
        switch (random_.below(4)) {
        case 0:
            return emit(0x63u | bits, kFramePointer, reg(), offset, 0);
        case 1:
            return emit(0x62u | bits, kFramePointer, 0, offset, imm());
        case 2:
            if (size < 8)
                return emit(0x81u | bits, reg(), kFramePointer, offset, 0);
            [[fallthrough]];
        default:
            return emit(0x61u | bits, reg(), kFramePointer, offset, 0);
        }
    }

    void emitContext() {
        const int64_t size = random_.of(kSizes);
        const uint8_t bits = sizeBits(size);
        const auto offset =
            static_cast<int16_t>(kFreeAt + random_.below(static_cast<unsigned>((kContextBytes - kFreeAt) / size)) *
                                               static_cast<unsigned>(size));
        const unsigned address = reg();
        loadContextAddress(address);
        if (random_.oneIn(2))
            return emit(0x61u | bits, address, address, offset, 0);
        const unsigned value = (address + 1 + random_.below(9)) % 10;
        emit(0x63u | bits, address, value, offset, 0);
        emit(0xb7, address, 0, 0, imm()); // an address must not get into the results
    }

    void emitAtomic() {
        const bool wide = random_.oneIn(2);
        const auto operation = static_cast<int32_t>(random_.of(kAtomics));
        emit(wide ? 0xdb : 0xc3, kFramePointer, reg(), scratchOffset(wide ? 8 : 4), operation);
        // Linux 6.18 on x86-64 forgets at times to clear r0's high half (RFC 9669, section 5.3), as its processor does
        // when the comparison succeeds. The ISA vectors check it on the VM.
        if (!wide && operation == 0xf1)
            emit(0xbc, 0, 0, 0, 0);
    }

    void emitCall() {
        calls_.push_back(slots());
        emit(0x85, 0, 1, 0, 0);
        for (unsigned r = 1; r <= 5; r++) // the kernel takes these for spoilt by a call
            emit(0xbf, r, r == 5 ? 0 : r + 5, 0, 0);
    }

    /// The function that all calls go to: arguments and r10 are all it may read before writing.
    void function() {
        if (calls_.empty())
            return;
        for (const unsigned call : calls_)
            patchImm(call, static_cast<int32_t>(slots() - call - 1));
        emit(0xbf, 0, 1, 0, 0);
        for (unsigned r = 6; r < 10; r++)
            emit(0xbf, r, r - 5, 0, 0);
        for (unsigned i = 0; i < 1 + random_.below(8); i++)
            arithmetic();
        emit(0x7b, kFramePointer, 3, -8, 0);
        arithmetic();
        emit(0x79, 4, kFramePointer, -8, 0);
        emit(0x0f, 0, 4, 0, 0);
        emit(0x95, 0, 0, 0, 0);
    }

    struct Pending {
        unsigned slot;
        unsigned piecesLeft;
    };

    Random random_;
    std::vector<uint8_t> text_;
    std::vector<Pending> pending_;
    std::vector<unsigned> calls_;
    unsigned registers_ = 10;
    unsigned jumps_ = 0;
    unsigned loops_ = 0;
};

} // namespace

RandomProgram makeProgram(uint64_t seed) {
    return Generator(seed).make();
}

std::string listing(const std::vector<uint8_t>& text) {
    std::string lines;
    for (std::size_t i = 0; i < text.size(); i++) {
        char hex[4];
        std::snprintf(hex, sizeof hex, "%02x", text[i]);
        lines += hex;
        if (i % 8 == 7)
            lines += "\n";
    }
    return lines;
}

} // namespace rbpf::differential
