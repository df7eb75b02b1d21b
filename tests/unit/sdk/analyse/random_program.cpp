// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sdk/analyse/random_program.hpp"

#include "tests/fakes/image_builder.hpp"

namespace rbpf::test {

namespace {

constexpr unsigned kContext = 6; ///< holds r1 of the start
constexpr int kFrameBytes = 64;

/// r0 … r5 are data, r6 the context, r7 … r9 counters of nested loops.
class Writer {
public:
    explicit Writer(std::mt19937_64& engine) : engine_(engine) {}

    std::vector<std::uint8_t> run() {
        functions_ = 1 + below(3);
        std::vector<std::size_t> starts;
        for (function_ = 0; function_ < functions_; ++function_) {
            starts.push_back(slots_);
            if (function_ == 0) {
                emit(0xbf, kContext, 1);
            }
            statements(2 + below(5), 7, 0);
            emit(0x95);
        }
        for (const auto& [at, callee] : calls_) {
            const auto distance = static_cast<std::uint32_t>(starts[callee] - at - 1);
            for (unsigned i = 0; i < 4; ++i) {
                text_[at * 8 + 4 + i] = static_cast<std::uint8_t>(distance >> (8 * i));
            }
        }
        return std::move(text_);
    }

private:
    std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    unsigned data() { return static_cast<unsigned>(below(6)); }
    std::int32_t small() { return static_cast<std::int32_t>(below(5) == 0 ? engine_() : below(24) - 4); }

    void emit(std::uint8_t opcode, unsigned dst = 0, unsigned src = 0, int offset = 0, std::int32_t imm = 0) {
        const auto one = fakes::slot(opcode, dst, src, static_cast<std::int16_t>(offset), imm);
        text_.insert(text_.end(), one.begin(), one.end());
        ++slots_;
    }

    /// The jump at `at` goes to where the text ends now.
    void land(std::size_t at) {
        const auto distance = static_cast<std::uint16_t>(slots_ - at - 1);
        text_[at * 8 + 2] = static_cast<std::uint8_t>(distance);
        text_[at * 8 + 3] = static_cast<std::uint8_t>(distance >> 8);
    }

    void back(std::uint8_t opcode, unsigned dst, unsigned src, std::int32_t imm, std::size_t to) {
        emit(opcode, dst, src, static_cast<int>(to) - static_cast<int>(slots_) - 1, imm);
    }

    void arithmetic() {
        static constexpr std::uint8_t kOps[] = {0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12};
        const std::uint8_t op = kOps[below(std::size(kOps))];
        const auto kind = static_cast<std::uint8_t>(below(2) == 0 ? 7 : 4);
        const bool isSigned = (op == 3 || op == 9) && below(2) == 0;
        switch (below(8)) {
        case 0:
            emit(static_cast<std::uint8_t>(0x80 | kind), data()); // neg
            break;
        case 1:
            emit(static_cast<std::uint8_t>(0xb8 | kind), data(), data(), below(2) == 0 ? 8 : 16);
            break;
        case 2:
            emit(0xd4, data(), 0, 0, below(2) == 0 ? 16 : 32);
            break;
        case 3:
        case 4:
        case 5:
            emit(static_cast<std::uint8_t>(op << 4 | kind), data(), 0, isSigned ? 1 : 0, small());
            break;
        default:
            emit(static_cast<std::uint8_t>(op << 4 | 8 | kind), data(), data(), isSigned ? 1 : 0);
            break;
        }
    }

