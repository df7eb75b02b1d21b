// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that listens to one board: what is printed there, and every half second what its sensors and stores hold.
// It shares the line with everybody else, and finds the board again when it was lost.
#pragma once

#include <QThread>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"

namespace rbpf::model {

using StoreValues = std::map<std::uint32_t, std::uint32_t>;

/// What was found at one look.
struct Observation {
    qint64 timeMs = 0; ///< since 1970
    std::vector<link::DeviceInfo> devices;
    std::vector<link::PinInfo> pins;
    std::vector<std::pair<std::string, StoreValues>> stores; ///< by scope: "global", then the slots
    QString problem;                                         ///< why sensors or stores could not be read
};
using ObservationPtr = std::shared_ptr<const Observation>;

class ObserverWorker : public QThread {
    Q_OBJECT
public:
    ObserverWorker(link::BoardRecord board, std::uint32_t slotCount);
    /// Ends and waits.
    ~ObserverWorker() override;

    using Task = std::function<support::Result<void>(link::BoardClient&, const link::Options&)>;
    /// Does it soon; a task of the same key that was not done yet is replaced. Then looks anew. Any thread.
    void post(const std::string& key, Task task);
    /// Whether anybody looks at sensors and pins, and at stores. Any thread.
    void want(bool sensors, bool stores);
    /// Ends soon and then deletes itself: nobody waits for it.
    void leave();
    /// The text was taken; only then more is sent. Any thread.
    void textTaken() { unread_ = false; }

Q_SIGNALS:
    /// Printed by the board: escaped, in pieces of a bounded size.
    void text(const QString& text);
    void seen(rbpf::model::ObservationPtr observation);
    void refused(const QString& message, const QString& hint);

protected:
    void run() override;

private:
    void end();
    using Clock = std::chrono::steady_clock;
    void serve(link::BoardClient& client);
    [[nodiscard]] bool doTasks(link::BoardClient& client);
    void look(link::BoardClient& client);
    void keep(const std::string& text);
    void tellText();
    [[nodiscard]] link::Options options() const;

    const link::BoardRecord board_;
    const std::uint32_t slotCount_;
    std::stop_source stop_;
    std::atomic<bool> sensors_{false}, stores_{false}, unread_{false};
    std::string text_; ///< not told yet
    std::size_t leftOut_ = 0;
    Clock::time_point lastLook_{};

    std::mutex mutex_; ///< guards what follows
    std::condition_variable_any changed_;
    std::map<std::string, Task> tasks_;
    std::stop_source listening_; ///< of one wait for text
};

} // namespace rbpf::model

Q_DECLARE_METATYPE(rbpf::model::ObservationPtr)
