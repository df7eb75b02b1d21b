// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/observer_model.hpp"

#include "ide/model/boards_model.hpp"

namespace rbpf::model {

ObserverModel::ObserverModel(BoardsModel& boards, QObject* parent) : QObject(parent), boards_(boards) {
    connect(&boards_, &BoardsModel::changed, this, &ObserverModel::follow);
}

ObserverModel::~ObserverModel() = default;

/// Another board, or another line to the same one, needs another worker.
void ObserverModel::follow() {
    const BoardState* board = boards_.selectedBoard();
    const bool isThere = board != nullptr && !board->isGone && board->info;
    const QString id = isThere ? QString::fromStdString(board->record.id) : QString();
    const QString line = isThere ? QStringLiteral("%1 %2").arg(QString::fromStdString(board->record.serial)).arg(board->record.pid)
                                 : QString();
    if (id == id_ && line == line_) {
        return;
    }
    id_ = id;
    line_ = line;
    last_ = before_ = nullptr;
    if (worker_) {
        // It may be waiting for its board; it ends on its own.
        ObserverWorker* old = worker_.release();
        old->disconnect(this);
        old->leave();
    }
    if (isThere) {
        worker_ = std::make_unique<ObserverWorker>(board->record, board->info->slots);
        ObserverWorker* worker = worker_.get();
        connect(worker, &ObserverWorker::text, this, [this, worker](const QString& said) {
            Q_EMIT text(said);
            worker->textTaken();
        });
        connect(worker, &ObserverWorker::seen, this, [this](const ObservationPtr& seen) {
            before_ = last_;
            last_ = seen;
            Q_EMIT changed();
        });
        connect(worker, &ObserverWorker::refused, this, &ObserverModel::refused);
        tellWishes();
        worker->start();
    }
    Q_EMIT changed();
}

void ObserverModel::wantSensors(const QObject* who, bool isWanted) {
    isWanted ? static_cast<void>(forSensors_.insert(who)) : static_cast<void>(forSensors_.erase(who));
    tellWishes();
}

void ObserverModel::wantStores(const QObject* who, bool isWanted) {
    isWanted ? static_cast<void>(forStores_.insert(who)) : static_cast<void>(forStores_.erase(who));
    tellWishes();
}

void ObserverModel::tellWishes() {
    if (worker_) {
        worker_->want(!forSensors_.empty(), !forStores_.empty());
    }
}

void ObserverModel::post(const std::string& key, ObserverWorker::Task task) {
    if (worker_) {
        worker_->post(key, std::move(task));
    } else {
        Q_EMIT refused(tr("no board is there to take it"), tr("start a board, or select one in the Boards panel"));
    }
}

void ObserverModel::simulate(std::uint32_t device, const std::vector<std::int16_t>& values) {
    post("device " + std::to_string(device), [device, values](link::BoardClient& client, const link::Options& options) {
        return client.simulate(device, values, options);
    });
}

void ObserverModel::simulatePin(std::uint32_t pin, bool isHigh) {
    post("pin " + std::to_string(pin), [pin, isHigh](link::BoardClient& client, const link::Options& options) {
        return client.simulatePin(pin, isHigh, options);
    });
}

void ObserverModel::setKey(const std::string& scope, std::uint32_t key, std::uint32_t value) {
    post("key " + scope + " " + std::to_string(key),
         [=](link::BoardClient& client, const link::Options& options) { return client.storeSet(scope, key, value, options); });
}

void ObserverModel::removeKey(const std::string& scope, std::uint32_t key) {
    post("key " + scope + " " + std::to_string(key),
         [=](link::BoardClient& client, const link::Options& options) { return client.storeRemove(scope, key, options); });
}

} // namespace rbpf::model