    void memory() {
        static constexpr std::uint8_t kLoads[] = {0x61, 0x69, 0x71, 0x79, 0x81, 0x89, 0x91};
        static constexpr std::uint8_t kStores[] = {0x63, 0x6b, 0x73, 0x7b, 0x62, 0x6a, 0x72, 0x7a};
        const int place = -8 - static_cast<int>(below(4)) * 8 + (below(4) == 0 ? static_cast<int>(below(2)) * 4 : 0);
        const std::uint8_t store = kStores[below(8)];
        switch (below(5)) {
        case 0:
            emit(kLoads[below(7)], data(), kContext, static_cast<int>(below(kRandomContextBytes - 8)));
            break;
        case 1:
            emit(store, 10, (store & 7) == 3 ? data() : 0, place - 4, (store & 7) == 2 ? small() : 0);
            break;
        case 2: { // a table in rodata, with an index that is known or not
            const unsigned index = data();
            const unsigned pointer = (index + 1) % 6;
            emit(0x54, index, 0, 0, 15); // w & 15
            emit(0x18, pointer, 0, 0, 0x20000000);
            emit(0x00);
            emit(0x0f, pointer, index);
            emit(kLoads[below(7)], data(), pointer, static_cast<int>(below(16)));
            break;
        }
        case 3: { // somewhere on the stack
            const unsigned index = data();
            const unsigned pointer = (index + 1) % 6;
            emit(0x54, index, 0, 0, 24);
            emit(0xbf, pointer, 10);
            emit(0x0f, pointer, index);
            emit(below(2) == 0 ? 0x7b : 0xdb, pointer, data(), -40);
            break;
        }
        default:
            emit(kLoads[below(7)], data(), 10, place - 4);
            break;
        }
    }

    std::uint8_t condition(bool isRegister) {
        static constexpr std::uint8_t kOps[] = {1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13};
        return static_cast<std::uint8_t>(kOps[below(std::size(kOps))] << 4 | (isRegister ? 8 : 0) | (below(2) == 0 ? 5 : 6));
    }

    /// As compilers test for a range: a copy of the number, something added, one comparison. Where the jump stands.
    std::size_t rangeTest(unsigned number) {
        const unsigned copy = (number + 1) % 6;
        emit(below(2) == 0 ? 0xbf : 0xbc, copy, number);
        for (std::uint64_t left = 1 + below(2); left > 0; --left) {
            static constexpr std::uint8_t kAdditions[] = {0x07, 0x04, 0x17, 0x14};
            emit(kAdditions[below(4)], copy, 0, 0, small());
        }
        const std::size_t at = slots_;
        emit(condition(false), copy, 0, 0, small());
        return at;
    }

    void branch(unsigned counter, unsigned depth) {
        const bool isRegister = below(2) == 0;
        std::size_t at = slots_;
        if (below(4) == 0) {
            at = rangeTest(data());
        } else {
            emit(condition(isRegister), data(), isRegister ? data() : 0, 0, isRegister ? 0 : small());
        }
        statements(1 + below(3), counter, depth + 1);
        if (below(2) == 0) {
            land(at);
            return;
        }
        const std::size_t end = slots_;
        emit(0x05);
        land(at);
        statements(1 + below(2), counter, depth + 1);
        land(end);
    }

    /// A number that the context gives, up to 15.
    void input(unsigned reg) {
        emit(0x71, reg, kContext, static_cast<int>(below(kRandomContextBytes)));
        emit(0x57, reg, 0, 0, static_cast<std::int32_t>(below(16)));
    }

