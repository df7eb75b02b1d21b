// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/language/worker.hpp"

#include <algorithm>
#include <sys/eventfd.h>

namespace rbpf::language {

Worker::Worker()
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

Worker::~Worker() = default;

void Worker::post(const std::string& key, Task task) {
    {
        const std::scoped_lock lock(mutex_);
        const auto same = std::find_if(tasks_.begin(), tasks_.end(), [&](const Entry& one) { return one.key == key; });
        if (same != tasks_.end()) {
            same->task = std::move(task);
            return;
        }
        tasks_.push_back({key, std::move(task)});
    }
    changed_.notify_one();
}

void Worker::run(const std::stop_token& stop) {
    for (;;) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return !tasks_.empty(); })) {
                return;
            }
            task = std::move(tasks_.front().task);
            tasks_.pop_front();
        }
        After after = task(stop);
        {
            const std::scoped_lock lock(mutex_);
            done_.push_back(std::move(after));
        }
        ::eventfd_write(wake_.number(), 1);
    }
}

void Worker::service() {
    eventfd_t count = 0;
    ::eventfd_read(wake_.number(), &count);
    std::vector<After> done;
    {
        const std::scoped_lock lock(mutex_);
        done.swap(done_);
    }
    for (const After& one : done) {
        one();
    }
}

} // namespace rbpf::language
