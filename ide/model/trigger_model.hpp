// SPDX-License-Identifier: GPL-3.0-or-later
// Makes scripts run by hand: one request, invocation or trigger at a time, and what came of the last ones.
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <optional>
#include <stop_token>

#include "ide/cli/board_shot.hpp"

namespace rbpf::model {

class BoardsModel;

/// A shot with its answer, in words.
struct TriggerRecord {
    std::size_t number = 0; ///< counts from 1
    cli::Shot shot;
    QString what;     ///< "GET /sensor"
    QString headline; ///< "2.05 Content, text/plain, 5 bytes, 1.2 ms"; what went wrong
    QString body;     ///< the answer as text, or what to do
    QString hex;      ///< … as bytes
    bool isError = false;
};

class TriggerModel : public QObject {
    Q_OBJECT
public:
    explicit TriggerModel(BoardsModel& boards, QObject* parent = nullptr);

    [[nodiscard]] bool isWaiting() const { return stop_.has_value(); }
    /// Newest first.
    [[nodiscard]] const std::deque<TriggerRecord>& history() const { return history_; }
    /// To the selected board. Nothing is done while another one waits for its answer.
    void send(const cli::Shot& shot);
    void cancel();
    /// Sends it now, and again a while after each answer, until it is 0 or an answer does not come.
    void repeat(const cli::Shot& shot, int intervalMs);
    [[nodiscard]] bool isRepeating() const { return intervalMs_ != 0; }
    /// While a script may be halted, an answer may take as long as it likes.
    void setPatient(bool isPatient) { isPatient_ = isPatient; }

Q_SIGNALS:
    /// Waiting or repeating has begun or ended, or there is a new record.
    void changed();

private:
    void take(const cli::Shot& shot, const support::Result<cli::ShotAnswer>& answer);

    BoardsModel& boards_;
    std::deque<TriggerRecord> history_;
    std::optional<std::stop_source> stop_; ///< of the one on its way
    QTimer again_;
    cli::Shot next_;
    std::size_t count_ = 0;
    int intervalMs_ = 0;
    bool isPatient_ = false;
};

} // namespace rbpf::model
