// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/trigger_model.hpp"

#include "debugger/link/status_text.hpp"
#include "ide/cli/payload_text.hpp"
#include "ide/model/background.hpp"
#include "ide/model/boards_model.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::model {

namespace {

constexpr std::chrono::milliseconds kPatience{10000};
constexpr std::chrono::hours kDebugPatience{12};
constexpr std::size_t kMostRecords = 200;
constexpr std::uint8_t kFirstErrorClass = 4;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

void describe(TriggerRecord& record, const cli::ShotAnswer& answer) {
    const QString took = TriggerModel::tr("%L1 ms").arg(static_cast<double>(answer.took.count()) / 1000, 0, 'f', 1);
    if (answer.response) {
        const link::Response& response = *answer.response;
        record.headline = TriggerModel::tr("%1, %2, %3 bytes, %4")
                              .arg(words(link::codeText(response.code)), words(cli::formatName(response.format)))
                              .arg(response.payload.size())
                              .arg(took);
        record.body = words(cli::payloadText(response.format, response.payload));
        record.hex = words(support::toHex(response.payload));
        record.isError = (response.code >> 5) >= kFirstErrorClass;
        return;
    }
    record.headline = answer.runs.size() == 1 ? TriggerModel::tr("1 run, %1").arg(took) : TriggerModel::tr("%1 runs, %2").arg(answer.runs.size()).arg(took);
    record.isError = answer.runs.empty();
    QStringList lines, hex;
    for (const link::RunInfo& run : answer.runs) {
        const QString who = run.slot ? TriggerModel::tr("slot %1: ").arg(*run.slot) : QString();
        lines << (run.fault ? who + words(link::faultText(*run.fault))
                            : TriggerModel::tr("%1%2, result %3, %L4 instructions")
                                  .arg(who, words(std::string(link::haltName(run.halt))))
                                  .arg(run.result)
                                  .arg(run.instructions));
        if (!run.context.empty()) {
            lines << TriggerModel::tr("context after the run: %1").arg(words(support::toHex(run.context)));
            hex << words(support::toHex(run.context));
        }
        record.isError = record.isError || run.fault;
    }
    record.body = answer.runs.empty() ? TriggerModel::tr("No script has this trigger.") : lines.join(QLatin1Char('\n'));
    record.hex = hex.join(QLatin1Char('\n'));
}

} // namespace

TriggerModel::TriggerModel(BoardsModel& boards, QObject* parent) : QObject(parent), boards_(boards) {
    again_.setSingleShot(true);
    connect(&again_, &QTimer::timeout, this, [this] { send(next_); });
}

void TriggerModel::send(const cli::Shot& shot) {
    if (isWaiting()) {
        return;
    }
    again_.stop();
    const BoardState* board = boards_.selectedBoard();
    if (board == nullptr || board->isGone) {
        take(shot, support::fail(support::ErrorKind::Board, board == nullptr ? "no board is selected" : "the board is gone",
                                 "start a board, or select one in the Boards panel"));
        return;
    }
    stop_.emplace();
    const std::chrono::milliseconds patience = isPatient_ ? kDebugPatience : kPatience;
    inBackground(
        this,
        [record = board->record, shot, patience, stop = stop_->get_token()] {
            return cli::shoot(record, shot, patience, stop);
        },
        [this, shot](const support::Result<cli::ShotAnswer>& answer) {
            stop_.reset();
            take(shot, answer);
        });
    Q_EMIT changed();
}

void TriggerModel::take(const cli::Shot& shot, const support::Result<cli::ShotAnswer>& answer) {
    TriggerRecord record;
    record.number = ++count_;
    record.shot = shot;
    record.what = words(cli::shotWords(shot));
    if (answer) {
        describe(record, *answer);
    } else {
        const support::Error& error = answer.error();
        const bool isLink = error.kind == support::ErrorKind::Link;
        record.headline = error.kind == support::ErrorKind::Cancelled ? tr("cancelled")
                          : isLink ? tr("no answer from the board: %1").arg(words(error.message))
                                   : words(error.message);
        record.body = isLink && error.hint.empty() ? tr("See in the Boards panel whether it is still there.")
                                                   : words(error.hint);
        record.isError = true;
        intervalMs_ = 0;
    }
    history_.push_front(std::move(record));
    if (history_.size() > kMostRecords) {
        history_.pop_back();
    }
    if (intervalMs_ != 0) {
        again_.start(intervalMs_);
    }
    Q_EMIT changed();
}

void TriggerModel::cancel() {
    again_.stop();
    intervalMs_ = 0;
    if (stop_) {
        stop_->request_stop();
    }
    Q_EMIT changed();
}

void TriggerModel::repeat(const cli::Shot& shot, int intervalMs) {
    next_ = shot;
    intervalMs_ = intervalMs;
    send(shot);
}

} // namespace rbpf::model
