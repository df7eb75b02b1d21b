// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-bench-language: measures completion as an editor asks for it, after every letter that is typed into a script of
// some hundred lines. Prints lines "NAME VALUE"; tests/bench/figures.py makes figures of them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>

#include "sdk/language/client.hpp"
#include "sdk/project/compile_commands.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

using namespace rbpf;
using namespace std::chrono_literals;
using language::Clock;

namespace {

constexpr int kCopies = 10, kRounds = 10;
const std::string kTyped = "bpf_saul_reg_read";

[[noreturn]] void fail(const std::string& what) {
    std::fprintf(stderr, "rbpf-bench-language: %s\n", what.c_str());
    std::exit(1);
}

/// A template's source, and its functions again and again under other names.
std::string script(const std::filesystem::path& source) {
    const auto text = support::readText(source);
    if (!text) {
        fail(text.error().message);
    }
    std::string all = *text;
    for (int copy = 0; copy < kCopies; ++copy) {
        all += "\nint again" + std::to_string(copy) + text->substr(text->find("(void)\n{\n    phydat_t"));
    }
    return all;
}

void wait(language::Client& client, const std::function<bool()>& isDone) {
    const auto end = Clock::now() + 30s;
    while (!isDone()) {
        if (Clock::now() > end) {
            fail("clangd did not answer in 30 s");
        }
        pollfd ready{client.descriptor(), static_cast<short>(POLLIN | (client.isWriting() ? POLLOUT : 0)), 0};
        ::poll(&ready, 1, 1000);
        client.service();
    }
}

double residentMb(pid_t pid) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * 4096 / (1 << 20);
}

} // namespace

int main() {
    const std::filesystem::path folder = project::templatesFolder() / "thermostat";
    const std::string file = folder / "src" / "control.c";
    const std::string text = script(file);
    bool isRead = false;
    language::Client client(
        folder, [&](const std::string& of) { return project::compileCommand({folder, {}, {}, {}}, of); },
        {[&](const std::string&, const std::vector<language::Finding>&) { isRead = true; },
         [](const support::Error& error, bool) { fail(error.message); }});
    if (const auto started = client.start(); !started) {
        fail(started.error().message + " (" + started.error().hint + ")");
    }
    client.setText(file, text);
    wait(client, [&] { return isRead; });

    const std::size_t at = text.rfind("    return switch_heating");
    const auto line = static_cast<unsigned>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t letters = 1; letters <= kTyped.size(); ++letters) {
            std::string now = text;
            now.insert(at, "    " + kTyped.substr(0, letters) + "\n");
            bool isAnswered = false;
            const auto begin = Clock::now();
            client.setText(file, std::move(now));
            client.complete({file, line, static_cast<unsigned>(letters) + 5}, [&](const support::Result<language::Completions>& answer) {
                isAnswered = true;
                if (!answer) {
                    fail(answer.error().message);
                }
            });
            wait(client, [&] { return isAnswered; });
            times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
        }
    }
    std::sort(times.begin(), times.end());
    std::printf("lsp.completion.ms %.3f\n", times[times.size() / 2]);
    std::printf("lsp.completion.ms.p95 %.3f\n", times[times.size() * 95 / 100]);
    std::printf("lsp.memory.mb %.3f\n", residentMb(client.pid()));
    return 0;
}
