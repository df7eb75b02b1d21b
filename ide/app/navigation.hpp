// SPDX-License-Identifier: GPL-3.0-or-later
// Ways through a project by its names: to a definition and back, to all uses, to a symbol; and renaming.
#pragma once

#include <QObject>
#include <vector>

#include "ide/model/language_model.hpp"

class QAction;

namespace rbpf::views {
class CodeEditor;
class UsesView;
}

namespace rbpf::app {

struct Workbench;

class Navigation : public QObject {
    Q_OBJECT
public:
    /// `sync` tells the model what stands in the editors.
    Navigation(Workbench& bench, model::LanguageModel& model, std::function<void()> sync, QObject* parent);

    [[nodiscard]] QAction* definitionCommand() const { return definition_; }
    [[nodiscard]] QAction* referencesCommand() const { return references_; }
    [[nodiscard]] QAction* renameCommand() const { return rename_; }

private:
    void goToDefinition();
    void findReferences();
    void rename();
    void applyRename(const QString& from, const QString& to, const model::LanguageModel::Edits& edits);
    void applyWhenLoaded(views::CodeEditor& editor, const model::LanguageModel::Edits& edits);
    void symbolInFile();
    void symbolInProject();
    void choose(const QString& what, std::vector<language::Symbol> symbols, bool withFiles);
    void back();
    void go(const support::SourceRange& range);
    void tell(const support::Error& error);
    [[nodiscard]] QString wordAtCaret() const;

    Workbench& bench_;
    model::LanguageModel& model_;
    std::function<void()> sync_;
    views::UsesView* uses_;
    std::vector<language::Place> visited_; ///< the last one is where `back` leads
    QAction *definition_, *references_, *rename_, *back_;
};

} // namespace rbpf::app
