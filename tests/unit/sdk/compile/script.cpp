// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/sdk/compile/script.hpp"

#include <cstring>

#include <catch2/catch.hpp>

namespace rbpf::test {
namespace {

struct Firmware {
    rbpf_firmware_t table{}; // first: the VM hands its address back
    std::vector<std::uint32_t> calls;
};

int hasBinding(const rbpf_firmware_t* firmware, std::uint32_t id) {
    (void)firmware;
    return id < 0x100 ? 1 : 0;
}

int callBinding(const rbpf_firmware_t* firmware, rbpf_container_t* container, std::uint32_t id) {
    auto* self = const_cast<Firmware*>(reinterpret_cast<const Firmware*>(firmware));
    self->calls.push_back(id);
    if (id != 2) {
        container->reg[0] = 0;
        return 0;
    }
    const auto size = static_cast<std::uint32_t>(container->reg[3]);
    void* to = rbpf_container_access(container, container->reg[1], size, RBPF_WRITE);
    const void* from = rbpf_container_access(container, container->reg[2], size, RBPF_READ);
    if (to == nullptr || from == nullptr) {
        return RBPF_STATUS_BAD_ARGUMENT;
    }
    std::memmove(to, from, size);
    container->reg[0] = container->reg[1];
    return 0;
}

Sources sourceOf(const std::string& text) {
    Sources sources;
    sources.files["a.c"] = text;
    return sources;
}

} // namespace

compile::Output compileText(const Sources& sources) {
    compile::Request request;
    request.optimise = sources.optimise;
    request.stackBytes = sources.stackBytes;
    request.entryFunctions = sources.entryFunctions;
    request.defines = sources.defines;
    for (const auto& [name, text] : sources.files) {
        const std::string path = sources.folder + "/" + name;
        request.unsaved[path] = text;
        if (name.size() > 2 && name.substr(name.size() - 2) == ".c") {
            request.sources.emplace_back(path);
        }
    }
    support::Result<compile::Output> output = compile::compile(request);
    if (!output) {
        FAIL(output.error().message);
    }
    return *output;
}

compile::Output compileText(const std::string& text) {
    return compileText(sourceOf(text));
}

std::size_t Linked::instructions() const {
    std::size_t bytes = 0;
    for (const linker::Function& function : output.functions) {
        bytes += function.bytes;
    }
    return bytes / 8;
}

std::uint32_t Linked::bytesOf(const std::string& name) const {
    for (const linker::Function& function : output.functions) {
        if (function.name == name) {
            return function.bytes;
        }
    }
    return 0;
}

Linked build(const Sources& sources) {
    Linked linked;
    linked.compiled = compileText(sources);
    INFO(errorsOf(linked.compiled.diagnostics));
    REQUIRE(linked.compiled.ok());
    linker::Request request;
    request.object = linked.compiled.object;
    request.name = "script";
    request.version = "0.1.0";
    request.stackBytes = sources.stackBytes;
    for (const compile::EntryFunction& entry : linked.compiled.entries) {
        request.entries.push_back({entry.function, entry.trigger, entry.file, entry.line});
    }
    support::Result<linker::Output> output = linker::link(request);
    if (!output) {
        FAIL(output.error().message);
    }
    INFO(errorsOf(output->diagnostics));
    REQUIRE(!output->image.empty());
    linked.output = *output;
    return linked;
}

Linked build(const std::string& text) {
    return build(sourceOf(text));
}

Ran run(const std::vector<std::uint8_t>& image, std::vector<std::uint8_t> context, const std::string& entry) {
    Firmware firmware;
    firmware.table.has = hasBinding;
    firmware.table.call = callBinding;
    std::vector<std::uint64_t> aligned((image.size() + 7) / 8);
    std::memcpy(aligned.data(), image.data(), image.size());
    rbpf_image_t opened;
    REQUIRE(rbpf_image_open(&opened, aligned.data(), static_cast<std::uint32_t>(image.size())) == RBPF_STATUS_OK);
    const rbpf_limits_t limits{1U << 20, 1U << 16, 1U << 20};
    Ran ran;
    const rbpf_status_t verified = rbpf_image_verify(&opened, &limits, &firmware.table, &ran.fault);
    INFO("instruction " << ran.fault.insnIndex);
    REQUIRE(verified == RBPF_STATUS_OK);

    std::uint32_t start = rbpf_image_entry(&opened, 0).insnIndex;
    for (std::uint32_t i = 0; i < opened.entryCount; ++i) {
        const rbpf_entry_t candidate = rbpf_image_entry(&opened, i);
        start = candidate.name == entry ? candidate.insnIndex : start;
    }
    std::vector<std::uint64_t> stack(opened.stackBytes / 8 + 1);
    std::vector<std::uint64_t> ram((opened.dataBytes + opened.bssBytes) / 8 + 1);
    rbpf_container_t container{};
    rbpf_container_init(&container, &opened, &firmware.table, stack.data(), ram.data());
    ran.context = std::move(context);
    if (!ran.context.empty()) {
        rbpf_container_grant(&container, RBPF_REGION_CONTEXT, ran.context.data(),
                             static_cast<std::uint32_t>(ran.context.size()), 1);
    }
    rbpf_container_start(&container, start);
    ran.halt = rbpf_container_run(&container, 1000000);
    ran.result = static_cast<std::int64_t>(container.reg[0]);
    ran.instructions = container.instructions;
    ran.fault = container.fault;
    ran.bindings = firmware.calls;
    return ran;
}

std::int64_t resultOf(const Sources& sources, std::vector<std::uint8_t> context) {
    const Ran ran = run(build(sources).output.image, std::move(context));
    INFO("fault " << int(ran.fault.status) << " at instruction " << ran.fault.insnIndex << ", " << ran.fault.detail);
    REQUIRE(ran.halt == RBPF_HALT_EXITED);
    return ran.result;
}

std::int64_t resultOf(const std::string& text, std::vector<std::uint8_t> context) {
    return resultOf(sourceOf(text), std::move(context));
}

std::string errorsOf(const std::vector<support::Diagnostic>& diagnostics) {
    std::string text;
    for (const support::Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == support::Severity::Error) {
            text += std::to_string(diagnostic.range.line) + ": " + diagnostic.message + " [" + diagnostic.hint + "]\n";
        }
    }
    return text;
}

} // namespace rbpf::test
