// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/history.hpp"

#include <algorithm>

#include "debugger/session/history_impl.hpp"

namespace rbpf::session {

using support::Result;

History::History(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

Result<History> History::create(std::vector<std::uint8_t> image) {
    auto opened = OpenedImage::open(std::move(image));
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    return History(std::make_unique<Impl>(std::move(*opened)));
}

std::uint32_t History::beginRun(RecordedRun start) {
    impl_->runs.push_back(std::move(start));
    impl_->known.push_back(0);
    const RecordedRun& run = impl_->runs.back();
    for (const RecordedCall& call : run.calls) {
        reached(call.step + 1);
    }
    return static_cast<std::uint32_t>(impl_->runs.size());
}

void History::addCall(RecordedCall call) {
    if (!impl_->runs.empty()) {
        reached(call.step + 1);
        impl_->runs.back().calls.push_back(std::move(call));
    }
}

void History::addEdit(RecordedEdit edit) {
    if (!impl_->runs.empty()) {
        reached(edit.step);
        impl_->invalidate(static_cast<std::uint32_t>(impl_->runs.size()), edit.step);
        impl_->runs.back().edits.push_back(std::move(edit));
    }
}

void History::endRun(RecordedEnd end) {
    if (!impl_->runs.empty()) {
        impl_->runs.back().end = end;
        impl_->runs.back().calls.shrink_to_fit();
    }
}

void History::reached(std::uint64_t step) {
    if (!impl_->known.empty()) {
        impl_->known.back() = std::max(impl_->known.back(), step);
    }
}

const std::vector<RecordedRun>& History::runs() const {
    return impl_->runs;
}

const std::vector<std::uint8_t>& History::image() const {
    return impl_->image->bytes;
}

std::uint64_t History::steps(std::uint32_t run) const {
    return impl_->steps(run);
}

Result<MachineState> History::stateAt(std::uint32_t run, std::uint64_t step) {
    if (auto there = impl_->seek(run, step); !there) {
        return tl::unexpected(there.error());
    }
    const RecordedRun& record = impl_->record(run);
    if (record.end && record.end->instructions == step) {
        if (auto checked = impl_->machine.checkEnd(record); !checked) {
            return tl::unexpected(checked.error());
        }
    }
    const rbpf_container_t& container = impl_->machine.container();
    MachineState state;
    std::ranges::copy(container.reg, state.reg);
    state.pc = container.pc * 8;
    for (unsigned i = container.depth; i-- > 0;) {
        MachineState::Frame& frame = state.frames.emplace_back();
        frame.returnPc = container.frame[i].returnPc * 8;
        frame.frame = container.frame[i].frame;
        std::ranges::copy(container.frame[i].saved, frame.saved);
    }
    for (int index = 0; index < RBPF_REGION_COUNT; ++index) {
        const rbpf_region_t& region = container.region[index];
        if (const auto size = std::max(region.readBytes, region.writeBytes); size != 0) {
            state.regions.push_back({index,
                                     (region.readBytes != 0 ? 1 : 0) | (region.writeBytes != 0 ? 2 : 0),
                                     {region.base, region.base + size}});
        }
    }
    return state;
}

Result<void> History::walk(std::uint32_t run, std::uint64_t from, std::uint64_t to,
                           const std::function<bool(const StepView&)>& visit) {
    StepView view;
    view.memory = [impl = impl_.get()](std::uint32_t address, std::uint32_t size) {
        return impl->machine.bytesAt(address, size);
    };
    const std::uint64_t end = std::min(to, steps(run) + 1);
    for (std::uint64_t step = from; step < end; ++step) {
        if (auto there = impl_->seek(run, step); !there) {
            return there;
        }
        const rbpf_container_t& container = impl_->machine.container();
        view.step = step;
        view.pc = container.pc * 8;
        view.reg = container.reg;
        view.depth = container.depth;
        if (!visit(view)) {
            break;
        }
    }
    return {};
}

} // namespace rbpf::session
