// SPDX-License-Identifier: GPL-3.0-or-later
// Debugging in the window: where the script stands, in source and bytecode; breakpoints in the margins; the card that
// explains a fault; what the board's going and coming means; what can be done from the context menus.
#pragma once

#include <QObject>
#include <optional>

#include "debugger/session/session.hpp"
#include "ide/app/workbench.hpp"

namespace rbpf::views {
class CodeEditor;
class FaultCard;
} // namespace rbpf::views

namespace rbpf::app {

class DebuggingFeature : public QObject {
    Q_OBJECT
public:
    DebuggingFeature(Workbench& bench, QObject* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void joinEditor(views::CodeEditor* editor);
    void joinBytecode();
    void joinBoard();
    void showState();
    void showStop();
    void showFault();
    void showBreakpoints();
    void showWriter(const QString& what, const QString& sentence, const session::Position& position);
    [[nodiscard]] QString absolute(const std::string& file) const;

    Workbench& bench_;
    views::FaultCard* card_;
    std::optional<session::Position> shown_;
    bool isInRun_ = false; ///< a run has begun and not ended
};

} // namespace rbpf::app
