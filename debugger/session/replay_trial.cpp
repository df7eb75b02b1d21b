// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/replay_trial.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "sdk/support/text.hpp"

namespace rbpf::session {

namespace {

constexpr std::uint32_t kPrintf = 0x01, kMemcpy = 0x02, kPrintDebug = 0x03;
constexpr std::uint32_t kFmtS16 = 0x50, kFmtU32 = 0x51, kStrlen = 0x52;

bool onlyComputes(std::uint32_t id) {
    return id == kMemcpy || id == kFmtS16 || id == kFmtU32 || id == kStrlen;
}

bool onlyPrints(std::uint32_t id) {
    return id == kPrintf || id == kPrintDebug;
}

/// What bindings.def says of one parameter.
struct Parameter {
    enum Kind : std::uint8_t {
        None,
        Value,
        In,
        InCounted,
        Out,
        String
    } kind = None;
    std::uint32_t size = 0; ///< bytes of In; number of the counting parameter, from 1, of InCounted
};

struct Signature {
    std::uint32_t id;
    std::array<Parameter, 5> parameters;
};

#define RBPF_NONE                                                                                                      \
    Parameter {}
#define RBPF_VALUE(type, name) Parameter{Parameter::Value, 0}
#define RBPF_IN(type, name, bytes)                                                                                     \
    Parameter {                                                                                                        \
        Parameter::In, (bytes)                                                                                         \
    }
#define RBPF_OUT(type, name, bytes) Parameter{Parameter::Out, 0}
#define RBPF_IN_N(type, name, n)                                                                                       \
    Parameter {                                                                                                        \
        Parameter::InCounted, (n)                                                                                      \
    }
#define RBPF_OUT_N(type, name, n) Parameter{Parameter::Out, 0}
#define RBPF_STRING(name) Parameter{Parameter::String, 0}
#define RBPF_TEXT(type, name) Parameter{Parameter::Out, 0}
#define RBPF_MORE                                                                                                      \
    Parameter {}
#define RBPF_EXPAND(...) __VA_ARGS__
#define RBPF_BINDING(id, name, returns, parameters, doc) Signature{id, {RBPF_EXPAND parameters}},
constexpr Signature kSignatures[] = {
#include <rbpf/bindings.def>
};
#undef RBPF_BINDING

const Signature* signatureOf(std::uint32_t id) {
    const auto* found = std::ranges::find(kSignatures, id, &Signature::id);
    return found != std::end(kSignatures) ? found : nullptr;
}

} // namespace

Trial::Trial(std::shared_ptr<const OpenedImage> image)
    : image_(std::move(image)), firmware_{{[](const rbpf_firmware_t*, std::uint32_t) { return 1; }, call}, this},
      stack_(image_->image.stackBytes), ram_(image_->ramBytes()) {
    rbpf_container_init(&container_, &image_->image, &firmware_.base, stack_.data(), ram_.data());
    scope_.logOwner = &outcome_.log;
    scope_.log = [](void* who, const char* text, size_t size) { static_cast<std::string*>(who)->append(text, size); };
    container_.owner = &scope_;
}

int Trial::call(const rbpf_firmware_t* firmware, rbpf_container_t*, std::uint32_t id) {
    return reinterpret_cast<const Firmware*>(firmware)->trial->answer(id);
}

/// The call with what it hands over: numbers, and the bytes behind pointers that it reads.
std::string Trial::describe(std::uint32_t id) const {
    std::string text = bindingText(id) + "(";
    const Signature* signature = signatureOf(id);
    for (unsigned i = 0; signature != nullptr && i < 5; ++i) {
        const Parameter& parameter = signature->parameters[i];
        const std::uint64_t value = container_.reg[i + 1];
        if (parameter.kind == Parameter::None) {
            break;
        }
        text += i != 0 ? ", " : "";
        const std::uint64_t size =
            parameter.kind == Parameter::InCounted ? container_.reg[parameter.size] : parameter.size;
        const void* memory = nullptr;
        switch (parameter.kind) {
        case Parameter::Out:
            text += "…";
            break;
        case Parameter::In:
        case Parameter::InCounted:
            memory = size <= RBPF_OFFSET_MASK
                         ? rbpf_container_access(&container_, value, static_cast<std::uint32_t>(size), RBPF_READ)
                         : nullptr;
            text += memory != nullptr ? support::toHex({static_cast<const std::uint8_t*>(memory), size}) : "?";
            break;
        default:
            // Of 64 bits the bindings use 32.
            text += fmt::format("{}", static_cast<std::uint32_t>(value));
            break;
        }
    }
    return text + ")";
}

Answer Trial::placed(const RecordedCall& call) const {
    Answer answer{call.result, {}};
    const Signature* signature = signatureOf(call.id);
    for (const RecordedWrite& write : call.writes) {
        PlacedWrite placed{-1, write.address, write.bytes};
        for (int i = 0; signature != nullptr && i < 5; ++i) {
            const auto pointer = static_cast<std::uint32_t>(container_.reg[i + 1]);
            const bool isIts = signature->parameters[static_cast<unsigned>(i)].kind == Parameter::Out &&
                               pointer >> RBPF_REGION_SHIFT == write.address >> RBPF_REGION_SHIFT &&
                               pointer <= write.address;
            // Of several arguments the nearest one.
            if (isIts && (placed.argument < 0 || write.address - pointer < placed.offset)) {
                placed.argument = i;
                placed.offset = write.address - pointer;
            }
        }
        answer.writes.push_back(std::move(placed));
    }
    return answer;
}

void Trial::write(const PlacedWrite& write) {
    const std::uint32_t address = write.argument < 0
                                      ? write.offset
                                      : static_cast<std::uint32_t>(container_.reg[write.argument + 1]) + write.offset;
    const rbpf_region_t& region = container_.region[address >> RBPF_REGION_SHIFT];
    const std::uint32_t offset = address & RBPF_OFFSET_MASK;
    const bool isScripts = address >> RBPF_REGION_SHIFT < RBPF_REGION_CONTEXT;
    const std::uint32_t limit = isScripts ? region.writeBytes : std::max(region.readBytes, region.writeBytes);
    // Without an argument nobody knows where in the script's own memory it would belong now.
    if ((write.argument < 0 && isScripts) || offset > limit || write.bytes.size() > limit - offset) {
        return;
    }
    std::ranges::copy(write.bytes, region.base + offset);
}

/// By the real binding; these need nothing but the script's memory and the log.
int Trial::compute(std::uint32_t id) {
    return bindings::kFirmware.call(&bindings::kFirmware, &container_, id);
}

int Trial::answer(std::uint32_t id) {
    if (onlyComputes(id) || onlyPrints(id)) {
        const int status = compute(id);
        ++nextCall_;
        return status;
    }
    outcome_.calls.push_back(describe(id));
    Answer answer;
    if (answers_ == nullptr) {
        const bool isNext = nextCall_ < run_->calls.size() && run_->calls[nextCall_].id == id;
        if (!isNext) {
            const auto& end = run_->end;
            container_.fault.detail = end ? end->detail : 0;
            return end && end->status != 0 ? -std::abs(end->status) : RBPF_STATUS_ABORTED;
        }
        answer = placed(run_->calls[nextCall_++]);
        outcome_.answers[id].push_back(answer);
    } else {
        const auto found = answers_->find(id);
        const std::size_t number = used_[id]++;
        if (found == answers_->end() || number >= found->second.size()) {
            ++outcome_.missing[id];
        } else {
            answer = found->second[number];
        }
    }
    for (const PlacedWrite& each : answer.writes) {
        write(each);
    }
    container_.reg[0] = answer.result;
    return 0;
}

Outcome Trial::execute(const RecordedRun& run, std::uint32_t insnIndex, const Answers* answers, std::uint64_t budget) {
    run_ = &run;
    answers_ = answers;
    used_.clear();
    nextCall_ = 0;
    outcome_ = {};
    container_.region[RBPF_REGION_DATA].base = ram_.empty() ? nullptr : ram_.data();
    for (unsigned region = RBPF_REGION_CONTEXT; region < RBPF_REGION_COUNT; ++region) {
        granted_[region].clear();
        rbpf_container_grant(&container_, region, nullptr, 0, 0);
    }
    for (const RecordedRegion& region : run.regions) {
        if (region.index >= RBPF_REGION_CONTEXT && region.index < RBPF_REGION_COUNT && region.size != 0) {
            const auto index = static_cast<unsigned>(region.index);
            granted_[index].assign(region.size, 0);
            rbpf_container_grant(&container_, index, granted_[index].data(), region.size, (region.access & 2) != 0);
        }
    }
    rbpf_container_start(&container_, insnIndex);
    for (const RecordedWrite& found : run.memory) {
        if (found.address >> RBPF_REGION_SHIFT >= RBPF_REGION_CONTEXT) {
            write({-1, found.address, found.bytes});
        }
    }
    // r10 depends on the image's own stack.
    container_.reg[1] = run.r1;
    container_.reg[2] = run.r2;
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    while (container_.instructions < budget && (halt == RBPF_HALT_BUDGET || halt == RBPF_HALT_INTERRUPT)) {
        halt = rbpf_container_run(&container_, static_cast<std::uint32_t>(std::min<std::uint64_t>(
                                                   budget - container_.instructions, 1u << 30)));
    }
    outcome_.halt = halt;
    outcome_.status = halt == RBPF_HALT_FAULT ? container_.fault.status : 0;
    outcome_.result = container_.reg[0];
    outcome_.instructions = container_.instructions;
    for (unsigned region = RBPF_REGION_CONTEXT; region < RBPF_REGION_COUNT; ++region) {
        if (container_.region[region].writeBytes != 0) {
            outcome_.memory.emplace_back(region, granted_[region]);
        }
    }
    return std::move(outcome_);
}

} // namespace rbpf::session
