// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/build.hpp"

#include <algorithm>

#include "sdk/analyse/explain.hpp"
#include "sdk/analyse/lines.hpp"
#include "sdk/compile/compile.hpp"
#include "sdk/image/verify.hpp"
#include "sdk/project/compile_commands.hpp"
#include "sdk/project/diagnostics.hpp"
#include "sdk/project/freshness.hpp"
#include "sdk/project/loop_limits.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::project {

namespace {

using support::Diagnostic;
using support::Result;

/// A build in progress: each pass reads what those before it have left here. A pass that adds an error diagnostic, or
/// fails, is the last one.
struct Job {
    const Project& project;
    const BuildOptions& options;
    BuildResult& result;
    compile::Output compiled{};
    std::vector<linker::Entry> entries{};
    linker::Output linked{};
};

void tell(Job& job, std::vector<Diagnostic>& found) {
    std::ranges::move(found, std::back_inserter(job.result.diagnostics));
    found.clear();
}

Result<void> compileSources(Job& job) {
    const Config& config = job.project.config;
    compile::Request request;
    request.sources = job.project.sources;
    request.includeDirs = job.project.includeDirs;
    request.defines = config.defines;
    for (const EntrySetting& entry : config.entries) {
        request.entryFunctions.push_back({entry.function, entry.place});
    }
    request.optimise = config.optimise;
    request.unsaved = job.options.unsaved;
    request.stackBytes = config.stackBytes;
    request.projectDir = job.project.folder;
    request.headersDir = headersFolder();
    auto output = compile::compile(request);
    if (!output) {
        return tl::unexpected(output.error());
    }
    job.compiled = std::move(*output);
    for (const compile::DefinedFunction& one : job.compiled.defined) {
        job.result.defined.push_back({one.name, std::filesystem::path(one.file).lexically_normal(), one.line});
    }
    tell(job, job.compiled.diagnostics);
    return {};
}

/// The compiler's entries; rbpf.json's trigger goes before the source's.
Result<void> chooseEntries(Job& job) {
    for (const compile::EntryFunction& found : job.compiled.entries) {
        linker::Entry entry{found.function, found.trigger, found.file, found.line};
        for (const EntrySetting& setting : job.project.config.entries) {
            if (setting.function == found.function && setting.trigger) {
                entry.trigger = *setting.trigger;
            }
        }
        job.entries.push_back(std::move(entry));
    }
    return {};
}

Result<void> linkImage(Job& job) {
    const Config& config = job.project.config;
    auto output = linker::link(
        {std::move(job.compiled.object), config.name, config.version, job.entries, config.stackBytes, config.budget});
    if (!output) {
        return tl::unexpected(output.error());
    }
    job.linked = std::move(*output);
    tell(job, job.linked.diagnostics);
    return {};
}

/// Whatever the linker made, the firmware must take it; only a board knows its own limits.
Result<void> checkImage(Job& job) {
    auto image = image::read(job.linked.image);
    if (!image) {
        return tl::unexpected(image.error());
    }
    constexpr image::Limits kNoLimits{UINT32_MAX, UINT16_MAX, UINT32_MAX};
    if (const auto rejection = image::verify(*image, kNoLimits)) {
        Diagnostic diagnostic;
        diagnostic.message = "a firmware would reject the image: " + rejection->sentence;
        for (const linker::Function& function : job.linked.functions) {
            if (rejection->insnIndex && *rejection->insnIndex * 8 >= function.offset) {
                diagnostic.range = {function.file, function.line, 1, function.line, 1};
            }
        }
        job.result.diagnostics.push_back(std::move(diagnostic));
        return {};
    }
    job.result.image = std::move(*image);
    job.result.functions = job.linked.functions;
    return {};
}

/// The debug ELF first: whoever finds a new image finds its debug information too.
Result<void> writeOutputs(Job& job) {
    if (!job.options.write) {
        return {};
    }
    if (auto written = support::writeAtomically(job.project.debugElf(), job.linked.debugElf); !written) {
        return written;
    }
    if (auto written = support::writeAtomically(job.project.image(), job.linked.image); !written) {
        return written;
    }
    return recordBuild(job.project, job.compiled.dependencies, {job.result.diagnostics, job.result.defined});
}

using Pass = Result<void> (*)(Job&);
constexpr Pass kPasses[] = {compileSources, chooseEntries, linkImage, checkImage, writeOutputs};

Result<void> run(Job& job) {
    for (const Pass pass : kPasses) {
        if (auto done = pass(job); !done) {
            return done;
        }
        if (hasErrors(job.result.diagnostics)) {
            return {};
        }
    }
    job.result.debugElf = std::move(job.linked.debugElf);
    job.result.ok = true;
    return {};
}

/// What the last build left, if it still counts.
bool takeLastBuild(const Project& project, BuildResult& result) {
    auto record = freshBuild(project);
    if (!record) {
        return false;
    }
    auto image = image::readFile(project.image());
    auto debugElf = support::readBytes(project.debugElf());
    auto functions = debugElf ? linker::readFunctions(*debugElf) : Result<std::vector<linker::Function>>();
    if (!image || !debugElf || !functions) {
        return false;
    }
    result.image = std::move(*image);
    result.debugElf = std::move(*debugElf);
    result.functions = std::move(*functions);
    result.diagnostics = std::move(record->warnings);
    result.defined = std::move(record->defined);
    result.ok = result.upToDate = true;
    return true;
}

void addCosts(BuildResult& result, const BuildOptions& options) {
    result.places = options.places(result.debugElf);
    result.limits = loopLimits(*result.project, result.places, options.unsaved);
    analyse::measureCosts(result.size, result.image, {.places = result.places, .limits = result.limits});
    analyse::explain(result.size, result.image, analyse::placedCode(result.image, result.places), result.defined);
    result.diagnostics.insert(result.diagnostics.end(), result.size.hints.begin(), result.size.hints.end());
}

} // namespace

Result<BuildResult> build(const std::filesystem::path& folder, const BuildOptions& options) {
    auto loaded = load(folder, options.unsaved);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    BuildResult result;
    result.diagnostics = std::move(loaded->diagnostics);
    result.project = std::move(loaded->project);
    if (!result.project) {
        return result;
    }
    if (options.write) {
        if (auto written = writeCompileCommands(*result.project); !written) {
            return tl::unexpected(written.error());
        }
    }
    if (options.force || !options.unsaved.empty() || !takeLastBuild(*result.project, result)) {
        Job job{*result.project, options, result};
        if (auto done = run(job); !done) {
            return tl::unexpected(done.error());
        }
    }
    if (result.ok) {
        result.size = analyse::measure(result.image, result.functions);
        if (options.places) {
            addCosts(result, options);
        }
    }
    return result;
}

} // namespace rbpf::project
