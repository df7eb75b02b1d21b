// SPDX-License-Identifier: GPL-3.0-or-later
// The boards there are, asked again every second off the window's thread: what each one is, its slots, and what stands
// in the way of those that do not answer.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"

namespace rbpf::model {

struct BoardState {
    link::BoardRecord record;
    std::optional<link::BoardInfo> info; ///< none: it has not answered
    std::vector<link::SlotInfo> slots;
    QString problem, hint; ///< why it did not answer, and what to do
};

class BoardsModel : public QObject {
    Q_OBJECT
public:
    explicit BoardsModel(QObject* parent = nullptr);

    [[nodiscard]] const std::vector<BoardState>& boards() const { return boards_; }
    /// The one that deploying and debugging mean; "" = the only one there is, or one that is started.
    [[nodiscard]] const QString& selected() const { return selected_; }
    [[nodiscard]] const BoardState* selectedBoard() const;
    void select(const QString& id);

    void refresh();
    /// Starts a simulated board; its arrival shows as changed().
    void startNative();
    void stopBoard(const QString& id);
    void removeScript(const QString& id, std::uint32_t slot);

Q_SIGNALS:
    void changed();
    void failed(const QString& message, const QString& hint);
    void busy(const QString& what);

private:
    void take(std::vector<BoardState> boards);
    void did(const support::Result<void>& done);

    std::vector<BoardState> boards_;
    QString selected_;
    QTimer again_;
    bool asking_ = false;
};

} // namespace rbpf::model
