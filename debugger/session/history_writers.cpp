// SPDX-License-Identifier: GPL-3.0-or-later
// Who wrote this? Every instruction's writes as the VM does them; searched backwards piece by piece.
#include <algorithm>
#include <fmt/format.h>

#include "debugger/session/history_impl.hpp"
#include "rbpf_vm/instruction.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::Result;

namespace {

constexpr std::uint64_t kFirstPiece = 256, kLargestPiece = 1u << 16;

/// The span of VM memory asked about, or a register.
struct Target {
    int reg = -1;
    std::uint32_t address = 0, size = 0;
    [[nodiscard]] bool meets(std::uint32_t at, std::uint64_t bytes) const {
        return reg < 0 && at < std::uint64_t{address} + size && address < at + bytes;
    }
    [[nodiscard]] bool met(const RecordedWrite& write) const { return meets(write.address, write.bytes.size()); }
    [[nodiscard]] bool met(const RecordedEdit& edit) const {
        return reg < 0 ? edit.reg < 0 && met(edit.write) : edit.reg == reg;
    }
};

bool isAtomic(const image::Instruction& i) {
    return i.instructionClass() == vm::kStx && i.opcode >> 5 == vm::kAtomic;
}

bool writesRegister(const image::Instruction& i, std::size_t depth, int reg) {
    switch (i.instructionClass()) {
    case vm::kLd:
    case vm::kLdx:
    case vm::kAlu32:
    case vm::kAlu64:
        return i.dst == reg;
    case vm::kStx:
        if (!isAtomic(i) || (i.imm & vm::kFetch) == 0) {
            return false;
        }
        return reg == (i.imm == vm::kCompareExchange ? 0 : i.src);
    case vm::kJmp:
        if (i.opcode == vm::kOpCall) {
            return reg == (i.isLocalCall() ? 10 : 0);
        }
        return i.opcode == vm::kOpExit && depth > 0 && reg >= 6;
    default:
        return false;
    }
}

bool writesMemory(const image::Instruction& i, const History::StepView& view, const Target& target) {
    if (i.instructionClass() != vm::kSt && i.instructionClass() != vm::kStx) {
        return false;
    }
    static constexpr std::uint32_t kBytes[] = {4, 2, 1, 8}; // by Size
    const std::uint32_t size = kBytes[i.opcode >> 3 & 3];
    const std::uint32_t address = static_cast<std::uint32_t>(view.reg[i.dst]) + static_cast<std::uint32_t>(i.offset);
    if (!target.meets(address, size)) {
        return false;
    }
    if (!isAtomic(i) || i.imm != vm::kCompareExchange) {
        return true;
    }
    // A comparison that fails writes nothing.
    const std::uint8_t* bytes = view.memory(address, size);
    std::uint64_t found = 0;
    for (std::uint32_t n = 0; bytes != nullptr && n < size; ++n) {
        found |= std::uint64_t{bytes[n]} << (8 * n);
    }
    return found == (size == 8 ? view.reg[0] : static_cast<std::uint32_t>(view.reg[0]));
}

std::uint64_t valueOf(const Machine& machine, const Target& target) {
    if (target.reg >= 0) {
        return machine.container().reg[target.reg];
    }
    const std::uint32_t size = std::min(target.size, 8u);
    const std::uint8_t* bytes = machine.bytesAt(target.address, size);
    std::uint64_t value = 0;
    for (std::uint32_t n = 0; bytes != nullptr && n < size; ++n) {
        value |= std::uint64_t{bytes[n]} << (8 * n);
    }
    return value;
}

/// Looks through one run.
class Search {
public:
    Search(History& history, History::Impl& impl, std::uint32_t run, Target target)
        : history_(history), impl_(impl), run_(run), target_(target) {}

    /// The last write by an instruction before `step`, or by the user up to and at it.
    Result<std::optional<History::Write>> before(std::uint64_t step) {
        const auto& edits = impl_.record(run_).edits;
        const auto edit = std::find_if(edits.rbegin(), edits.rend(),
                                       [&](const RecordedEdit& e) { return e.step <= step && target_.met(e); });
        // Instructions before the user's last change do not matter.
        const std::uint64_t lowest = edit != edits.rend() ? edit->step : 0;
        std::uint64_t piece = kFirstPiece;
        for (std::uint64_t end = step; end > lowest; piece = std::min(piece * 4, kLargestPiece)) {
            const std::uint64_t from = end - std::min(piece, end - lowest);
            std::optional<History::Write> found;
            const auto walked = history_.walk(run_, from, end, [&](const History::StepView& view) {
                if (const auto by = writer(view)) {
                    found = History::Write{*by, run_, view.step, view.pc, 0, 0};
                }
                return true;
            });
            if (!walked) {
                return tl::unexpected(walked.error());
            }
            if (found) {
                return values(*found);
            }
            end = from;
        }
        if (edit == edits.rend()) {
            return std::nullopt;
        }
        return editValues(*edit);
    }

private:
    std::optional<History::Write::By> writer(const History::StepView& view) const {
        const image::Instruction& instruction = impl_.instructionAt[view.pc / 8];
        if (target_.reg >= 0) {
            if (!writesRegister(instruction, view.depth, target_.reg)) {
                return std::nullopt;
            }
        } else if (!instruction.isBindingCall()) {
            if (!writesMemory(instruction, view, target_)) {
                return std::nullopt;
            }
        } else {
            const RecordedCall* call = impl_.callAt(run_, view.step);
            if (call == nullptr ||
                std::ranges::none_of(call->writes, [&](const RecordedWrite& each) { return target_.met(each); })) {
                return std::nullopt;
            }
        }
        return instruction.isBindingCall() ? History::Write::By::Binding : History::Write::By::Instruction;
    }

