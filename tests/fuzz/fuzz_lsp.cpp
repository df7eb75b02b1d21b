// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor says to the language server, however it is cut and whatever it says: every request has exactly one
// answer, and whatever is sent is JSON that an editor can read. No clangd runs, so that all is ours.
#include <cstdlib>
#include <map>

#include "sdk/language/server.hpp"
#include "sdk/support/base_protocol.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

using nlohmann::json;

constexpr const char* kInitialize = R"({"jsonrpc":"2.0","id":"first","method":"initialize","params":{"capabilities":{"textDocument":{)"
                                    R"("codeAction":{"codeActionLiteralSupport":{}}}}}})";

void session(std::string_view bytes) {
    std::map<std::string, int> open; // by id: asked less answered
    language::Server server({}, [&](const json& message) {
        if (!message.contains("method") && !message["id"].is_null()) {
            --open[message["id"].dump()];
        }
        support::MessageReader reader;
        reader.feed(support::encodeMessage(message));
        FUZZ_REQUIRE(reader.next().has_value());
    });
    const auto tell = [&](const json& message) {
        const auto id = message.find("id");
        if (message.contains("method") && message["method"].is_string() && message["method"] != "" && id != message.end() &&
            (id->is_string() || id->is_number())) {
            ++open[id->dump(-1, ' ', false, json::error_handler_t::replace)];
        }
        server.receive(message);
    };
    tell(json::parse(kInitialize));
    support::MessageReader reader;
    reader.feed(bytes);
    while (!server.isDone()) {
        const auto message = reader.next();
        if (!message && message.error().kind != support::ErrorKind::Script) {
            break;
        }
        if (!message) {
            server.receiveGarbled(message.error().message);
        } else if (*message) {
            tell(**message);
        } else {
            break;
        }
    }
    server.service();
    for (const auto& [id, count] : open) {
        FUZZ_REQUIRE(count <= 0); // an invalid message of ours may be refused under its id
    }
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    ::setenv("RBPF_CLANGD", "/nowhere/clangd", 1);
    rbpf::fuzz::session({reinterpret_cast<const char*>(data), size});
    return 0;
}
