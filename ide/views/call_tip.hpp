// SPDX-License-Identifier: GPL-3.0-or-later
// Above a call that is being typed: what the function takes, with the parameter that is its turn, and what it does.
#pragma once

#include <QObject>
#include <QTimer>

#include "ide/views/text_places.hpp"

namespace rbpf::views {

class CallTip : public QObject {
    Q_OBJECT
public:
    /// Belongs to the editor.
    CallTip(CodeEditor& editor, model::LanguageModel& model);

    void ask();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(const language::SignatureHelp& help);
    [[nodiscard]] bool isOpen() const;

    CodeEditor& editor_;
    model::LanguageModel& model_;
    QTimer moved_;
};

} // namespace rbpf::views
