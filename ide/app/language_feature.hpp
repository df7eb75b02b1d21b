// SPDX-License-Identifier: GPL-3.0-or-later
// clangd in the editors: keeps it told of every text, gives each editor completion, call tips and hovers, and brings
// the fixes.
#pragma once

#include <QObject>
#include <QPointer>
#include <QSet>
#include <QTimer>
#include <optional>

#include "ide/model/language_model.hpp"

class QAction;
class QMenu;

namespace rbpf::views {
class CodeEditor;
}

namespace rbpf::app {

struct Workbench;

class LanguageFeature : public QObject {
    Q_OBJECT
public:
    LanguageFeature(Workbench& bench, QObject* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void attach(views::CodeEditor* editor);
    void sync();
    void tellTrouble(const QString& message, const QString& hint, bool isOff);
    void complete();
    void help();
    void offerFixes();
    void showFixes(views::CodeEditor& editor);
    [[nodiscard]] std::vector<language::Fix> fixesAt(const views::CodeEditor& editor, unsigned line) const;
    void applyFix(const language::Fix& fix);
    void fillMenu(views::CodeEditor& editor, QMenu& menu, unsigned line);

    Workbench& bench_;
    model::LanguageModel model_;
    QTimer pause_;
    QSet<views::CodeEditor*> attached_;
    QPointer<views::CodeEditor> wantsFixes_; ///< once clangd has looked
    std::optional<support::Error> trouble_;  ///< why nothing can be asked
    QAction *definition_ = nullptr, *references_ = nullptr, *rename_ = nullptr;
};

} // namespace rbpf::app
