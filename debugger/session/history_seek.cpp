// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>

#include "debugger/session/history_impl.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::Result;

namespace {

/// Executed again in well below a millisecond, so that going back costs the same wherever one is.
constexpr std::uint64_t kInterval = 1u << 15;
constexpr std::size_t kCheckpointBytesMax = std::size_t{16} << 20;
constexpr std::size_t kRamBytesMax = std::size_t{8} << 20;

} // namespace

History::Impl::Impl(std::shared_ptr<const OpenedImage> opened)
    : image(std::move(opened)), interval_(kInterval), machine(image) {
    instructionAt.resize(image->starts.size());
    for (const image::Instruction& instruction : image::decode({image->image.text, image->image.textBytes})) {
        instructionAt[instruction.index] = instruction;
    }
}

std::uint64_t History::Impl::steps(std::uint32_t run) const {
    if (run == 0 || run > runs.size()) {
        return 0;
    }
    return record(run).end ? record(run).end->instructions : known[run - 1];
}

Result<void> History::Impl::exists(std::uint32_t run, std::uint64_t step) const {
    if (run == 0 || run > runs.size()) {
        return support::fail(ErrorKind::Usage,
                             runs.empty() ? "nothing is recorded yet"
                                          : fmt::format("there is no run {}; recorded are 1 to {}", run, runs.size()));
    }
    if (step > steps(run)) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("run {} has {} steps, {} is not one of them", run, steps(run), step));
    }
    return {};
}

const RecordedCall* History::Impl::callAt(std::uint32_t run, std::uint64_t step) const {
    const auto& calls = record(run).calls;
    const auto found = std::ranges::lower_bound(calls, step, {}, &RecordedCall::step);
    return found != calls.end() && found->step == step ? &*found : nullptr;
}

void History::Impl::invalidate(std::uint32_t run, std::uint64_t step) {
    for (auto at = checkpoints_.upper_bound({run, step}); at != checkpoints_.end(); at = checkpoints_.erase(at)) {
        checkpointBytes_ -= at->second.bytes();
    }
    for (auto at = ramAfter_.lower_bound(run); at != ramAfter_.end(); at = ramAfter_.erase(at)) {
        ramAfterBytes_ -= at->second.size();
    }
    if (machine.run() > run || (machine.run() == run && machine.step() > step)) {
        machine.forget();
    }
}

Result<void> History::Impl::begin(std::uint32_t run, const std::vector<std::uint8_t>& ram) {
    return machine.begin(run, record(run), ram);
}

/// Whether the run's own record says all of data and bss, so that runs before it do not matter.
bool History::Impl::recordsAllRam(std::uint32_t run) const {
    std::uint64_t covered = 0;
    auto pieces = record(run).memory;
    std::ranges::sort(pieces, {}, &RecordedWrite::address);
    for (const RecordedWrite& piece : pieces) {
        const std::uint64_t next = RBPF_ADDRESS(RBPF_REGION_DATA, 0) + covered;
        if (piece.address <= next) {
            covered += std::max(next, std::uint64_t{piece.address} + piece.bytes.size()) - next;
        }
    }
    return covered >= image->ramBytes();
}

void History::Impl::keepRam(std::uint32_t run, std::vector<std::uint8_t> ram) {
    ramAfterBytes_ += ram.size();
    ramAfter_[run] = std::move(ram);
    if (ramAfterBytes_ <= kRamBytesMax) {
        return;
    }
    // Every second one goes; it can be computed from the one before.
    bool drop = false;
    std::erase_if(ramAfter_, [&](const auto& each) {
        drop = !drop && each.first != run;
        ramAfterBytes_ -= drop ? each.second.size() : 0;
        return drop;
    });
}

Result<std::vector<std::uint8_t>> History::Impl::ramBefore(std::uint32_t run) {
    if (run == 1 || image->ramBytes() == 0) {
        return machine.initialRam();
    }
    // The nearest run whose end is known, or whose beginning does not depend on others.
    std::uint32_t first = run;
    std::vector<std::uint8_t> ram = machine.initialRam();
    for (; first > 1 && !recordsAllRam(first); --first) {
        if (const auto found = ramAfter_.find(first - 1); found != ramAfter_.end()) {
            ram = found->second;
            break;
        }
    }
    for (; first < run; ++first) {
        if (auto begun = begin(first, ram); !begun) {
            return tl::unexpected(begun.error());
        }
        if (auto done = forward(steps(first)); !done) {
            return tl::unexpected(done.error());
        }
        ram = machine.memory(RBPF_REGION_DATA);
        if (record(first).end) {
            if (auto checked = machine.checkEnd(record(first)); !checked) {
                return tl::unexpected(checked.error());
            }
            keepRam(first, ram);
        }
    }
    return ram;
}

void History::Impl::keepCheckpoint() {
    const Place place{machine.run(), machine.step()};
    if (checkpoints_.contains(place)) {
        return;
    }
    auto snapshot = machine.snapshot();
    checkpointBytes_ += snapshot.bytes();
    checkpoints_.emplace(place, std::move(snapshot));
    if (checkpointBytes_ <= kCheckpointBytesMax) {
        return;
    }
    interval_ *= 2;
    std::erase_if(checkpoints_, [&](const auto& each) {
        const bool drop = each.first.second % interval_ != 0;
        checkpointBytes_ -= drop ? each.second.bytes() : 0;
        return drop;
    });
}

/// Goes on in the run the machine is in; leaves checkpoints behind.
Result<void> History::Impl::forward(std::uint64_t step) {
    const RecordedRun& run = record(machine.run());
    while (machine.step() < step) {
        const std::uint64_t next = (machine.step() / interval_ + 1) * interval_;
        if (auto done = machine.advance(run, std::min(next, step)); !done) {
            return done;
        }
        if (machine.step() == next) {
            keepCheckpoint();
        }
    }
    return machine.advance(run, step); // changes by the user that came since
}

Result<void> History::Impl::seek(std::uint32_t run, std::uint64_t step) {
    if (auto there = exists(run, step); !there) {
        return there;
    }
    const bool canGoOn = machine.run() == run && machine.step() <= step;
    if (!canGoOn || step - machine.step() > interval_) {
        const auto behind = checkpoints_.upper_bound({run, step});
        const bool hasCheckpoint = behind != checkpoints_.begin() && std::prev(behind)->first.first == run;
        if (hasCheckpoint && (!canGoOn || std::prev(behind)->first.second > machine.step())) {
            machine.restore(run, std::prev(behind)->second);
        } else if (!canGoOn) {
            const auto ram = ramBefore(run);
            if (!ram) {
                return tl::unexpected(ram.error());
            }
            if (auto begun = begin(run, *ram); !begun) {
                return begun;
            }
        }
    }
    return forward(step);
}

} // namespace rbpf::session
