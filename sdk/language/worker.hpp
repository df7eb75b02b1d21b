// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that does one task after the other; what comes of each is done on the owner's thread, which waits on
// descriptor() and calls service().
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "sdk/support/spawn.hpp"

namespace rbpf::language {

class Worker {
public:
    /// What is to be done afterwards, on the owner's thread.
    using After = std::function<void()>;
    using Task = std::function<After(const std::stop_token& stop)>;

    Worker();
    /// Asks what runs to stop and waits for it.
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Takes the place of a task with the same key that has not begun.
    void post(const std::string& key, Task task);
    void service();
    [[nodiscard]] int descriptor() const { return wake_.number(); }

private:
    struct Entry {
        std::string key;
        Task task;
    };
    void run(const std::stop_token& stop);

    support::Descriptor wake_; ///< an event counter
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Entry> tasks_;
    std::vector<After> done_;
    std::jthread thread_; ///< the last one: it uses the others
};

} // namespace rbpf::language
