// SPDX-License-Identifier: GPL-3.0-or-later
// The language server's bytes: what is read of them is within bounds, however it is cut and whatever it says.
#include "sdk/language/binding_help.hpp"
#include "sdk/language/documents.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/support/base_protocol.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

void read(const nlohmann::json& message) {
    const std::string text = "int main(void)\n{\n    bpf_printf(\"\");\n}\n";
    auto completions = language::readCompletions(message, "/a.c");
    language::helpWithBindings(completions);
    auto help = language::readSignatureHelp(message);
    language::helpWithBindings(help, text, message.size());
    for (const auto& one : help.signatures)
        for (const auto& [from, to] : one.parameters)
            FUZZ_REQUIRE(from <= to && to <= one.label.size());
    auto hover = language::readHover(message, "/a.c");
    language::helpWithBindings(hover, text);
    auto findings = language::readFindings(message);
    language::helpWithBindings(findings, text);
    for (const auto& place : language::readLocations(message))
        FUZZ_REQUIRE(place.line > 0 && language::offsetOf(text, place.line, place.column) <= text.size());
    for (const auto& one : language::readWorkspaceEdit(message))
        FUZZ_REQUIRE(one.range.file.starts_with('/'));
    for (const auto& one : language::readSymbols(message, "/a.c"))
        FUZZ_REQUIRE(!one.name.empty());
}

/// All messages; the reader gets its bytes in pieces of `step`.
std::size_t readAll(std::string_view bytes, std::size_t step, bool isRead) {
    support::MessageReader reader;
    std::size_t count = 0;
    while (!bytes.empty()) {
        reader.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        for (;;) {
            const auto message = reader.next();
            if (!message)
                return count;
            if (!*message)
                break;
            ++count;
            if (isRead)
                read((*message)->value("result", **message));
        }
    }
    return count;
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t whole = rbpf::fuzz::readAll(bytes, std::max<std::size_t>(size, 1), true);
    FUZZ_REQUIRE(rbpf::fuzz::readAll(bytes, 1, false) == whole);
    return 0;
}
