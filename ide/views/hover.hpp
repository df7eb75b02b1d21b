// SPDX-License-Identifier: GPL-3.0-or-later
// What stands under the mouse, as a tooltip: what is wrong with it and what mends that, its type and documentation.
#pragma once

#include <QObject>

#include "ide/views/text_places.hpp"

class QHelpEvent;

namespace rbpf::views {

class Hover : public QObject {
    Q_OBJECT
public:
    /// Belongs to the editor.
    Hover(CodeEditor& editor, model::LanguageModel& model);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void ask(const QHelpEvent& event);
    [[nodiscard]] QString wrongAt(long position) const;

    CodeEditor& editor_;
    model::LanguageModel& model_;
};

} // namespace rbpf::views
