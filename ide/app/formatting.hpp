// SPDX-License-Identifier: GPL-3.0-or-later
// Lays texts out through clangd, as .clang-format says: when asked, and before a save that the user asked for.
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>
#include <vector>

#include "ide/model/language_model.hpp"

namespace rbpf::views {
class CodeEditor;
}

namespace rbpf::app {

struct Workbench;

class Formatting : public QObject {
    Q_OBJECT
public:
    using Editors = std::vector<QPointer<views::CodeEditor>>;

    /// `sync` tells the model what stands in the editors.
    Formatting(Workbench& bench, model::LanguageModel& model, std::function<void()> sync, QObject* parent);

    /// Lays out what is not saved, if the user has chosen so, one text after the other; then `save`. What was typed
    /// meanwhile, clangd's silence or its refusal leave a text as it is: it is saved all the same.
    void beforeSave(Editors editors, std::function<void()> save);

private:
    void formatCurrent();

    Workbench& bench_;
    model::LanguageModel& model_;
    std::function<void()> sync_;
};

} // namespace rbpf::app
