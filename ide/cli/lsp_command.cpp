// SPDX-License-Identifier: GPL-3.0-or-later
// lsp: what rBPF Studio knows of scripts, for editors, on standard input and output.
#include <csignal>
#include <unistd.h>

#include "ide/cli/interrupt.hpp"
#include "ide/cli/lsp_hooks.hpp"
#include "ide/cli/registry.hpp"
#include "sdk/language/server_loop.hpp"

namespace rbpf::cli {

namespace {

constexpr const char* kSetUps =
    "Editors start it by themselves:\n"
    "  Neovim       dofile('/usr/share/rbpf/neovim/rbpf.lua') in ~/.config/nvim/init.lua\n"
    "  VS Code      code --install-extension /usr/share/rbpf/vscode/rbpf.vsix\n"
    "  Kate         Settings > Configure Kate > LSP Client > User Server Settings:\n"
    "               {\"servers\": {\"c\": {\"command\": [\"rbpf\", \"lsp\"], \"rootIndicationFileNames\": [\"rbpf.json\"]}}}\n"
    "  Qt Creator   Preferences > Language Client > Add > Generic StdIO Language Server:\n"
    "               executable rbpf, arguments lsp, file patterns *.c;*.h;rbpf.json; start per project\n"
    "It runs clangd behind it (sudo apt install clangd-19) and adds bindings, limits and costs.\n"
    "Settings, commands and requests: sdk/docs/lsp.md";

int serveEditor(Console& console) {
    const Interrupt interrupt;
    std::signal(SIGPIPE, SIG_IGN); // an editor that has gone is not to end us before clangd is ended
    const auto served = language::serve(STDIN_FILENO, STDOUT_FILENO, lspHooks(), interrupt.token());
    return served ? *served : console.fail(served.error());
}

} // namespace

void addLspCommand(Registry& registry) {
    CLI::App* command = registry.add("lsp", "Language server for editors: docs in sdk/docs/lsp.md", "rbpf lsp");
    command->footer(std::string("Example:\n  rbpf lsp\n\n") + kSetUps);
    registry.run(command, [](Console& console) { return serveEditor(console); });
}

} // namespace rbpf::cli
