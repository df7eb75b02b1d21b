// SPDX-License-Identifier: GPL-3.0-or-later
// One click from a good build to a running script, and one back to the script that was there before.
#pragma once

#include <QObject>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "sdk/image/image.hpp"

namespace rbpf::model {

class DeployModel : public QObject {
    Q_OBJECT
public:
    explicit DeployModel(QObject* parent = nullptr) : QObject(parent) {}

    [[nodiscard]] bool isBusy() const { return stop_.has_value(); }
    [[nodiscard]] bool canUndo() const { return undo_.has_value() && !isBusy(); }

    /// `board`: an id as `rbpf boards` lists it; "" = the only one there is, or one that is started.
    void deploy(const QString& board, image::Image image);
    /// Puts back what the last deploy replaced.
    void undo();
    void cancel();

Q_SIGNALS:
    void started(const QString& what);
    void progress(qulonglong done, qulonglong total);
    void finished(const QString& sentence);
    void failed(const QString& message, const QString& hint);

private:
    struct Undo {
        std::string board;
        std::uint32_t slot = 0;
        std::vector<std::uint8_t> image; ///< empty: the slot was empty
    };
    struct Done {
        Undo undo;
        QString sentence;
    };
    template <typename Work>
    void run(const QString& what, Work work);

    std::optional<std::stop_source> stop_; ///< of the one on its way
    std::optional<Undo> undo_;
};

} // namespace rbpf::model
