// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/hints.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>

#include "sdk/analyse/loops.hpp"
#include "sdk/image/instruction.hpp"

namespace rbpf::analyse {

namespace {

using image::Instruction;
using support::Diagnostic;

constexpr std::uint8_t kFramePointer = 10;
constexpr std::uint8_t kOperation = 0xf0, kDivide = 0x30, kModulo = 0x90, kMove = 0xb0, kShiftLeft = 0x60, kShiftRight = 0xc0;
constexpr std::uint8_t kFromRegister = 0x08;
constexpr std::uint8_t kModeMask = 0xe0, kPlainMemory = 0x60;
constexpr std::int32_t kHalf = 32;
/// Fewer letters on the stack are not worth a word.
constexpr unsigned kFewLetters = 8;

bool isArithmetic(const Instruction& in) {
    return in.instructionClass() == image::kClassAlu || in.instructionClass() == image::kClassAlu64;
}

bool isDivision(const Instruction& in) {
    const std::uint8_t operation = in.opcode & kOperation;
    return isArithmetic(in) && (operation == kDivide || operation == kModulo);
}

bool endsBlock(const Instruction& in) {
    return in.isJump() || in.opcode == image::kOpCall || in.opcode == image::kOpExit;
}

unsigned widthOf(const Instruction& in) {
    static constexpr std::array<unsigned, 4> kWidths{4, 2, 1, 8};
    return kWidths[(in.opcode >> 3U) & 3U];
}

/// The text as instructions, which of them lie in loops, and where blocks begin.
struct Text {
    std::vector<Instruction> all;
    std::vector<bool> inLoop, begins;

    explicit Text(const image::Image& image) : all(image::decode(image.text())), inLoop(inLoops(all)), begins(all.size()) {
        std::map<std::int64_t, std::size_t> bySlot;
        for (std::size_t index = 0; index < all.size(); ++index) {
            bySlot[all[index].index] = index;
        }
        for (const Instruction& in : all) {
            const auto found = bySlot.find(in.isJump() ? in.target().value_or(-1) : -1);
            if (found != bySlot.end()) {
                begins[found->second] = true;
            }
        }
    }

    /// What last set the register before `index`, in the same block.
    [[nodiscard]] const Instruction* setter(std::size_t index, std::uint8_t reg) const {
        while (index > 0 && !begins[index]) {
            const Instruction& in = all[--index];
            if (endsBlock(in)) {
                return nullptr;
            }
            const std::uint8_t kind = in.instructionClass();
            const bool sets = isArithmetic(in) || kind == image::kClassLdx || kind == image::kClassLd;
            if (sets && in.dst == reg) {
                return &in;
            }
        }
        return nullptr;
    }
};

/// The upper half is zero after it.
bool givesHalf(const Instruction* in) {
    if (in == nullptr) {
        return false;
    }
    if (in->instructionClass() == image::kClassAlu) {
        return true;
    }
    if (in->instructionClass() == image::kClassLdx) {
        return (in->opcode & kModeMask) == kPlainMemory && widthOf(*in) < 8;
    }
    return (in->opcode & ~kFromRegister) == (image::kClassAlu64 | kMove) && (in->opcode & kFromRegister) == 0 && in->imm >= 0;
}

class Finder {
public:
    Finder(const image::Image& image, const SizeReport& report, const std::vector<PlacedCode>& code)
        : text_(image), report_(report), code_(code) {}

    std::vector<Diagnostic> find() {
        for (std::size_t index = 0; index < text_.all.size(); ++index) {
            divisions(index);
            extensions(index);
            letters(index);
        }
        tellLetters();
        budgets();
        limits();
        return std::move(found_);
    }

private:
    void add(std::uint32_t slot, const char* kind, std::string message, std::string hint) {
        const CodePlace place = placeOf(code_, slot * 8);
        if (place.line == 0 || isLibraryFile(place.file) || std::exchange(told_[{place.file, place.line, kind}], true)) {
            return;
        }
        found_.push_back({support::Severity::Warning, {place.file, place.line, 0, place.line, 0}, std::move(message), std::move(hint), {}, {}});
    }

    void divisions(std::size_t index) {
        const Instruction& in = text_.all[index];
        if (!isDivision(in)) {
            return;
        }
        const bool isWide = in.instructionClass() == image::kClassAlu64;
        const bool isSigned = in.offset != 0;
        const bool fromRegister = (in.opcode & kFromRegister) != 0;
        const bool halfDivisor = fromRegister ? givesHalf(text_.setter(index, in.src)) : in.imm >= 0;
        if (isWide && !isSigned && halfDivisor && givesHalf(text_.setter(index, in.dst))) {
            add(in.index, "narrow", "64-bit division of two numbers of 32 bits", "with both as uint32_t the board divides by one instruction or half the work");
        }
        if (text_.inLoop[index]) {
            add(in.index, "division", isWide ? "a 64-bit division in a loop" : "a division in a loop",
                "a Cortex-M0 has no instruction for it, no Cortex-M one for 64 bits: divide once before or after the loop, or by a power of two");
        }
    }

