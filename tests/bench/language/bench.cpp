// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-bench-language: measures `rbpf lsp` as an editor sees it: from its start to the first mistake told, from a key to
// the mistake that it made, and completion after every letter typed into a script of some hundred lines. Prints lines
// "NAME VALUE"; tests/bench/figures.py makes figures of them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>

#include "sdk/language/json_fields.hpp"
#include "sdk/language/peer.hpp"
#include "sdk/language/positions.hpp"
#include "sdk/language/protocol.hpp"
#include "sdk/project/sdk_folders.hpp"
#include "sdk/support/files.hpp"

using namespace rbpf;
using namespace std::chrono_literals;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kCopies = 10, kRounds = 10, kStarts = 7;
const std::string kTyped = "bpf_saul_reg_read";
/// What only our own build knows to be wrong.
const std::string kMistake = "    volatile double wrong = 1.5;\n    wrong *= 2;\n";

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

/// An editor with one file open.
class Editor {
public:
    explicit Editor(std::string file) : uri_(language::uriOf(file)), began_(Clock::now()) {
        auto child = support::Child::start({{(support::programFolder() / "rbpf").string(), "lsp"}, {}, false});
        if (!child) {
            fail(child.error().message);
        }
        peer_ = std::make_unique<language::Peer>(std::move(*child));
    }
    ~Editor() { peer_->end(); }

    void start(const std::filesystem::path& folder) {
        ask("initialize", {{"rootUri", language::uriOf(folder)}, {"capabilities", {{"general", {{"positionEncodings", {"utf-8"}}}}}}});
        notify("initialized", json::object());
    }
    void open(const std::string& text) {
        notify("textDocument/didOpen", {{"textDocument", {{"uri", uri_}, {"languageId", "c"}, {"version", 1}, {"text", text}}}});
    }
    void setText(const std::string& text) {
        notify("textDocument/didChange", {{"textDocument", {{"uri", uri_}, {"version", ++version_}}}, {"contentChanges", {{{"text", text}}}}});
    }
    json ask(const std::string& method, json parameters) {
        const int id = ++lastId_;
        peer_->send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(parameters)}});
        json result;
        wait([&](const json& message) {
            const bool isIt = language::field(message, "id") == id && !message.contains("method");
            if (isIt && !message.contains("result")) {
                fail(message.dump());
            }
            result = isIt ? message["result"] : json();
            return isIt;
        });
        return result;
    }
    /// Until the file's diagnostics have a word in them, or have it no more.
    void waitFor(const std::string& word, bool isThere) {
        wait([&](const json& message) {
            const json& told = language::field(message, "params");
            return language::field(message, "method") == "textDocument/publishDiagnostics" && language::field(told, "uri") == uri_ &&
                   (told["diagnostics"].dump().find(word) != std::string::npos) == isThere;
        });
    }
    json at(std::string_view text, std::size_t offset) {
        return {{"textDocument", {{"uri", uri_}}}, {"position", language::positionAt(text, offset, language::Encoding::Utf8)}};
    }
    [[nodiscard]] double msSinceStart() const { return std::chrono::duration<double, std::milli>(Clock::now() - began_).count(); }
    [[nodiscard]] pid_t pid() const { return peer_->pid(); }

private:
    void notify(const std::string& method, json parameters) {
        peer_->send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(parameters)}});
    }
    void wait(const std::function<bool(const json&)>& isIt) {
        bool isDone = false;
        for (const auto end = Clock::now() + 30s; !isDone;) {
            if (const auto served = peer_->service([&](const json& message) { isDone = isDone || isIt(message); }); !served) {
                fail(served.error().message);
            }
            if (Clock::now() > end) {
                fail("no answer in 30 s");
            }
            if (!isDone) {
                pollfd ready{peer_->descriptor(), static_cast<short>(POLLIN | (peer_->isWriting() ? POLLOUT : 0)), 0};
                ::poll(&ready, 1, 1000);
            }
        }
    }

    std::string uri_;
    Clock::time_point began_;
    std::unique_ptr<language::Peer> peer_;
    int lastId_ = 0;
    int version_ = 1;
};

double residentMb(pid_t pid) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * 4096 / (1 << 20);
}

/// Of a process and those that it has started.
double familyMb(pid_t pid) {
    double sum = residentMb(pid);
    std::ifstream children("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
    for (pid_t child = 0; children >> child;) {
        sum += residentMb(child);
    }
    return sum;
}

void print(const char* name, std::vector<double> times, std::size_t percent = 50) {
    std::sort(times.begin(), times.end());
    std::printf("%s %.3f\n", name, times[times.size() * percent / 100]);
}

template <typename Action>
double msOf(Action action) {
    const auto begin = Clock::now();
    action();
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

} // namespace

int main() {
    const std::filesystem::path folder = project::templatesFolder() / "thermostat";
    const std::string file = folder / "src" / "control.c";
    const std::string text = script(file);
    const std::size_t at = text.rfind("    return switch_heating");
    const std::string wrong = text.substr(0, text.find("    phydat_t")) + kMistake + text.substr(text.find("    phydat_t"));

    std::vector<double> opened;
    for (int round = 0; round < kStarts; ++round) {
        Editor editor(file);
        editor.start(folder);
        editor.open(wrong);
        editor.waitFor("floating point", true);
        opened.push_back(editor.msSinceStart());
    }
    print("lsp.diagnostics.open.ms", opened);

    Editor editor(file);
    editor.start(folder);
    editor.open(wrong);
    editor.waitFor("floating point", true);
    std::vector<double> edited;
    for (int round = 0; round < kRounds; ++round) {
        editor.setText(text);
        editor.waitFor("floating point", false);
        edited.push_back(msOf([&] {
            editor.setText(wrong);
            editor.waitFor("floating point", true);
        }));
    }
    print("lsp.diagnostics.edit.ms", edited);

    std::vector<double> times;
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t letters = 1; letters <= kTyped.size(); ++letters) {
            std::string now = text;
            now.insert(at, "    " + kTyped.substr(0, letters) + "\n");
            json answer;
            times.push_back(msOf([&] {
                editor.setText(now);
                answer = editor.ask("textDocument/completion", editor.at(now, at + 4 + letters));
            }));
            if (answer.dump().find(kTyped) == std::string::npos) {
                fail("completion does not offer " + kTyped);
            }
        }
    }
    print("lsp.completion.ms", times);
    print("lsp.completion.ms.p95", times, 95);
    std::printf("lsp.memory.mb %.3f\n", familyMb(editor.pid()));
    return 0;
}
