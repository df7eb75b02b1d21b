// SPDX-License-Identifier: GPL-3.0-or-later
// The boards there are, asked again every second off the window's thread: what each one is, its slots, and what stands
// in the way of those that do not answer. A board that vanishes stays in the list for a while and says so.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ide/model/board_poll.hpp"

namespace rbpf::model {

class BoardsModel : public QObject {
    Q_OBJECT
public:
    explicit BoardsModel(QObject* parent = nullptr);

    [[nodiscard]] const std::vector<BoardState>& boards() const { return boards_; }
    /// Serial ports that belong to no board that is known by its USB ids.
    [[nodiscard]] const std::vector<std::string>& otherPorts() const { return otherPorts_; }
    /// The one that deploying and debugging mean; "" = the only one there is, or one that is started.
    [[nodiscard]] const QString& selected() const { return selected_; }
    [[nodiscard]] const BoardState* selectedBoard() const;
    [[nodiscard]] const BoardState* board(const QString& id) const;
    void select(const QString& id);
    /// The selected board is in a debug session: it is asked nothing until that ends.
    void setDebugging(bool isDebugging);

    void refresh();
    /// "native", "microbit", "mps2_an386"; its arrival shows as changed().
    void start(const QString& kind);
    /// What start() takes.
    [[nodiscard]] static QStringList kinds();
    void stopBoard(const QString& id);
    void removeScript(const QString& id, std::uint32_t slot);
    /// Gives a name to an address: "tcp://…", "rfc2217://…", or a port's path.
    void remember(const QString& name, const QString& address);
    void forget(const QString& id);

Q_SIGNALS:
    /// Something is other than before.
    void changed();
    void failed(const QString& message, const QString& hint);
    void busy(const QString& what);

private:
    void take(std::vector<BoardState> boards, std::vector<std::string> otherPorts);
    /// Tells what is about to be done, does it on another thread, and looks again.
    void perform(const QString& what, std::function<support::Result<void>()> work, std::function<void()> done = {});

    std::vector<BoardState> boards_;
    std::vector<std::string> otherPorts_;
    QString selected_, debugged_;
    std::set<std::string> leaving_;                ///< stopped or forgotten by the user
    std::map<std::string, QElapsedTimer> goneFor_; ///< boards that vanished
    std::shared_ptr<BoardPoll> poll_ = std::make_shared<BoardPoll>();
    QTimer again_;
    bool asking_ = false;
    bool askAgain_ = false; ///< something was changed while they were asked
};

} // namespace rbpf::model
