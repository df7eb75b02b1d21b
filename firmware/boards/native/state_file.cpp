// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/state_file.hpp"

#include <cerrno>
#include <cstring>

#include <unistd.h>

#include "boards/native/files.hpp"

namespace rbpf::native {

namespace {

// "RBS1", number of parts; then each part: length, bytes; last a checksum of everything before. Numbers are 4 bytes,
// little-endian. The parts are the slots in order, then the stores.
constexpr std::uint32_t kMagic = 0x31534252;

void put32(std::vector<std::uint8_t>& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::uint8_t>(value >> shift));
    }
}

/// FNV-1a: the file is written atomically, so this only has to notice disks and people, not attackers.
std::uint32_t checksum(const std::uint8_t* data, std::size_t size) {
    std::uint32_t hash = 2166136261u;
    for (std::size_t i = 0; i < size; ++i) {
        hash = (hash ^ data[i]) * 16777619u;
    }
    return hash;
}

class Reader {
public:
    explicit Reader(const std::string& bytes) : bytes_(bytes) {}

    bool number(std::uint32_t& value) {
        if (bytes_.size() - at_ < 4) {
            return false;
        }
        value = 0;
        for (unsigned i = 0; i < 4; ++i) {
            value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes_[at_++])) << (8 * i);
        }
        return true;
    }
    bool part(const std::uint8_t*& data, std::uint32_t& size) {
        if (!number(size) || size > bytes_.size() - at_) {
            return false;
        }
        data = reinterpret_cast<const std::uint8_t*>(bytes_.data()) + at_;
        at_ += size;
        return true;
    }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

private:
    const std::string& bytes_;
    std::size_t at_ = 0;
};

bool decode(const std::string& bytes, State& state) {
    Reader reader(bytes);
    std::uint32_t magic = 0;
    std::uint32_t parts = 0;
    if (bytes.size() < 12 || !reader.number(magic) || magic != kMagic || !reader.number(parts) || parts < 1) {
        return false;
    }
    const std::string tail = bytes.substr(bytes.size() - 4);
    Reader tailReader(tail);
    std::uint32_t sum = 0;
    if (!tailReader.number(sum) ||
        sum != checksum(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size() - 4)) {
        return false;
    }
    for (std::uint32_t i = 0; i < parts; ++i) {
        const std::uint8_t* data = nullptr;
        std::uint32_t size = 0;
        if (!reader.part(data, size)) {
            return false;
        }
        if (i + 1 == parts) {
            state.store.assign(data, data + size);
        } else if (i < state.slots.size()) {
            state.slots[i].assign(data, size);
        } else if (size != 0) {
            return false; // a slot in use that this board does not have: better to stop than to lose it
        }
    }
    return reader.left() == 4;
}

} // namespace

void ImageBytes::assign(const std::uint8_t* data, std::size_t size) {
    clear();
    append(data, size);
}

void ImageBytes::append(const std::uint8_t* data, std::size_t size) {
    words_.resize((size_ + size + 7) / 8);
    if (size != 0) {
        std::memcpy(reinterpret_cast<std::uint8_t*>(words_.data()) + size_, data, size);
    }
    size_ += size;
}

void ImageBytes::clear() {
    words_.clear();
    size_ = 0;
}

tl::expected<State, std::string> loadState(const std::string& path, std::size_t slotCount) {
    State state;
    state.slots.resize(slotCount);
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        return state;
    }
    const auto bytes = readFile(path);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    if (!decode(*bytes, state)) {
        return tl::unexpected(path + " is not the state of a board, or damaged");
    }
    return state;
}

tl::expected<void, std::string> saveState(const std::string& path, const State& state) {
    std::vector<std::uint8_t> bytes;
    put32(bytes, kMagic);
    put32(bytes, static_cast<std::uint32_t>(state.slots.size() + 1));
    for (const ImageBytes& slot : state.slots) {
        put32(bytes, static_cast<std::uint32_t>(slot.size()));
        bytes.insert(bytes.end(), slot.data(), slot.data() + slot.size());
    }
    put32(bytes, static_cast<std::uint32_t>(state.store.size()));
    bytes.insert(bytes.end(), state.store.begin(), state.store.end());
    put32(bytes, checksum(bytes.data(), bytes.size()));
    return writeFileAtomically(path, bytes);
}

} // namespace rbpf::native
