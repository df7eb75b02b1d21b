// SPDX-License-Identifier: GPL-3.0-or-later
// Why the script stopped, as a card above the text: what, where, which address and by how much it missed, the last
// values, what to do. It stays until the next run, or until it is put away.
#pragma once

#include <QFrame>

#include "debugger/session/session.hpp"

class QGridLayout;
class QLabel;

namespace rbpf::views {

class FaultCard : public QFrame {
    Q_OBJECT
public:
    explicit FaultCard(QWidget* parent = nullptr);

    void show(const session::Story& story, const session::Position& position);
    /// Of the run whose fault it shows; 0 while it shows none.
    [[nodiscard]] std::uint32_t run() const { return isHidden() ? 0 : position_.run; }

Q_SIGNALS:
    void placeActivated(const QString& file, unsigned line);
    void addressActivated(quint32 address);
    /// Back to where it happened.
    void stopActivated(const rbpf::session::Position& position);

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();
    void addFact(const QString& name, const QString& text, const QString& link);
    void open(const QString& link);

    QLabel* title_;
    QLabel* hint_;
    QGridLayout* facts_;
    session::Story story_;
    session::Position position_;
};

} // namespace rbpf::views
