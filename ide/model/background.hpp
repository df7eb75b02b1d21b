// SPDX-License-Identifier: GPL-3.0-or-later
// Work off the window's thread, its result back on it. Everything in ide/model that reads files, talks to a board or
// compiles goes through here or through a worker with a thread of its own (debug_worker.hpp).
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QPointer>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <utility>

namespace rbpf::model {

/// Runs `work` on a pool and then `done` with its result on the thread of `receiver`, unless the receiver is gone by
/// then. `work` must not touch the receiver. Call on the receiver's thread. A pool of one thread keeps the order.
template <typename Work, typename Done>
void inBackground(QThreadPool& pool, QObject* receiver, Work work, Done done) {
    pool.start([guard = QPointer<QObject>(receiver), work = std::move(work), done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(work())>(work());
        // The pool's threads end before the application does, and it lives on the receiver's thread.
        QMetaObject::invokeMethod(
            qApp,
            [guard, result, done = std::move(done)]() mutable {
                if (guard) {
                    done(std::move(*result));
                }
            },
            Qt::QueuedConnection);
    });
}

/// The same on the application's pool.
template <typename Work, typename Done>
void inBackground(QObject* receiver, Work work, Done done) {
    inBackground(*QThreadPool::globalInstance(), receiver, std::move(work), std::move(done));
}

} // namespace rbpf::model
