// SPDX-License-Identifier: GPL-3.0-or-later
// A container in this process that executes recorded runs again: binding calls are answered from the record, and
// whatever does not agree with it is told.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "debugger/session/history.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::session {

/// The image, opened and verified; `bytes` must not move any more.
struct OpenedImage {
    std::vector<std::uint8_t> bytes;
    rbpf_image_t image{};
    std::vector<bool> starts; ///< by slot: an instruction begins here

    [[nodiscard]] static support::Result<std::shared_ptr<const OpenedImage>> open(std::vector<std::uint8_t> bytes);
    [[nodiscard]] std::uint32_t ramBytes() const { return image.dataBytes + image.bssBytes; }
    [[nodiscard]] bool isInstruction(std::uint32_t pcBytes) const;
};

/// "bpf_memcpy", or "binding 0x7f".
[[nodiscard]] std::string bindingText(std::uint32_t id);

class Machine {
public:
    /// Everything that a run changes, apart from the record.
    struct Snapshot {
        rbpf_container_t container{};
        std::array<std::vector<std::uint8_t>, RBPF_REGION_COUNT> memory;
        std::size_t nextCall = 0, nextEdit = 0;
        [[nodiscard]] std::size_t bytes() const;
    };

    explicit Machine(std::shared_ptr<const OpenedImage> image);
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// The data of a container whose first run has not begun.
    [[nodiscard]] std::vector<std::uint8_t> initialRam() const;

    /// Run `number` (for messages) as it begins, with what the run before left in `ram`.
    [[nodiscard]] support::Result<void> begin(std::uint32_t number, const RecordedRun& run,
                                              const std::vector<std::uint8_t>& ram);
    /// Goes on to the state before instruction `step`, with the user's changes at that step. `run` is the one that
    /// was begun or restored, and may have grown since. After an Error the machine is of no use until the next begin
    /// or restore.
    [[nodiscard]] support::Result<void> advance(const RecordedRun& run, std::uint64_t step);
    /// Standing at the last step of a run that has ended: does it end as recorded?
    [[nodiscard]] support::Result<void> checkEnd(const RecordedRun& run);

    [[nodiscard]] Snapshot snapshot() const;
    void restore(std::uint32_t number, const Snapshot& snapshot);

    [[nodiscard]] std::uint32_t run() const { return number_; } ///< 0 = none
    [[nodiscard]] std::uint64_t step() const { return container_.instructions; }
    [[nodiscard]] const rbpf_container_t& container() const { return container_; }
    [[nodiscard]] const std::vector<std::uint8_t>& memory(unsigned region) const { return memory_[region]; }
    [[nodiscard]] const std::uint8_t* bytesAt(std::uint32_t address, std::uint32_t size) const;
    void forget() { number_ = 0; }

private:
    struct Firmware {
        rbpf_firmware_t base;
        Machine* machine;
    };
    static int has(const rbpf_firmware_t* firmware, std::uint32_t id);
    static int call(const rbpf_firmware_t* firmware, rbpf_container_t* container, std::uint32_t id);
    int answer(std::uint32_t id);
    bool write(const RecordedWrite& write);
    void point(unsigned region, int access);
    [[nodiscard]] support::Result<void> applyEdits(const RecordedRun& run);
    [[nodiscard]] tl::unexpected<support::Error> disagreement(std::uint64_t step, const std::string& what);

    std::shared_ptr<const OpenedImage> image_;
    Firmware firmware_;
    rbpf_container_t container_{};
    std::array<std::vector<std::uint8_t>, RBPF_REGION_COUNT> memory_; ///< index = region
    const RecordedRun* record_ = nullptr;                             ///< only while executing
    std::size_t nextCall_ = 0, nextEdit_ = 0;
    std::uint32_t number_ = 0;
    std::string complaint_; ///< why a binding call was refused
};

} // namespace rbpf::session