    void extensions(std::size_t index) {
        const Instruction& in = text_.all[index];
        if (!text_.inLoop[index] || in.instructionClass() != image::kClassAlu64) {
            return;
        }
        const std::uint8_t operation = in.opcode & kOperation;
        const bool isMove = operation == kMove && (in.opcode & kFromRegister) != 0 && in.offset == kHalf;
        const Instruction* before = operation == kShiftRight && in.imm == kHalf ? text_.setter(index, in.dst) : nullptr;
        const bool isPair = before != nullptr && before->instructionClass() == image::kClassAlu64 && before->imm == kHalf &&
                            (before->opcode & kOperation) == kShiftLeft;
        if (isMove || isPair) {
            add(in.index, "extension", "a signed 32-bit number is extended to 64 bits in each turn of a loop",
                "an index or a length as uint32_t or size_t needs no extension");
        }
    }

    /// Letters that a store puts on the stack.
    void letters(std::size_t index) {
        const Instruction& in = text_.all[index];
        const std::uint8_t kind = in.instructionClass();
        if ((kind != image::kClassSt && kind != image::kClassStx) || in.dst != kFramePointer || (in.opcode & kModeMask) != kPlainMemory) {
            return;
        }
        std::optional<std::uint64_t> value;
        std::uint32_t bytes = 8;
        if (kind == image::kClassSt) {
            value = static_cast<std::uint64_t>(std::int64_t{in.imm});
        } else if (const Instruction* source = text_.setter(index, in.src)) {
            const bool isMove = isArithmetic(*source) && (source->opcode & (kOperation | kFromRegister)) == kMove;
            if (source->opcode == image::kOpLddw || isMove) {
                value = source->opcode == image::kOpLddw ? source->wide() : static_cast<std::uint64_t>(std::int64_t{source->imm});
                bytes += source->slots * 8;
            }
        }
        std::set<std::int32_t> here; // overlapping stores write a letter twice
        for (unsigned byte = 0; value && byte < widthOf(in); ++byte) {
            const auto letter = static_cast<unsigned char>(*value >> (8 * byte));
            if (letter != 0 && (letter < 0x20 || letter > 0x7e)) {
                return; // a number
            }
            if (letter != 0) {
                here.insert(in.offset + static_cast<std::int32_t>(byte));
            }
        }
        const CodePlace place = placeOf(code_, in.index * 8);
        Letters& line = letters_[{place.file, place.line}];
        line.slot = in.index;
        line.codeBytes += here.empty() ? 0 : bytes;
        line.places.merge(here);
    }

    void tellLetters() {
        for (const auto& [place, line] : letters_) {
            if (line.places.size() >= kFewLetters) {
                add(line.slot, "letters", fmt::format("{} B of code put a text of {} letters on the stack", line.codeBytes, line.places.size()),
                    "a `static const char` array takes its letters in rodata alone; only a text that is written to needs the stack");
            }
        }
    }

    void budgets() {
        for (const EntryCost& entry : report_.entries) {
            const bool isBounded = entry.worst.kind != WorstCase::Kind::Unbounded;
            if (report_.budget == 0 || !isBounded || entry.worst.instructions <= report_.budget) {
                continue;
            }
            Diagnostic warning{support::Severity::Warning, {}, {}, "raise \"budget\" in rbpf.json, or make the run shorter", {}, {}};
            warning.message = fmt::format("{} may take {} instructions, more than its budget of {}", entry.name, entry.worst.instructions, report_.budget);
            for (const FunctionSize& function : report_.functions) {
                if (function.name == entry.name) {
                    warning.range = {function.file, function.line, 0, function.line, 0};
                }
            }
            found_.push_back(std::move(warning));
        }
    }

    void limits() {
        std::set<std::pair<std::string, unsigned>> told;
        const auto tell = [&](const TurnLimit& limit, std::string sentence, std::string advice) {
            if (told.emplace(limit.file, limit.line).second) {
                found_.push_back({support::Severity::Warning,
                                  {limit.file, limit.line, 0, limit.line, 0},
                                  std::move(sentence),
                                  std::move(advice),
                                  {},
                                  {}});
            }
        };
        for (const EntryCost& entry : report_.entries) {
            for (const WrongLimit& wrong : entry.worst.refuted) {
                tell(wrong.limit, wrong.sentence, "the bound is found without this limit: correct it or take it out");
            }
        }
        for (const TurnLimit& limit : report_.idleLimits) {
            tell(limit, fmt::format("the limit of {} turns is for no loop: none of the image begins at this line", limit.turns),
                 "write it on the line of the loop's `for`, `while` or `do`; if the compiler has unrolled or removed the loop, "
                 "it needs no limit");
        }
    }

    struct Letters {
        std::uint32_t slot = 0;
        std::set<std::int32_t> places; ///< of letters, from r10
        std::uint32_t codeBytes = 0;
    };

    const Text text_;
    const SizeReport& report_;
    const std::vector<PlacedCode>& code_;
    std::map<std::tuple<std::string, unsigned, std::string>, bool> told_;
    std::map<std::pair<std::string, unsigned>, Letters> letters_;
    std::vector<Diagnostic> found_;
};

} // namespace

std::vector<Diagnostic> hints(const image::Image& image, const SizeReport& report, const std::vector<PlacedCode>& code) {
    return Finder(image, report, code).find();
}

} // namespace rbpf::analyse
