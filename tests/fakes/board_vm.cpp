// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/board_vm.hpp"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "tests/fakes/vm_rig.hpp"
#include "tests/paths.hpp"

namespace rbpf::fakes {
namespace {

constexpr int kSeconds = 100; ///< that QEMU may take

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "rbpf-batch-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a folder like " + name);
        path = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
};

void append(std::string& to, const void* bytes, std::size_t size) {
    to.append(static_cast<const char*>(bytes), size);
    to.resize(to.size() + (8 - to.size() % 8) % 8);
}

std::string written(const std::vector<BoardRun>& runs) {
    std::string out;
    const auto count = static_cast<uint32_t>(runs.size());
    append(out, &count, sizeof count);
    for (const auto& run : runs) {
        const batch_run_t head = {static_cast<uint32_t>(run.image.size()), static_cast<uint32_t>(run.memory.size()),
                                  run.slice, run.slices};
        append(out, &head, sizeof head);
        append(out, run.image.data(), run.image.size());
        append(out, run.memory.data(), run.memory.size());
    }
    return out;
}

std::vector<BoardOutcome> parsed(const std::string& bytes) {
    std::vector<BoardOutcome> outcomes;
    std::size_t at = 0;
    const auto take = [&](void* to, std::size_t size) {
        if (bytes.size() - at < batch_padded(static_cast<uint32_t>(size)))
            throw std::runtime_error(BATCH_OUT " is cut off");
        std::memcpy(to, bytes.data() + at, size);
        at += batch_padded(static_cast<uint32_t>(size));
    };
    while (at < bytes.size()) {
        BoardOutcome& outcome = outcomes.emplace_back();
        take(&outcome.state, sizeof outcome.state);
        outcome.memory.resize(outcome.state.memoryBytes);
        take(outcome.memory.data(), outcome.memory.size());
        outcome.stack.resize(outcome.state.stackBytes);
        take(outcome.stack.data(), outcome.stack.size());
    }
    return outcomes;
}

} // namespace

bool BoardOutcome::operator==(const BoardOutcome& other) const {
    return std::memcmp(&state, &other.state, sizeof state) == 0 && memory == other.memory && stack == other.stack;
}

std::string describe(const BoardOutcome& outcome) {
    const auto& s = outcome.state;
    if (s.rejection != RBPF_STATUS_OK)
        return fmt::format("rejected: {} at {}", statusName(s.rejection), s.rejectionInsn);
    std::string text = fmt::format("halt {} at {}, depth {}, after {}", s.halt, s.pc, s.depth, s.instructions);
    if (s.halt == RBPF_HALT_FAULT)
        text += fmt::format(", fault {} at {} ({:#x})", statusName(s.fault), s.faultInsn, s.faultDetail);
    for (const uint64_t value : s.reg)
        text += fmt::format(" {:x}", value);
    return text;
}

BoardOutcome runHere(const BoardRun& run) {
    BoardOutcome out;
    VmRig rig(run.image);
    if (const auto rejection = rig.install()) {
        out.state.rejection = rejection->status;
        out.state.rejectionInsn = rejection->insnIndex;
        return out;
    }
    rig.start(run.memory);
    rbpf_halt_t halt = RBPF_HALT_BUDGET;
    for (uint32_t i = 0; i < run.slices && halt == RBPF_HALT_BUDGET; i++)
        halt = rig.run(run.slice);
    const auto& c = rig.container();
    auto& s = out.state;
    s.halt = halt;
    s.fault = c.fault.status;
    s.faultInsn = c.fault.insnIndex;
    s.faultDetail = c.fault.detail;
    s.pc = c.pc;
    s.depth = c.depth;
    s.instructions = c.instructions;
    std::memcpy(s.reg, c.reg, sizeof s.reg);
    out.memory = rig.memory();
    out.stack.resize(rig.image().stackBytes);
    std::memcpy(out.stack.data(), rig.stack().data(), out.stack.size());
    s.memoryBytes = static_cast<uint32_t>(out.memory.size());
    s.stackBytes = static_cast<uint32_t>(out.stack.size());
    return out;
}

std::optional<BoardVm> BoardVm::find(const std::string& core, std::string& why) {
    const char* folder = std::getenv("RBPF_FIRMWARE_BUILD");
    const std::string build = folder != nullptr ? folder : test::sourceDir() + "/build/firmware";
    const std::string program = build + "/bin/rbpf-vm-batch-" + core;
    if (!std::filesystem::exists(program)) {
        why = program + " is not built (cmake --preset firmware && cmake --build --preset firmware)";
        return std::nullopt;
    }
    if (std::system("command -v qemu-system-arm >/dev/null") != 0) {
        why = "qemu-system-arm is not installed";
        return std::nullopt;
    }
    return BoardVm(program);
}

std::vector<BoardOutcome> BoardVm::run(const std::vector<BoardRun>& runs) const {
    const Folder folder;
    std::ofstream(folder.path / BATCH_IN, std::ios::binary) << written(runs);
    const std::string command =
        fmt::format("cd '{}' && timeout {} qemu-system-arm -M mps2-an386 -display none -monitor none -serial none "
                    "-semihosting-config enable=on,target=native -kernel '{}' </dev/null",
                    folder.path.string(), kSeconds, std::filesystem::absolute(program_).string());
    if (const int status = std::system(command.c_str()); status != 0)
        throw std::runtime_error(fmt::format("status {} of: {}", status, command));
    std::ifstream stream(folder.path / BATCH_OUT, std::ios::binary);
    auto outcomes = parsed({std::istreambuf_iterator<char>(stream), {}});
    if (outcomes.size() != runs.size())
        throw std::runtime_error(fmt::format("{} of {} runs were answered", outcomes.size(), runs.size()));
    return outcomes;
}

} // namespace rbpf::fakes
