// SPDX-License-Identifier: GPL-3.0-or-later
// What a project's builds have cost, one after the other: kept in the user's state folder, a file for each project, and no
// more than the last ones.
#pragma once

#include <QObject>
#include <filesystem>
#include <vector>

#include "sdk/analyse/size.hpp"

namespace rbpf::model {

struct SizePoint {
    qint64 timeMs = 0; ///< since 1970, UTC
    unsigned image = 0, text = 0, instructions = 0, stack = 0, ram = 0;

    bool operator==(const SizePoint&) const = default;
    /// Another build of the same sizes is nothing new.
    [[nodiscard]] bool isAsLargeAs(const SizePoint& other) const;
};

/// Damaged or foreign text gives no points.
[[nodiscard]] std::vector<SizePoint> readSizePoints(const std::string& text);
[[nodiscard]] std::string writeSizePoints(const std::vector<SizePoint>& points);

class SizeHistory : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t kMost = 200;

    explicit SizeHistory(QObject* parent = nullptr) : QObject(parent) {}

    /// The project's folder; empty: none.
    void setFolder(const std::filesystem::path& folder);
    void add(const SizePoint& point);
    /// Oldest first.
    [[nodiscard]] const std::vector<SizePoint>& points() const { return points_; }

Q_SIGNALS:
    void changed();
    /// The builds to come are not kept: why.
    void failed(const QString& message, const QString& hint);

private:
    void write();

    std::filesystem::path file_;
    std::vector<SizePoint> points_;
    bool isRead_ = false;
    bool isWriting_ = false;
    bool isNew_ = false; ///< since the writing began
    unsigned generation_ = 0;
};

} // namespace rbpf::model
