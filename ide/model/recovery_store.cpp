// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/recovery_store.hpp"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include "ide/cli/user_folders.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace {

namespace fs = std::filesystem;

constexpr const char* kLockSuffix = ".lock";

std::string nameFor(const fs::path& path) {
    const auto digest = QCryptographicHash::hash(QByteArray::fromStdString(path.string()), QCryptographicHash::Sha1);
    return digest.toHex().left(16).toStdString();
}

std::unique_ptr<QLockFile> lockOf(const fs::path& folder) {
    auto lock = std::make_unique<QLockFile>(QString::fromStdString(folder.string() + kLockSuffix));
    lock->setStaleLockTime(0); // as long as the process lives
    return lock;
}

void removeWith(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

QString timeOf(const fs::path& entry) {
    const QDateTime when = QFileInfo(QString::fromStdString(entry.string())).lastModified();
    return when.toString(when.date() == QDate::currentDate() ? QStringLiteral("HH:mm:ss")
                                                             : QStringLiteral("yyyy-MM-dd HH:mm"));
}

/// The texts in a folder that nobody owns; those that were saved after all are removed.
std::vector<KeptText> readLeft(const fs::path& folder, const std::shared_ptr<QLockFile>& owner) {
    std::vector<KeptText> left;
    std::error_code ignored;
    for (const fs::path& entry : fs::directory_iterator(folder, ignored)) {
        const auto bytes = support::readText(entry);
        if (!bytes) {
            continue;
        }
        const QJsonObject record = QJsonDocument::fromJson(QByteArray::fromStdString(*bytes)).object();
        KeptText kept{record[QLatin1String("path")].toString(), record[QLatin1String("text")].toString(), timeOf(entry),
                      entry, owner};
        const auto onDisk = support::readText(kept.path.toStdString());
        if (kept.path.isEmpty() || (onDisk && *onDisk == kept.text.toStdString())) {
            RecoveryStore::forget(kept);
        } else {
            left.push_back(std::move(kept));
        }
    }
    return left;
}

} // namespace

RecoveryStore::~RecoveryStore() {
    // Texts that are still here were neither saved nor given up.
    if (kept_.empty()) {
        close();
    }
}

support::Result<RecoveryStore::Found> RecoveryStore::open(const fs::path& project) {
    close();
    const fs::path place = cli::stateFolder() / "studio" / "recovery" / nameFor(project);
    const fs::path own = place / QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    std::error_code code;
    fs::create_directories(place, code);
    Found found;
    for (const fs::path& one : fs::directory_iterator(place, code)) {
        if (one.extension() == kLockSuffix || !fs::is_directory(one, code)) {
            continue;
        }
        std::shared_ptr<QLockFile> owner = lockOf(one);
        if (owner->tryLock()) {
            const auto left = readLeft(one, owner);
            if (left.empty()) {
                removeWith(one);
            }
            found.left.insert(found.left.end(), left.begin(), left.end());
            continue;
        }
        qint64 process = 0;
        QString host;
        QString program;
        if (owner->error() == QLockFile::LockFailedError && owner->getLockInfo(&process, &host, &program)) {
            found.others << QStringLiteral("%1, process %2 on %3").arg(program).arg(process).arg(host);
        }
    }
    // The lock comes first: a folder without one belongs to nobody.
    lock_ = lockOf(own);
    if (!code && lock_->tryLock()) {
        fs::create_directory(own, code);
    }
    if (code || !lock_->isLocked()) {
        lock_.reset();
        return support::fail(support::ErrorKind::Io, "cannot write to " + place.string(),
                             "unsaved text will not survive a crash; make the folder writable or set XDG_STATE_HOME");
    }
    folder_ = own;
    return found;
}

void RecoveryStore::close() {
    if (!folder_.empty()) {
        removeWith(folder_);
    }
    folder_.clear();
    kept_.clear();
    lock_.reset();
}

support::Result<void> RecoveryStore::keep(const std::map<std::string, std::string>& unsaved) {
    if (folder_.empty()) {
        return {};
    }
    std::error_code ignored;
    std::erase_if(kept_, [&](const auto& one) {
        return !unsaved.contains(one.first) && (fs::remove(folder_ / nameFor(one.first), ignored), true);
    });
    for (const auto& [path, text] : unsaved) {
        const auto known = kept_.find(path);
        if (known != kept_.end() && known->second == text) {
            continue;
        }
        const QJsonObject record{{QStringLiteral("path"), QString::fromStdString(path)},
                                 {QStringLiteral("text"), QString::fromStdString(text)}};
        const auto written = support::writeAtomically(
            folder_ / nameFor(path), std::string_view(QJsonDocument(record).toJson(QJsonDocument::Compact).toStdString()));
        if (!written) {
            return tl::unexpected(written.error());
        }
        kept_[path] = text;
    }
    return {};
}

void RecoveryStore::forget(const KeptText& kept) {
    std::error_code ignored;
    fs::remove(kept.entry, ignored);
    fs::remove(kept.entry.parent_path(), ignored); // the last one; else it is not empty
}

} // namespace rbpf::model
