// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/spawn.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char** environ;

namespace rbpf::support {

namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    for (std::string& text : texts) {
        list.push_back(text.data());
    }
    list.push_back(nullptr);
    return list;
}

std::vector<std::string> environmentWith(const std::vector<std::pair<std::string, std::string>>& added) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const bool isReplaced = std::any_of(added.begin(), added.end(), [&](const auto& one) {
            return text.starts_with(one.first) && text.substr(one.first.size()).starts_with('=');
        });
        if (!isReplaced) {
            all.emplace_back(text);
        }
    }
    for (const auto& [name, value] : added) {
        all.push_back(name + "=" + value);
    }
    return all;
}

} // namespace

void Descriptor::close() {
    if (number_ >= 0) {
        ::close(number_);
        number_ = -1;
    }
}

Result<pid_t> spawn(const ProcessCommand& command, const StandardStreams& streams) {
    const std::string& name = command.arguments.at(0);
    const auto program = findProgram(name);
    if (!program) {
        return fail(ErrorKind::Io, "there is no program " + name);
    }
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = environmentWith(command.environment);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const auto give = [&actions](int from, int to, int mode) {
        if (from >= 0) {
            posix_spawn_file_actions_adddup2(&actions, from, to);
        } else {
            posix_spawn_file_actions_addopen(&actions, to, "/dev/null", mode, 0);
        }
    };
    give(streams.in, STDIN_FILENO, O_RDONLY);
    give(streams.out, STDOUT_FILENO, O_WRONLY);
    give(streams.err, STDERR_FILENO, O_WRONLY);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes, &set);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE}) {
        sigaddset(&set, number);
    }
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    const int code = ::posix_spawn(&pid, program->c_str(), &actions, &attributes, pointers(arguments).data(),
                                   pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (code != 0) {
        return fail(ErrorKind::Io, "cannot start " + *program + ": " + std::strerror(code));
    }
    return pid;
}

} // namespace rbpf::support