    Result<std::optional<History::Write>> values(History::Write write) {
        if (auto there = impl_.seek(run_, write.step); !there) {
            return tl::unexpected(there.error());
        }
        write.before = valueOf(impl_.machine, target_);
        if (auto there = impl_.seek(run_, write.step + 1); !there) {
            return tl::unexpected(there.error());
        }
        write.after = valueOf(impl_.machine, target_);
        return write;
    }

    /// A state before the user's change is not one that can be asked for: `before` is what the last write left.
    Result<std::optional<History::Write>> editValues(const RecordedEdit& edit) {
        if (auto there = impl_.seek(run_, edit.step); !there) {
            return tl::unexpected(there.error());
        }
        History::Write write{History::Write::By::Edit, run_, edit.step, impl_.machine.container().pc * 8, 0, 0};
        write.after = valueOf(impl_.machine, target_);
        const auto unedited = beforeEdit(edit.step);
        if (!unedited) {
            return tl::unexpected(unedited.error());
        }
        write.before = *unedited;
        return write;
    }

    /// Executes the run without the changes at `step`.
    Result<std::uint64_t> beforeEdit(std::uint64_t step) {
        RecordedRun copy = impl_.record(run_);
        std::erase_if(copy.edits, [&](const RecordedEdit& e) { return e.step >= step; });
        const auto ram = impl_.ramBefore(run_);
        if (!ram) {
            return tl::unexpected(ram.error());
        }
        Machine machine(impl_.image);
        if (auto begun = machine.begin(run_, copy, *ram); !begun) {
            return tl::unexpected(begun.error());
        }
        if (auto done = machine.advance(copy, step); !done) {
            return tl::unexpected(done.error());
        }
        return valueOf(machine, target_);
    }

    History& history_;
    History::Impl& impl_;
    std::uint32_t run_;
    Target target_;
};

} // namespace

Result<std::optional<History::Write>> History::lastRegisterWrite(std::uint32_t run, std::uint64_t step, int reg) {
    if (reg < 0 || reg >= RBPF_REGISTERS) {
        return support::fail(ErrorKind::Usage, fmt::format("there is no register r{}", reg));
    }
    if (auto there = impl_->exists(run, step); !there) {
        return tl::unexpected(there.error());
    }
    const Target target{reg, 0, 0};
    auto found = Search(*this, *impl_, run, target).before(step);
    if (!found || *found) {
        return found;
    }
    if (auto there = impl_->seek(run, 0); !there) {
        return tl::unexpected(there.error());
    }
    return Write{Write::By::Start, run, 0, impl_->record(run).entryPc, 0, valueOf(impl_->machine, target)};
}

Result<std::optional<History::Write>> History::lastMemoryWrite(std::uint32_t run, std::uint64_t step,
                                                               std::uint32_t address, std::uint32_t size) {
    if (auto there = impl_->seek(run, step); !there) {
        return tl::unexpected(there.error());
    }
    const Target target{-1, address, size};
    if (size == 0 || impl_->machine.bytesAt(address, size) == nullptr) {
        return support::fail(ErrorKind::Usage,
                             fmt::format("the script has no {} bytes of memory at {:#x}", size, address));
    }
    if (address >> RBPF_REGION_SHIFT == RBPF_REGION_RODATA) {
        return std::nullopt;
    }
    const bool persists = address >> RBPF_REGION_SHIFT == RBPF_REGION_DATA;
    while (true) {
        auto found = Search(*this, *impl_, run, target).before(step);
        if (!found || *found) {
            return found;
        }
        if (auto there = impl_->seek(run, 0); !there) {
            return tl::unexpected(there.error());
        }
        Write start{Write::By::Start, run, 0, impl_->record(run).entryPc, 0, valueOf(impl_->machine, target)};
        const auto bytesOf = [&] {
            const std::uint8_t* at = impl_->machine.bytesAt(address, size);
            return std::vector<std::uint8_t>(at, at + size);
        };
        const auto begun = bytesOf();
        if (!persists || run == 1) {
            return start;
        }
        // What the run before left, or what something else made of it in between?
        step = impl_->steps(run - 1);
        if (auto there = impl_->seek(run - 1, step); !there) {
            return tl::unexpected(there.error());
        }
        if (bytesOf() != begun) {
            start.before = valueOf(impl_->machine, target);
            return start;
        }
        --run;
    }
}

} // namespace rbpf::session
