// SPDX-License-Identifier: GPL-3.0-or-later
// A native board as a process of its own with a compiled script in slot 0, to debug for real.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "debugger/link/boards.hpp"
#include "debugger/session/session.hpp"
#include "tests/fakes/processes.hpp"

namespace rbpf::test {

/// A script compiled and linked. Line 1 of the source is what follows its first newline; the file is "main.c".
struct Script {
    explicit Script(const std::string& source, bool forDebugging = true);
    explicit Script(const std::map<std::string, std::string>& files, bool forDebugging = true);
    std::vector<std::uint8_t> image, elf;
    /// The first line of main.c that contains `text`, from 1.
    [[nodiscard]] unsigned line(const std::string& text) const;

private:
    std::string source_;
};

/// Runs as long as this object lives.
class LiveBoard {
public:
    explicit LiveBoard(const Script& script);
    LiveBoard(const LiveBoard&) = delete;
    LiveBoard& operator=(const LiveBoard&) = delete;
    ~LiveBoard();

    void start(); ///< with the state it had
    void kill();
    void install(const std::vector<std::uint8_t>& image, std::uint32_t slot = 0) const;
    /// Sends GET /`path` over UDP; answer() is its response's payload.
    void trigger(const std::string& path = "go");
    [[nodiscard]] std::optional<std::string> answer();

    [[nodiscard]] session::Options options(const Script& script) const;
    [[nodiscard]] const std::filesystem::path& folder() const { return runtime_.folder; }
    [[nodiscard]] const link::BoardRecord& record() const { return record_; }

private:
    RuntimeFolder runtime_;
    pid_t pid_ = -1;
    int socket_ = -1;
    std::uint16_t message_ = 1;
    link::BoardRecord record_;
};

/// Events up to one of type T; fails the test when none comes.
template <typename T>
T await(session::Session& session) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < until) {
        const auto event = session.wait(std::chrono::milliseconds(200));
        if (!event) {
            FAIL(event.error().message);
        }
        if (*event) {
            if (const auto* found = std::get_if<T>(&**event)) {
                return *found;
            }
            if (const auto* ended = std::get_if<session::Ended>(&**event)) {
                FAIL("ended: " << ended->sentence);
            }
            if (const auto* notice = std::get_if<session::Notice>(&**event)) {
                INFO(notice->sentence);
            }
        }
    }
    FAIL("the awaited event did not come");
    throw 0;
}

} // namespace rbpf::test