    void loop(unsigned counter, unsigned depth) {
        const bool isHalf = below(2) == 0;
        const auto kind = static_cast<std::uint8_t>(isHalf ? 4 : 7);
        const auto jump = static_cast<std::uint8_t>(isHalf ? 6 : 5);
        switch (below(6)) {
        case 5: { // down to 0, if the number lies in some range
            static constexpr std::uint8_t kLoads[] = {0x61, 0x71, 0x79, 0x91};
            emit(kLoads[below(4)], counter, kContext, static_cast<int>(below(kRandomContextBytes - 8)));
            const std::size_t test = rangeTest(counter);
            const std::size_t head = slots_;
            emit(static_cast<std::uint8_t>(0x10 | jump), counter);
            statements(1 + below(2), counter + 1, depth + 1);
            emit(static_cast<std::uint8_t>(kind), counter, 0, 0, -1);
            back(0x05, 0, 0, 0, head);
            land(test);
            land(head);
            break;
        }
        case 0: { // counted, test first
            emit(0xb7, counter);
            const unsigned bound = data();
            const bool isKnown = below(2) == 0;
            const std::size_t head = slots_;
            if (!isKnown) {
                input(bound);
            }
            const std::size_t test = slots_;
            static constexpr std::uint8_t kTests[] = {0x30, 0x70, 0x20, 0x60};
            const auto op = static_cast<std::uint8_t>(kTests[below(4)] | jump);
            emit(static_cast<std::uint8_t>(op | (isKnown ? 0 : 8)), counter, isKnown ? 0 : bound, 0,
                 isKnown ? static_cast<std::int32_t>(below(20)) : 0);
            statements(1 + below(3), counter + 1, depth + 1);
            emit(static_cast<std::uint8_t>(kind), counter, 0, 0, static_cast<std::int32_t>(1 + below(3)));
            back(0x05, 0, 0, 0, head);
            land(test);
            break;
        }
        case 1: { // down to 0, test last
            if (below(2) == 0) {
                input(counter);
                emit(0x47, counter, 0, 0, 1);
            } else {
                emit(0xb7, counter, 0, 0, static_cast<std::int32_t>(1 + below(20)));
            }
            const std::size_t head = slots_;
            statements(1 + below(3), counter + 1, depth + 1);
            emit(static_cast<std::uint8_t>(kind), counter, 0, 0, -1);
            back(static_cast<std::uint8_t>(0x50 | jump), counter, 0, 0, head);
            break;
        }
        case 2: { // shifted until it is 0
            emit(0x61, counter, kContext, static_cast<int>(below(kRandomContextBytes - 4)));
            const std::size_t head = slots_;
            const std::size_t test = slots_;
            emit(static_cast<std::uint8_t>(0x10 | jump), counter);
            statements(1 + below(2), counter + 1, depth + 1);
            emit(static_cast<std::uint8_t>(0x70 | kind), counter, 0, 0, static_cast<std::int32_t>(1 + below(3)));
            back(0x05, 0, 0, 0, head);
            land(test);
            break;
        }
        case 3: { // counted, left early
            emit(0xb7, counter);
            const std::size_t head = slots_;
            const std::size_t early = slots_;
            emit(condition(true), data(), data());
            statements(1 + below(2), counter + 1, depth + 1);
            emit(static_cast<std::uint8_t>(kind), counter, 0, 0, 1);
            back(static_cast<std::uint8_t>(0xa0 | jump), counter, 0, static_cast<std::int32_t>(1 + below(16)), head);
            land(early);
            break;
        }
        default: { // wild: it may never end
            const std::size_t head = slots_;
            statements(1 + below(3), counter + 1, depth + 1);
            back(condition(false), data(), 0, small(), head);
            break;
        }
        }
    }

    void call() {
        if (function_ + 1 >= functions_ || below(2) == 0) {
            emit(0x85, 0, 0, 0, below(2) == 0 ? 0x20 : 0x99);
        } else if (below(2) == 0) {
            emit(0xbf, 2, 10);
            emit(0x07, 2, 0, 0, -8 - static_cast<std::int32_t>(below(4)) * 8);
            emit(0x85, 0, 0, 0, 0x12);
        } else {
            calls_.emplace_back(slots_, function_ + 1 + below(functions_ - function_ - 1));
            emit(0x85, 0, 1, kFrameBytes);
        }
    }

    void statements(std::uint64_t count, unsigned counter, unsigned depth) {
        while (count-- > 0 && slots_ < 400) {
            const std::uint64_t kind = below(12);
            if (kind < 5 || depth > 3) {
                arithmetic();
            } else if (kind < 7) {
                memory();
            } else if (kind < 9) {
                branch(counter, depth);
            } else if (kind < 10) {
                call();
            } else if (counter <= 9) {
                loop(counter, depth);
            }
        }
    }

    std::mt19937_64& engine_;
    std::vector<std::uint8_t> text_;
    std::size_t slots_ = 0;
    std::uint64_t functions_ = 1, function_ = 0;
    std::vector<std::pair<std::size_t, std::uint64_t>> calls_;
};

} // namespace

std::vector<std::uint8_t> randomProgram(std::mt19937_64& engine) {
    return Writer(engine).run();
}

} // namespace rbpf::test
