// SPDX-License-Identifier: LGPL-2.1-or-later
// What a native board keeps across restarts: the images of its slots and the key-value stores, in one file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace rbpf::native {

/// An image on an 8-byte boundary, as flash would hold it.
class ImageBytes {
public:
    void assign(const std::uint8_t* data, std::size_t size);
    void append(const std::uint8_t* data, std::size_t size);
    void clear();
    [[nodiscard]] const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(words_.data()); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::vector<std::uint64_t> words_;
    std::size_t size_ = 0;
};

struct State {
    std::vector<ImageBytes> slots;
    std::vector<std::uint8_t> store;
};

/// Reads a state file into `slotCount` slots. A file that does not exist is an empty state; one that is damaged is an
/// error, and stays.
tl::expected<State, std::string> loadState(const std::string& path, std::size_t slotCount);

/// Writes it; a failure leaves the earlier file.
tl::expected<void, std::string> saveState(const std::string& path, const State& state);

} // namespace rbpf::native
