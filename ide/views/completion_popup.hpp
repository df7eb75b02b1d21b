// SPDX-License-Identifier: GPL-3.0-or-later
// The list of what a word may become, with what the chosen one does below it. Never takes the focus: the editor gets
// the keys and passes on those that move the choice.
#pragma once

#include <QFrame>

#include "sdk/language/protocol.hpp"

class QLabel;
class QTreeWidget;

namespace rbpf::views {

class CompletionPopup : public QFrame {
    Q_OBJECT
public:
    explicit CompletionPopup(QWidget* parent);

    /// `at`: the line's rectangle on the screen that must stay visible, at the start of the word.
    void open(const std::vector<language::Completion>& items, const QRect& at);
    void step(int count);
    /// Null if nothing is chosen.
    [[nodiscard]] const language::Completion* chosen() const;

Q_SIGNALS:
    void accepted();

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();
    void place(const QRect& at);
    void explain();

    std::vector<language::Completion> items_;
    QTreeWidget* list_;
    QLabel* text_;
};

} // namespace rbpf::views
