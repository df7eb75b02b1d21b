// SPDX-License-Identifier: GPL-3.0-or-later
// The terminal through libedit. While it waits for a key the debugger goes on working; what that prints goes above the
// line that is being typed.
#include <algorithm>
#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <histedit.h>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include "ide/cli/debug_input.hpp"
#include "ide/cli/user_folders.hpp"

namespace rbpf::cli::debug {

namespace {

constexpr int kHistoryLines = 1000;
constexpr wchar_t kKillLine = 0x15; ///< Ctrl-U
constexpr const char* kClearLine = "\r\x1b[K";

std::string commonStart(const std::vector<std::string>& list) {
    std::string start = list.front();
    for (const std::string& one : list) {
        const auto [end, other] = std::mismatch(start.begin(), start.end(), one.begin(), one.end());
        static_cast<void>(other);
        start.erase(end, start.end());
    }
    return start;
}

class Terminal : public Input {
public:
    Terminal() {
        std::setlocale(LC_CTYPE, "");
        edit_ = el_init("rbpf", stdin, stdout, stderr);
        el_set(edit_, EL_CLIENTDATA, this);
        el_set(edit_, EL_EDITOR, "emacs");
        el_set(edit_, EL_SIGNAL, 0);
        el_set(edit_, EL_PROMPT, &Terminal::prompt);
        el_set(edit_, EL_GETCFN, &Terminal::getCharacter);
        el_set(edit_, EL_ADDFN, "rbpf-complete", "Complete the word", &Terminal::complete);
        el_set(edit_, EL_BIND, "^I", "rbpf-complete", nullptr);
        el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
        history_ = history_init();
        HistEvent event;
        history(history_, &event, H_SETSIZE, kHistoryLines);
        history(history_, &event, H_SETUNIQUE, 1);
        el_set(edit_, EL_HIST, history, history_);
        el_source(edit_, nullptr); // the user's own keys
        file_ = stateFolder() / "debug_history";
        history(history_, &event, H_LOAD, file_.c_str());
    }

    ~Terminal() override {
        std::error_code code; // a history that cannot be kept is no failure
        std::filesystem::create_directories(file_.parent_path(), code);
        HistEvent event;
        history(history_, &event, H_SAVE, file_.c_str());
        history_end(history_);
        el_end(edit_);
    }

    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    std::optional<std::string> line(const Asked& asked) override {
        asked_ = &asked;
        isTyping_ = true;
        int count = 0;
        const char* text = el_gets(edit_, &count);
        isTyping_ = false;
        asked_ = nullptr;
        if (text == nullptr || count <= 0) {
            print("\n");
            return std::nullopt;
        }
        std::string line(text, static_cast<std::size_t>(count));
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) {
            line.pop_back();
        }
        if (!line.empty()) {
            HistEvent event;
            history(history_, &event, H_ENTER, line.c_str());
        }
        return line;
    }

    [[nodiscard]] bool isInteractive() const override { return true; }

    void print(std::string_view text) override {
        if (isTyping_ && !isCleared_) {
            std::fputs(kClearLine, stdout);
            isCleared_ = true;
        }
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
    }

    void dropLine() override { isDropped_ = true; }

private:
    static Terminal& of(EditLine* edit) {
        void* self = nullptr;
        el_get(edit, EL_CLIENTDATA, &self);
        return *static_cast<Terminal*>(self);
    }

    static char* prompt(EditLine* edit) {
        Terminal& self = of(edit);
        self.prompt_ = self.asked_ != nullptr ? self.asked_->prompt() : "";
        return self.prompt_.data();
    }

    static int getCharacter(EditLine* edit, wchar_t* character) { return of(edit).read(*character); }
    static unsigned char complete(EditLine* edit, int) { return of(edit).completeWord(); }

    /// 1: a character; 0: the end.
    int read(wchar_t& character) {
        std::mbstate_t state{};
        for (;;) {
            pollfd descriptor{STDIN_FILENO, POLLIN, 0};
            if (::poll(&descriptor, 1, 0) <= 0) {
                if (!work()) {
                    return 0;
                }
                if (std::exchange(isDropped_, false)) {
                    character = kKillLine;
                    return 1;
                }
                continue;
            }
            char byte = 0;
            const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
            if (got == 0 || (got < 0 && errno != EINTR)) {
                return 0;
            }
            if (got < 0) {
                continue;
            }
            const std::size_t used = std::mbrtowc(&character, &byte, 1, &state);
            if (used == static_cast<std::size_t>(-1)) {
                state = {}; // no character in this locale
            } else if (used != static_cast<std::size_t>(-2)) {
                return 1;
            }
        }
    }

    bool work() {
        isCleared_ = false;
        const std::string before = prompt_;
        const bool goesOn = asked_->idle();
        if (isCleared_ || (goesOn && asked_->prompt() != before)) {
            if (!isCleared_) {
                std::fputs(kClearLine, stdout);
                std::fflush(stdout);
            }
            isCleared_ = true;
            if (goesOn) {
                el_set(edit_, EL_REFRESH);
            }
        }
        isCleared_ = false;
        return goesOn;
    }

    unsigned char completeWord() {
        const LineInfo* info = el_line(edit_);
        const std::string text(info->buffer, info->cursor);
        const Candidates found = asked_->complete(text);
        if (found.list.empty() || found.from > text.size()) {
            return CC_REFRESH_BEEP;
        }
        const std::string word = text.substr(found.from);
        const std::string start = commonStart(found.list);
        if (start.size() > word.size()) {
            el_deletestr(edit_, static_cast<int>(word.size()));
            el_insertstr(edit_, (start + (found.list.size() == 1 ? " " : "")).c_str());
            return CC_REFRESH;
        }
        if (found.list.size() == 1) {
            el_insertstr(edit_, " ");
            return CC_REFRESH;
        }
        std::string list = "\n";
        for (const std::string& one : found.list) {
            list += "  " + one;
        }
        std::fputs((list + "\n").c_str(), stdout);
        std::fflush(stdout);
        return CC_REDISPLAY;
    }

    EditLine* edit_ = nullptr;
    History* history_ = nullptr;
    std::filesystem::path file_;
    const Asked* asked_ = nullptr;
    std::string prompt_;
    bool isTyping_ = false, isCleared_ = false, isDropped_ = false;
};

} // namespace

std::unique_ptr<Input> openTerminal() {
    return std::make_unique<Terminal>();
}

} // namespace rbpf::cli::debug
