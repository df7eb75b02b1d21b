// SPDX-License-Identifier: GPL-3.0-or-later
// A runtime folder of the test's own, and processes that do a piece of work when told.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace rbpf::test {

struct RuntimeFolder {
    std::filesystem::path folder;
    RuntimeFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "rbpf-line-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
        setenv("RBPF_RUNTIME_DIR", folder.c_str(), 1);
    }
    RuntimeFolder(const RuntimeFolder&) = delete;
    RuntimeFolder& operator=(const RuntimeFolder&) = delete;
    ~RuntimeFolder() {
        unsetenv("RBPF_RUNTIME_DIR");
        std::filesystem::remove_all(folder);
    }
};

/// Another process. It is forked before the test opens anything, so that it inherits no line.
class Process {
public:
    /// What the process uses to talk to the test: one character in each direction.
    struct Channel {
        int in, out;
        /// Waits for the test's next word; the process ends if the test is gone.
        char hear() const {
            char word = 0;
            if (read(in, &word, 1) != 1) {
                _exit(2);
            }
            return word;
        }
        void say(char word) const { (void)!write(out, &word, 1); }
    };

    explicit Process(const std::function<void(const Channel&)>& work) {
        int down[2];
        int up[2];
        REQUIRE(pipe2(down, O_CLOEXEC) == 0);
        REQUIRE(pipe2(up, O_CLOEXEC) == 0);
        pid_ = fork();
        if (pid_ == 0) {
            close(down[1]);
            close(up[0]);
            alarm(60); // never outlives a test that hangs
            work({down[0], up[1]});
            _exit(0);
        }
        close(down[0]);
        close(up[1]);
        in_ = up[0];
        out_ = down[1];
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() {
        kill();
        close(in_);
        close(out_);
    }

    void say(char word) const { REQUIRE(write(out_, &word, 1) == 1); }
    /// The process's next word, 0 if it ended or said nothing for 20 seconds.
    [[nodiscard]] char hear() const {
        pollfd ready{in_, POLLIN, 0};
        char word = 0;
        return poll(&ready, 1, 20000) == 1 && read(in_, &word, 1) == 1 ? word : '\0';
    }
    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
            pid_ = -1;
        }
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
};

} // namespace rbpf::test
