// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/debugger/dwarf/program.hpp"

#include <algorithm>
#include <stdexcept>

#include "sdk/link/link.hpp"
#include "tests/paths.hpp"

namespace rbpf::dwarf::test {

Program::Program(const std::string& source, compile::Optimise optimise)
    : source_(source.substr(source.find('\n') + 1)) {
    compile::Request request;
    request.sources = {"/script/main.c"};
    request.unsaved["/script/main.c"] = source_;
    request.projectDir = "/script";
    request.headersDir = rbpf::test::sourceDir() + "/headers";
    request.optimise = optimise;
    const auto compiled = compile::compile(request);
    if (!compiled || !compiled->ok()) {
        throw std::runtime_error(compiled ? compiled->diagnostics.at(0).message : compiled.error().message);
    }
    linker::Request link;
    link.object = compiled->object;
    link.name = "test";
    link.version = "1";
    for (const auto& entry : compiled->entries) {
        link.entries.push_back({entry.function, entry.trigger, entry.file, entry.line});
    }
    const auto linked = linker::link(link);
    if (!linked || linked->image.empty()) {
        throw std::runtime_error(linked ? linked->diagnostics.at(0).message : linked.error().message);
    }
    image = linked->image;
    elf = linked->debugElf;
    auto opened = DebugInfo::open(elf);
    if (!opened) {
        throw std::runtime_error(opened.error().message);
    }
    info = std::move(*opened);
}

unsigned Program::line(const std::string& text) const {
    const auto at = source_.find(text);
    if (at == std::string::npos) {
        throw std::runtime_error("the source has no " + text);
    }
    return static_cast<unsigned>(std::count(source_.begin(), source_.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
           1;
}

std::uint32_t Program::address(const std::string& text) const {
    const auto match = info.placesOfLine("main.c", line(text));
    if (!match || match->moved) {
        throw std::runtime_error("no code for " + text);
    }
    return match->places.front().address;
}

Run::Run(const Program& program, std::vector<std::uint8_t> context) : program_(program), rig_(program.image) {
    if (rig_.install()) {
        throw std::runtime_error("the image was rejected");
    }
    rig_.start(std::move(context));
}

bool Run::step() {
    return rig_.run(1) == RBPF_HALT_BUDGET;
}

bool Run::to(std::uint32_t address) {
    for (unsigned i = 0; i < 100000; ++i) {
        if (pc() == address && i > 0) {
            return true;
        }
        if (pc() == address && rig_.container().instructions == 0) {
            return true;
        }
        if (!step()) {
            return false;
        }
    }
    return false;
}

std::optional<std::uint64_t> Run::readRegister(unsigned number) const {
    return number == 11 ? pc() : rig_.container().reg[number];
}

std::optional<std::vector<std::uint8_t>> Run::readMemory(std::uint32_t address, std::uint32_t size) const {
    const auto* at =
        static_cast<const std::uint8_t*>(rbpf_container_access(&rig_.container(), address, size, RBPF_READ));
    return at != nullptr ? std::optional(std::vector<std::uint8_t>(at, at + size)) : std::nullopt;
}

bool Run::writeRegister(unsigned number, std::uint64_t value) {
    if (number > 10) {
        return false;
    }
    rig_.container().reg[number] = value;
    return true;
}

bool Run::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    auto* at = static_cast<std::uint8_t*>(
        rbpf_container_access(&rig_.container(), address, static_cast<std::uint32_t>(bytes.size()), RBPF_WRITE));
    if (at == nullptr) {
        return false;
    }
    std::ranges::copy(bytes, at);
    return true;
}

std::string Run::show(const std::string& expression, std::size_t frame) {
    const auto value = evaluate(expression, {program_.info, pc(), frame, *this});
    return value ? render(*value, *this) : value.error().message;
}

std::optional<std::vector<std::uint8_t>> FakeState::readMemory(std::uint32_t address, std::uint32_t size) const {
    if (address < base || address - base > memory.size() || size > memory.size() - (address - base)) {
        return std::nullopt;
    }
    const auto* at = memory.data() + (address - base);
    return std::vector<std::uint8_t>(at, at + size);
}

bool FakeState::writeRegister(unsigned number, std::uint64_t value) {
    registers.at(number) = value;
    return true;
}

bool FakeState::writeMemory(std::uint32_t address, std::span<const std::uint8_t> bytes) {
    if (!readMemory(address, static_cast<std::uint32_t>(bytes.size()))) {
        return false;
    }
    std::ranges::copy(bytes, memory.begin() + (address - base));
    return true;
}

} // namespace rbpf::dwarf::test
