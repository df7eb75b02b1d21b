// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_input.hpp"

#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace rbpf::cli::debug {

StreamInput::StreamInput(const std::string& text) : pending_(text), atEnd_(true) {}

void StreamInput::print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

/// Reads once; false: stop asking.
bool StreamInput::fill(const Asked& asked) {
    pollfd descriptor{fd_, POLLIN, 0};
    if (::poll(&descriptor, 1, 0) <= 0) {
        return asked.idle();
    }
    char buffer[4096];
    const ssize_t got = ::read(fd_, buffer, sizeof buffer);
    if (got > 0) {
        pending_.append(buffer, static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
        atEnd_ = true;
    }
    return true;
}

std::optional<std::string> StreamInput::line(const Asked& asked) {
    std::size_t end = pending_.find('\n');
    while (end == std::string::npos && !atEnd_) {
        if (!fill(asked)) {
            return std::nullopt;
        }
        end = pending_.find('\n');
    }
    if (end == std::string::npos && pending_.empty()) {
        return std::nullopt;
    }
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end == std::string::npos ? pending_.size() : end + 1);
    if (!line.empty() && line.back() == '\r') {
        line.pop_back();
    }
    print(asked.prompt() + line + "\n");
    return line;
}

} // namespace rbpf::cli::debug
