// SPDX-License-Identifier: GPL-3.0-or-later
// Image loader, v1 and Femto-Container: any bytes are refused or give parts that lie inside of them; what the verifier
// then takes runs. What the firmware installs the workstation's reader can read, and both find the same parts.
#include <cstring>

#include <rbpf/image.h>

#include "sdk/image/image.hpp"
#include "tests/fakes/vm_rig.hpp"
#include "tests/fuzz/bindings_stub.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

constexpr uint32_t kBudget = 5'000;

bool inside(const rbpf_image_t& image, const uint8_t* part, uint32_t bytes) {
    return bytes == 0 || (part >= image.bytes && part + bytes <= image.bytes + image.size);
}

/// Reads a string to its end; AddressSanitizer sees if that lies outside.
std::size_t touch(const char* text) {
    FUZZ_REQUIRE(text != nullptr);
    return std::strlen(text);
}

void checkParts(const rbpf_image_t& image) {
    FUZZ_REQUIRE(inside(image, image.text, image.textBytes));
    FUZZ_REQUIRE(inside(image, image.rodata, image.rodataBytes));
    FUZZ_REQUIRE(inside(image, image.data, image.dataBytes));
    FUZZ_REQUIRE(reinterpret_cast<uintptr_t>(image.text) % 4 == 0);
    touch(rbpf_image_name(&image));
    touch(rbpf_image_version(&image));
    for (uint32_t i = 0; i < image.entryCount; i++) {
        const auto entry = rbpf_image_entry(&image, i);
        touch(entry.name);
        touch(entry.trigger);
    }
}

void loadImage(Input& input) {
    const uint8_t options = input.byte();
    auto bytes = input.rest();
    if (options & 1)
        fakes::fixChecksum(bytes);

    rbpf_image_t image;
    const bool opened = rbpf_image_open(&image, bytes.data(), static_cast<uint32_t>(bytes.size())) == RBPF_STATUS_OK;
    if (opened)
        checkParts(image);
    const auto model = image::read(bytes);
    if (model && opened) {
        FUZZ_REQUIRE(model->textBytes == image.textBytes && model->entries.size() == image.entryCount);
        FUZZ_REQUIRE(model->rodataBytes == image.rodataBytes && model->dataBytes == image.dataBytes);
        FUZZ_REQUIRE(model->textOffset == static_cast<uint32_t>(image.text - image.bytes));
    }
    if (!opened)
        return;

    fakes::VmRig rig(bytes);
    if (rig.install())
        return;
    // Of Femto-Container images the firmware takes some that the workstation refuses.
    FUZZ_REQUIRE(model || image.isFemto);
    for (uint32_t entry = 0; entry < image.entryCount; entry++) {
        const auto state = runToEnd(rig, {1, 2, 3, 4, 5, 6, 7, 8}, entry, kBudget, kBudget);
        FUZZ_REQUIRE(state.instructions <= kBudget);
    }
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::loadImage(input);
    return 0;
}
