// SPDX-License-Identifier: GPL-3.0-or-later
// What a debug session looks like at one stop, read at once on the session's thread, so that no view ever waits for a
// board. Plain data; shared between threads as a pointer to const.
#pragma once

#include <QString>
#include <QStringList>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "debugger/session/session.hpp"

namespace rbpf::model {

/// A variable, or a part of one. `expression` evaluates to it; children are read to a bounded depth and number.
struct ValueRow {
    QString name, value, type, expression;
    std::optional<std::uint32_t> address; ///< where it lies in memory; none: in a register, or nowhere
    std::uint32_t bytes = 0;
    bool isOptimisedOut = false;
    std::vector<ValueRow> children;
};

struct RegionBytes {
    session::Region region;
    std::uint32_t from = 0;          ///< offset of the first of `bytes`: of a large region only a part is read
    std::vector<std::uint8_t> bytes; ///< what could be read
};

/// What the window looks at: the rest is not read.
struct Look {
    int frame = 0;
    QStringList watches;
    std::optional<std::uint32_t> address; ///< of a large region, the part around it
};

struct Snapshot {
    session::Stop stop;
    std::optional<session::Story> story; ///< of a fault or a spent budget
    std::vector<session::Frame> frames;
    std::array<std::uint64_t, 12> registers{}; ///< r0 … r10, pc in bytes
    std::vector<ValueRow> locals, globals;
    std::vector<ValueRow> watches; ///< in the order of the watched expressions; an error is its value
    std::vector<RegionBytes> regions;
    std::vector<session::TimelineItem> timeline;
    int frame = 0; ///< that locals and watches belong to
};

/// "stack+480", "stack+480 (total)", or "" where the script has no memory. A region's end is its place too: pointers to
/// the end of things point there.
[[nodiscard]] QString placeOf(const Snapshot& shot, std::uint64_t address);
/// The named variable that has this byte, or null.
[[nodiscard]] const ValueRow* variableAt(const Snapshot& shot, std::uint32_t address);

/// Reads all of it. What cannot be read is left empty: a session without debug information has no locals.
[[nodiscard]] Snapshot readSnapshot(session::Session& session, const Look& look);

} // namespace rbpf::model
