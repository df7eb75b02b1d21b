// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/verify.hpp"

#include <cstring>
#include <fmt/format.h>
#include <memory>

#include "rbpf_vm/rbpf_vm.h"
#include "sdk/image/bindings.hpp"
#include "sdk/image/disassemble.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::image {

namespace {

int hasBinding(const rbpf_firmware*, std::uint32_t id) {
    return bindingName(id) ? 1 : 0;
}

Rejection explain(const Image& image, int status, const rbpf_fault_t* place) {
    Rejection rejection;
    rejection.status = status;
    const bool hasPlace =
        place != nullptr && status <= RBPF_STATUS_BAD_OPCODE && place->insnIndex < image.textBytes / 8;
    if (!hasPlace) {
        rejection.sentence = statusSentence(status);
        return rejection;
    }
    rejection.insnIndex = place->insnIndex;
    rejection.detail = place->detail;
    for (const Line& line : disassemble(image, {})) {
        // A jump into the second slot of a wide instruction is reported with the slot it names.
        if (line.instruction.index <= place->insnIndex) {
            rejection.instruction = line.text;
        }
    }
    rejection.sentence =
        fmt::format("instruction {} `{}`: {}", place->insnIndex, rejection.instruction, statusSentence(status));
    if (status == RBPF_STATUS_UNKNOWN_BINDING) {
        rejection.sentence += fmt::format(" (binding 0x{:02x})", place->detail);
    }
    return rejection;
}

} // namespace

std::optional<Rejection> verify(const Image& image, const Limits& limits) {
    // The loader wants its bytes aligned, as flash is.
    const std::size_t words = (image.bytes.size() + 7) / 8;
    const auto aligned = std::make_unique<std::uint64_t[]>(words + 1);
    std::memcpy(aligned.get(), image.bytes.data(), image.bytes.size());

    rbpf_image_t opened{};
    const rbpf_status_t status =
        rbpf_image_open(&opened, aligned.get(), static_cast<std::uint32_t>(image.bytes.size()));
    if (status != RBPF_STATUS_OK) {
        return explain(image, status, nullptr);
    }
    const rbpf_limits_t allowed{limits.imageBytes, limits.stackBytes, limits.ramBytes};
    const rbpf_firmware_t firmware{hasBinding, nullptr};
    rbpf_fault_t fault{};
    const rbpf_status_t verdict = rbpf_image_verify(&opened, &allowed, &firmware, &fault);
    if (verdict != RBPF_STATUS_OK) {
        return explain(image, verdict, &fault);
    }
    return std::nullopt;
}

} // namespace rbpf::image
