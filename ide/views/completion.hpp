// SPDX-License-Identifier: GPL-3.0-or-later
// Completion in one editor: asked for by typing or by a command, taken with Return or Tab.
#pragma once

#include <QObject>

#include "ide/views/completion_popup.hpp"
#include "ide/views/text_places.hpp"

namespace rbpf::views {

class Completion : public QObject {
    Q_OBJECT
public:
    /// Belongs to the editor.
    Completion(CodeEditor& editor, model::LanguageModel& model);

    /// Also where nothing has been typed yet.
    void ask();

Q_SIGNALS:
    /// A call's parenthesis was put in with the name.
    void calls();
    /// Asked for by command, and there is nothing; in words.
    void refused(const QString& message);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void typed(int letter);
    void request(bool isAsked);
    void show(const language::Completions& answer, bool isAsked);
    void accept();
    void hide();
    [[nodiscard]] bool isOpen() const { return popup_->isVisible(); }
    [[nodiscard]] bool isCode(long position) const;
    [[nodiscard]] bool isInclude(long position) const;
    [[nodiscard]] long caret() const;
    [[nodiscard]] bool isLikely() const;
    bool steer(int key);

    CodeEditor& editor_;
    model::LanguageModel& model_;
    CompletionPopup* popup_;
    long start_ = -1; ///< of the word that is completed; -1: none
    long asked_ = -1;       ///< where the caret was
    bool isChosen_ = false; ///< the user moved through the list
};

} // namespace rbpf::views
