// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/size_history.hpp"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "ide/cli/user_folders.hpp"
#include "ide/model/background.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace {

constexpr int kFormat = 1;

void cut(std::vector<SizePoint>& points) {
    if (points.size() > SizeHistory::kMost) {
        points.erase(points.begin(), points.end() - SizeHistory::kMost);
    }
}

std::filesystem::path fileOf(const std::filesystem::path& folder) {
    const QByteArray path = QByteArray::fromStdString(folder.lexically_normal().string());
    const QByteArray name = QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(32);
    return cli::stateFolder() / "sizes" / (name.toStdString() + ".json");
}

} // namespace

bool SizePoint::isAsLargeAs(const SizePoint& other) const {
    SizePoint same = other;
    same.timeMs = timeMs;
    return *this == same;
}

std::vector<SizePoint> readSizePoints(const std::string& text) {
    const QJsonObject all = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    std::vector<SizePoint> points;
    if (all[QStringLiteral("format")].toInt() != kFormat) {
        return points;
    }
    const auto number = [](const QJsonValue& value) { return static_cast<unsigned>(std::clamp(value.toDouble(), 0.0, 4e9)); };
    for (const QJsonValue& one : all[QStringLiteral("builds")].toArray()) {
        const QJsonArray row = one.toArray();
        if (row.size() == 6) {
            points.push_back({static_cast<qint64>(std::clamp(row[0].toDouble(), 0.0, 8e15)), number(row[1]), number(row[2]),
                              number(row[3]), number(row[4]), number(row[5])});
        }
    }
    cut(points);
    return points;
}

std::string writeSizePoints(const std::vector<SizePoint>& points) {
    QJsonArray builds;
    for (const SizePoint& one : points) {
        builds.append(QJsonArray{one.timeMs, qint64{one.image}, qint64{one.text}, qint64{one.instructions}, qint64{one.stack},
                                 qint64{one.ram}});
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("format"), kFormat}, {QStringLiteral("builds"), builds}})
        .toJson(QJsonDocument::Compact)
        .toStdString();
}

void SizeHistory::setFolder(const std::filesystem::path& folder) {
    points_.clear();
    isRead_ = isNew_ = isWriting_ = false;
    ++generation_;
    Q_EMIT changed();
    if (folder.empty()) {
        return;
    }
    file_ = fileOf(folder);
    inBackground(
        this, [file = file_] { return readSizePoints(support::readText(file).value_or("")); },
        [this, generation = generation_](std::vector<SizePoint> kept) {
            if (generation != generation_) {
                return;
            }
            // Builds may have ended meanwhile.
            std::vector<SizePoint> fresh = std::move(points_);
            points_ = std::move(kept);
            isRead_ = true;
            for (const SizePoint& one : fresh) {
                add(one);
            }
            Q_EMIT changed();
        });
}

void SizeHistory::add(const SizePoint& point) {
    if (!points_.empty() && points_.back().isAsLargeAs(point)) {
        return;
    }
    points_.push_back(point);
    cut(points_);
    isNew_ = true;
    if (isRead_) {
        write();
        Q_EMIT changed();
    }
}

void SizeHistory::write() {
    if (isWriting_) {
        return;
    }
    isWriting_ = true;
    isNew_ = false;
    inBackground(
        this, [file = file_, text = writeSizePoints(points_)] { return support::writeAtomically(file, text); },
        [this, generation = generation_](const support::Result<void>& written) {
            if (!written) {
                Q_EMIT failed(QString::fromStdString(written.error().message), QString::fromStdString(written.error().hint));
            }
            if (generation == generation_) {
                isWriting_ = false;
                if (isNew_ && written) {
                    write();
                }
            }
        });
}

} // namespace rbpf::model
