// SPDX-License-Identifier: GPL-3.0-or-later
// DWARF line tables and inlining through LLVM's DebugInfo library.
#include "debugger/dwarf/lines.hpp"

#include <filesystem>

#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/Object/ELFObjectFile.h>
#include <llvm/Support/Error.h>

namespace rbpf::dwarf {
namespace {

constexpr std::uint64_t kSlotBytes = 8;
constexpr std::uint8_t kWideOpcode = 0x18;
constexpr std::size_t kLargestText = 16u << 20;

tl::unexpected<support::Error> bad(llvm::Error error) {
    return support::fail(support::ErrorKind::Script, "not a debug ELF of a script: " + llvm::toString(std::move(error)),
                         "build the script again");
}

SourceLine lineAt(llvm::DWARFContext& context, std::uint64_t address) {
    const llvm::DILineInfoSpecifier specifier(llvm::DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath,
                                              llvm::DILineInfoSpecifier::FunctionNameKind::ShortName);
    const llvm::DILineInfo info =
        context.getLineInfoForAddress({address, llvm::object::SectionedAddress::UndefSection}, specifier);
    SourceLine line;
    if (info.Line == 0 || info.FileName == llvm::DILineInfo::BadString) {
        return line;
    }
    line.file = std::filesystem::path(info.FileName).lexically_normal().string();
    line.line = info.Line;
    line.column = info.Column;
    line.function = info.FunctionName == llvm::DILineInfo::BadString ? "" : info.FunctionName;
    return line;
}

} // namespace

support::Result<std::vector<SourceLine>> readLines(const std::vector<std::uint8_t>& debugElf) {
    const llvm::StringRef bytes(reinterpret_cast<const char*>(debugElf.data()), debugElf.size());
    llvm::Expected<std::unique_ptr<llvm::object::ObjectFile>> file =
        llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(bytes, "debug ELF"));
    if (!file) {
        return bad(file.takeError());
    }
    llvm::StringRef text;
    for (const llvm::object::SectionRef& section : (*file)->sections()) {
        if (!section.isText()) {
            continue;
        }
        llvm::Expected<llvm::StringRef> contents = section.getContents();
        if (!contents) {
            return bad(contents.takeError());
        }
        text = *contents;
        break;
    }
    if (text.empty() || text.size() > kLargestText) {
        return support::fail(support::ErrorKind::Script, "not a debug ELF of a script: it has no text",
                             "build the script again");
    }
    // Broken DWARF leaves lines unknown; it is not this function's to complain about.
    const auto ignore = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
    const std::unique_ptr<llvm::DWARFContext> context = llvm::DWARFContext::create(
        **file, llvm::DWARFContext::ProcessDebugRelocations::Ignore, nullptr, "", ignore, ignore);

    std::vector<SourceLine> lines;
    for (std::uint64_t at = 0; at + kSlotBytes <= text.size(); at += kSlotBytes) {
        lines.push_back(lineAt(*context, at));
        if (static_cast<std::uint8_t>(text[at]) == kWideOpcode && at + 2 * kSlotBytes <= text.size()) {
            lines.push_back(lines.back());
            at += kSlotBytes;
        }
    }
    return lines;
}

} // namespace rbpf::dwarf
