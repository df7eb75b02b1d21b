// SPDX-License-Identifier: GPL-3.0-or-later
// Notices when the window's thread does not come back to its event loop in time.
#pragma once

#include <QElapsedTimer>
#include <QTimer>

namespace rbpf::gui {

class StallWatch {
public:
    StallWatch();
    /// The longest time between two turns of the event loop, milliseconds.
    [[nodiscard]] qint64 longestMs() const { return longest_; }

private:
    QTimer beat_;
    QElapsedTimer since_;
    qint64 longest_ = 0;
};

} // namespace rbpf::gui
