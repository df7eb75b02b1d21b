// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/observer_worker.hpp"

#include <QDateTime>
#include <algorithm>
#include <utility>

#include "ide/cli/board_choice.hpp"
#include "ide/cli/payload_text.hpp"

namespace rbpf::model {

namespace {

constexpr std::chrono::milliseconds kDeadline{2000};
constexpr std::chrono::milliseconds kLookEvery{500};
constexpr std::chrono::milliseconds kGather{50}; ///< text that comes within this is told at once
constexpr std::chrono::milliseconds kAgain{500}; ///< until a lost board is looked for again
constexpr std::size_t kPiece = 8192;             ///< of text, so that the window shows it without a stop
constexpr std::size_t kKept = 256 * 1024;        ///< of text that the window had no time for

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

ObserverWorker::ObserverWorker(link::BoardRecord board, std::uint32_t slotCount)
    : board_(std::move(board)), slotCount_(slotCount) {
    qRegisterMetaType<ObservationPtr>();
}

ObserverWorker::~ObserverWorker() {
    end();
    wait();
}

void ObserverWorker::end() {
    stop_.request_stop();
    const std::lock_guard lock(mutex_);
    listening_.request_stop();
}

void ObserverWorker::leave() {
    connect(this, &QThread::finished, this, &QObject::deleteLater);
    end();
}

void ObserverWorker::post(const std::string& key, Task task) {
    const std::lock_guard lock(mutex_);
    tasks_[key] = std::move(task);
    listening_.request_stop();
}

void ObserverWorker::want(bool sensors, bool stores) {
    sensors_ = sensors;
    stores_ = stores;
    const std::lock_guard lock(mutex_);
    listening_.request_stop();
}

link::Options ObserverWorker::options() const {
    link::Options options;
    options.deadline = kDeadline;
    options.stop = stop_.get_token();
    return options;
}

void ObserverWorker::run() {
    while (!stop_.stop_requested()) {
        auto client = cli::connectBoard(board_);
        if (client) {
            serve(*client);
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop_.get_token(), kAgain, [] { return false; });
    }
}

void ObserverWorker::serve(link::BoardClient& client) {
    while (!stop_.stop_requested()) {
        if (doTasks(client) || ((sensors_ || stores_) && Clock::now() - lastLook_ >= kLookEvery)) {
            look(client);
        }
        link::Options listen;
        {
            const std::lock_guard lock(mutex_);
            listening_ = std::stop_source();
            if (!tasks_.empty() || stop_.stop_requested()) {
                continue;
            }
            listen.stop = listening_.get_token();
        }
        const auto text = client.log(text_.empty() ? kLookEvery : kGather, listen);
        if (text) {
            keep(*text);
        } else if (text.error().kind != support::ErrorKind::Cancelled) {
            return;
        }
        tellText();
    }
}

bool ObserverWorker::doTasks(link::BoardClient& client) {
    std::map<std::string, Task> tasks;
    {
        const std::lock_guard lock(mutex_);
        tasks.swap(tasks_);
    }
    for (const auto& [key, task] : tasks) {
        if (const auto done = task(client, options()); !done && !stop_.stop_requested()) {
            Q_EMIT refused(words(done.error().message), words(done.error().hint));
        }
    }
    return !tasks.empty();
}

void ObserverWorker::look(link::BoardClient& client) {
    auto now = std::make_shared<Observation>();
    const auto keepProblem = [&](const support::Error& error) { now->problem = words(error.message); };
    if (sensors_) {
        if (auto devices = client.devices(options())) {
            now->devices = std::move(*devices);
            now->pins = client.pins(options()).value_or(std::vector<link::PinInfo>());
        } else {
            keepProblem(devices.error());
        }
    }
    for (std::uint32_t scope = 0; stores_ && scope <= slotCount_ && !stop_.stop_requested(); ++scope) {
        const std::string name = scope == 0 ? "global" : std::to_string(scope - 1);
        if (const auto values = client.storeList(name, options())) {
            now->stores.emplace_back(name, StoreValues(values->begin(), values->end()));
        } else {
            keepProblem(values.error());
        }
    }
    now->timeMs = QDateTime::currentMSecsSinceEpoch();
    lastLook_ = Clock::now();
    Q_EMIT seen(std::move(now));
}

void ObserverWorker::keep(const std::string& text) {
    text_ += text;
    if (text_.size() > kKept) {
        leftOut_ += text_.size() - kKept;
        text_.erase(0, text_.size() - kKept);
    }
}

/// Whole lines, as far as there are any.
void ObserverWorker::tellText() {
    if (text_.empty() || unread_) {
        return;
    }
    std::size_t length = std::min(text_.size(), kPiece);
    if (const std::size_t end = text_.rfind('\n', length - 1); end != std::string::npos) {
        length = end + 1;
    }
    std::string piece = text_.substr(0, length);
    text_.erase(0, length);
    QString told = words(cli::escaped({reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size()}));
    if (const std::size_t missing = std::exchange(leftOut_, 0); missing != 0) {
        told.prepend(tr("[%L1 bytes are left out: they came faster than they can be shown]\n").arg(missing));
    }
    unread_ = true;
    Q_EMIT text(told);
}

} // namespace rbpf::model
