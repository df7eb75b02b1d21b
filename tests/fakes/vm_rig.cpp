// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/vm_rig.hpp"

#include <utility>

namespace rbpf::fakes {
namespace {

int hasEvery(const rbpf_firmware_t*, uint32_t) {
    return 1;
}

int callRig(const rbpf_firmware_t* firmware, rbpf_container_t* container, uint32_t id) {
    const auto& rig = *reinterpret_cast<const RigFirmware*>(firmware);
    if (rig.call)
        return rig.call(*container, id);
    container->reg[0] = 0;
    return 0;
}

std::size_t wordsFor(uint32_t bytes) {
    return (bytes + 7) / 8;
}

} // namespace

RigFirmware::RigFirmware() : base{hasEvery, callRig} {}

VmRig::VmRig(std::vector<uint8_t> image) : bytes_(std::move(image)) {}

std::optional<Rejection> VmRig::install() {
    rbpf_status_t status = rbpf_image_open(&image_, bytes_.data(), static_cast<uint32_t>(bytes_.size()));
    if (status != RBPF_STATUS_OK)
        return Rejection{status, 0};
    rbpf_fault_t rejection{};
    status = rbpf_image_verify(&image_, &kRigLimits, &firmware_.base, &rejection);
    if (status != RBPF_STATUS_OK)
        return Rejection{status, rejection.insnIndex};
    stack_.assign(wordsFor(image_.stackBytes), 0);
    ram_.assign(wordsFor(image_.dataBytes + image_.bssBytes), 0);
    rbpf_container_init(&container_, &image_, &firmware_.base, stack_.data(), ram_.data());
    return std::nullopt;
}

void VmRig::start(std::vector<uint8_t> memory, uint32_t entry) {
    memory_ = std::move(memory);
    rbpf_container_grant(&container_, RBPF_REGION_CONTEXT, memory_.empty() ? nullptr : memory_.data(),
                         static_cast<uint32_t>(memory_.size()), 1);
    rbpf_container_start(&container_, rbpf_image_entry(&image_, entry).insnIndex);
}

const char* statusName(int status) {
    switch (status) {
#define RBPF_STATUS(value, name, sentence)                                                                             \
    case value:                                                                                                        \
        return #name;
#include <rbpf/status.def>
#undef RBPF_STATUS
    default:
        return "?";
    }
}

} // namespace rbpf::fakes
