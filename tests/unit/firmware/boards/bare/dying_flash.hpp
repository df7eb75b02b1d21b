// SPDX-License-Identifier: GPL-3.0-or-later
// Flash whose power is cut at a chosen operation: that one is left half done, later ones do nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

#include "boards/bare/flash.hpp"

namespace rbpf::test {

class DyingFlash final : public bare::Flash {
public:
    static constexpr std::uint32_t kPageBytes = 64;

    explicit DyingFlash(std::uint32_t bytes) : words_(bytes / 8, ~std::uint64_t{0}), writes_(bytes / 4) {}

    /// Power for `operations` more, the last of which is torn (0: none is begun); `seed` chooses how.
    void cutAfter(long operations, unsigned seed) {
        left_ = operations;
        random_.seed(seed);
    }
    void powerUp() { left_ = -1; }
    [[nodiscard]] bool dead() const { return left_ == 0; }
    /// A word was written more than twice between two erasures, which the chips do not allow.
    [[nodiscard]] bool overwritten() const { return overwritten_; }

    [[nodiscard]] const std::uint8_t* data() const override {
        return reinterpret_cast<const std::uint8_t*>(words_.data());
    }
    [[nodiscard]] std::uint32_t pageBytes() const override { return kPageBytes; }

    void erase(std::uint32_t offset) override {
        operate([&](bool torn) {
            for (std::uint32_t at = offset; at < offset + kPageBytes; at += 4) {
                writes_[at / 4] = 0;
                put(at, torn ? get(at) | static_cast<std::uint32_t>(random_()) : bare::kErasedWord);
            }
        });
    }
    void write(std::uint32_t offset, std::uint32_t word) override {
        operate([&](bool torn) {
            overwritten_ = overwritten_ || ++writes_[offset / 4] > 2;
            put(offset, get(offset) & (torn ? word | static_cast<std::uint32_t>(random_()) : word));
        });
    }

private:
    template <typename Work>
    void operate(Work work) {
        if (left_ == 0) {
            return;
        }
        work(left_ == 1);
        left_ -= left_ > 0 ? 1 : 0;
    }
    [[nodiscard]] std::uint32_t get(std::uint32_t offset) const {
        std::uint32_t word = 0;
        std::memcpy(&word, data() + offset, sizeof word);
        return word;
    }
    void put(std::uint32_t offset, std::uint32_t word) {
        std::memcpy(reinterpret_cast<std::uint8_t*>(words_.data()) + offset, &word, sizeof word);
    }

    std::vector<std::uint64_t> words_;
    std::vector<std::uint8_t> writes_;
    long left_ = -1; ///< -1: the power stays
    bool overwritten_ = false;
    std::mt19937 random_;
};

} // namespace rbpf::test
