// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/recovery_journal.hpp"

#include "ide/model/background.hpp"

namespace rbpf::model {

namespace {

/// From a change to its being written; the most that a killed Studio loses is this and the time to write.
constexpr int kPauseMs = 400;

} // namespace

RecoveryJournal::RecoveryJournal(Unsaved unsaved, QObject* parent) : QObject(parent), unsaved_(std::move(unsaved)) {
    pool_.setMaxThreadCount(1);
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, &RecoveryJournal::flush);
}

RecoveryJournal::~RecoveryJournal() {
    pool_.waitForDone();
}

void RecoveryJournal::setProject(const QString& folder) {
    pause_.stop();
    isOpen_ = !folder.isEmpty();
    hasFailed_ = false;
    if (!isOpen_) {
        pool_.start([store = store_] { store->close(); });
        return;
    }
    inBackground(
        pool_, this, [store = store_, path = folder.toStdString()] { return store->open(path); },
        [this](const support::Result<RecoveryStore::Found>& opened) {
            if (!opened) {
                Q_EMIT failed(QString::fromStdString(opened.error().message),
                              QString::fromStdString(opened.error().hint));
                return;
            }
            if (!opened->left.empty()) {
                Q_EMIT found(opened->left);
            }
            if (!opened->others.isEmpty()) {
                Q_EMIT shared(opened->others);
            }
        });
}

void RecoveryJournal::touch() {
    // Not started anew: who types without a pause is kept up with as well.
    if (isOpen_ && !pause_.isActive()) {
        pause_.start();
    }
}

void RecoveryJournal::flush() {
    pause_.stop();
    if (!isOpen_) {
        return;
    }
    inBackground(
        pool_, this, [store = store_, texts = unsaved_()] { return store->keep(texts); },
        [this](const support::Result<void>& kept) {
            if (!kept && !hasFailed_) {
                Q_EMIT failed(tr("Unsaved text is not safe from a crash: %1").arg(QString::fromStdString(kept.error().message)),
                              tr("save often, or make room there"));
            }
            hasFailed_ = !kept;
        });
}

void RecoveryJournal::forget(const KeptText& kept) {
    pool_.start([kept] { RecoveryStore::forget(kept); });
}

} // namespace rbpf::model
