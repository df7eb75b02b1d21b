// SPDX-License-Identifier: GPL-3.0-or-later
// The image (headers/rbpf/image.h): header, entries, binding ids, shared strings, text, rodata, data, checksum.
#include <algorithm>
#include <cstddef>

#include <xxhash.h>

#include "sdk/image/checksum.hpp"
#include "sdk/link/internal.hpp"

namespace rbpf::linker {
namespace {

/// NUL-terminated strings; one that ends another is stored inside of it.
class Strings {
public:
    void add(const std::string& text) { texts_.push_back(text); }

    void lay(std::size_t start) {
        std::vector<std::string> sorted = texts_;
        std::sort(sorted.begin(), sorted.end(), [](const std::string& a, const std::string& b) {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        });
        bytes_.clear();
        start_ = start;
        for (const std::string& text : sorted) {
            if (find(text) == std::string::npos) {
                bytes_ += text;
                bytes_ += '\0';
            }
        }
    }

    [[nodiscard]] std::size_t at(const std::string& text) const { return start_ + find(text); }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    [[nodiscard]] std::size_t find(const std::string& text) const { return bytes_.find(text + '\0'); }

    std::vector<std::string> texts_;
    std::string bytes_;
    std::size_t start_ = 0;
};

constexpr std::size_t kMostEntries = 255;

bool fits(Link& link) {
    if (link.request.entries.size() > kMostEntries || link.bindings.size() > 255) {
        link.complain("the script has more than 255 entries or uses more than 255 bindings",
                      "split it into several scripts");
        return false;
    }
    if (link.text.size() / 8 > 0xffff) {
        link.complain("the script's code is larger than 512 KiB", "split it into several scripts");
        return false;
    }
    if (link.request.stackBytes > 0xfff8 || link.request.stackBytes % 8 != 0) {
        link.complain("a stack of " + std::to_string(link.request.stackBytes) + " bytes is not possible",
                      "the stack's size is a multiple of 8 up to 65528");
        return false;
    }
    return true;
}

} // namespace

void pack(Link& link) {
    if (!fits(link)) {
        return;
    }
    const Request& request = link.request;
    Strings strings;
    strings.add(request.name);
    strings.add(request.version);
    for (const Entry& entry : request.entries) {
        strings.add(entry.function);
        strings.add(entry.trigger);
    }
    const std::size_t tables = sizeof(rbpf_image_header_t) + request.entries.size() * sizeof(rbpf_image_entry_t) +
                               link.bindings.size() * sizeof(std::uint16_t);
    strings.lay(tables);
    const std::size_t headerBytes = (tables + strings.bytes().size() + 7) / 8 * 8;
    if (headerBytes > 0xfff8) {
        link.complain("the names of the script's entries and triggers are too long", "shorten them");
        return;
    }

    std::vector<std::uint8_t> image(headerBytes);
    const auto put = [&](std::size_t offset, std::size_t size, std::uint64_t value) {
        store(image, offset, size, value);
    };
    put(offsetof(rbpf_image_header_t, magic), 4, RBPF_IMAGE_MAGIC);
    put(offsetof(rbpf_image_header_t, version), 1, RBPF_IMAGE_VERSION);
    put(offsetof(rbpf_image_header_t, headerBytes), 2, headerBytes);
    put(offsetof(rbpf_image_header_t, textBytes), 4, link.text.size());
    put(offsetof(rbpf_image_header_t, rodataBytes), 4, link.rodata.size());
    put(offsetof(rbpf_image_header_t, dataBytes), 4, link.data.size());
    put(offsetof(rbpf_image_header_t, bssBytes), 4, link.bssBytes);
    put(offsetof(rbpf_image_header_t, budget), 4, request.budget);
    put(offsetof(rbpf_image_header_t, stackBytes), 2, request.stackBytes);
    put(offsetof(rbpf_image_header_t, entryCount), 1, request.entries.size());
    put(offsetof(rbpf_image_header_t, bindingCount), 1, link.bindings.size());
    put(offsetof(rbpf_image_header_t, name), 2, strings.at(request.name));
    put(offsetof(rbpf_image_header_t, scriptVersion), 2, strings.at(request.version));
    std::size_t at = sizeof(rbpf_image_header_t);
    for (std::size_t i = 0; i < request.entries.size(); ++i, at += sizeof(rbpf_image_entry_t)) {
        const Function& function = link.output.functions[link.entryFunctions[i]];
        put(at + offsetof(rbpf_image_entry_t, name), 2, strings.at(request.entries[i].function));
        put(at + offsetof(rbpf_image_entry_t, trigger), 2, strings.at(request.entries[i].trigger));
        put(at + offsetof(rbpf_image_entry_t, insnIndex), 2, function.offset / 8);
        put(at + offsetof(rbpf_image_entry_t, frameBytes), 2, function.frameBytes);
    }
    for (const std::uint16_t id : link.bindings) {
        put(at, 2, id);
        at += 2;
    }
    std::copy(strings.bytes().begin(), strings.bytes().end(), image.begin() + static_cast<std::ptrdiff_t>(tables));

    image.insert(image.end(), link.text.begin(), link.text.end());
    image.insert(image.end(), link.rodata.begin(), link.rodata.end());
    if (!link.data.empty()) {
        image.resize((image.size() - headerBytes - link.text.size() + 7) / 8 * 8 + headerBytes + link.text.size());
        image.insert(image.end(), link.data.begin(), link.data.end());
    }

    // The build id stands for the image and for its debug information: other lines or names are another build.
    XXH3_state_t* state = XXH3_createState();
    XXH3_128bits_reset(state);
    XXH3_128bits_update(state, image.data(), image.size());
    for (const Section& section : link.object.sections) {
        if (section.kind == Kind::Debug || section.kind == Kind::Functions) {
            XXH3_128bits_update(state, section.name.data(), section.name.size() + 1);
            XXH3_128bits_update(state, section.bytes.data(), section.bytes.size());
        }
    }
    XXH128_canonical_t id;
    XXH128_canonicalFromHash(&id, XXH3_128bits_digest(state));
    XXH3_freeState(state);
    static_assert(sizeof id.digest == RBPF_BUILD_ID_BYTES);
    std::copy(std::begin(id.digest), std::end(id.digest), link.buildId.begin());
    std::copy(link.buildId.begin(), link.buildId.end(),
              image.begin() + static_cast<std::ptrdiff_t>(offsetof(rbpf_image_header_t, buildId)));

    put(offsetof(rbpf_image_header_t, checksum), 4, image::checksum(image));
    link.output.image = std::move(image);
}

} // namespace rbpf::linker
