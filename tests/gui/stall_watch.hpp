// SPDX-License-Identifier: GPL-3.0-or-later
// Notices when the window's thread does not come back to its event loop in time. What the thread, or the X
// server ($RBPF_X_SERVER: its process) for it, waits for a processor because the machine is busy does not count.
#pragma once

#include <QElapsedTimer>
#include <QTimer>

namespace rbpf::gui {

class StallWatch {
public:
    StallWatch();
    /// The longest time between two turns of the event loop, milliseconds. Made and asked on the window's thread.
    [[nodiscard]] qint64 longestMs() const { return longest_; }

    /// While one of these lives, the test itself is at work: nothing is counted.
    class NotNow {
    public:
        NotNow() { ++excused_; }
        ~NotNow() {
            --excused_;
            hasBeenExcused_ = true;
        }
        NotNow(const NotNow&) = delete;
        NotNow& operator=(const NotNow&) = delete;
    };

private:
    void beat();

    QTimer beat_;
    QElapsedTimer since_;
    qint64 waitedNs_ = 0; ///< for a processor, since the thread began
    qint64 longest_ = 0;
    static inline int excused_ = 0;
    static inline bool hasBeenExcused_ = false;
};

} // namespace rbpf::gui
