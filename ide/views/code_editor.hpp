// SPDX-License-Identifier: GPL-3.0-or-later
// One source file: highlighting, folding, breakpoints in the margin, the line where the script stands, diagnostics
// under the text, and what each line costs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "ide/model/build_model.hpp"
#include "ide/views/breakpoint_marks.hpp"
#include "ide/views/scintilla.hpp"
#include "ide/views/theme.hpp"
#include "sdk/support/error.hpp"

class QMenu;
class QsciLexerCPP;

namespace rbpf::views {

class CodeEditor : public QsciScintilla {
    Q_OBJECT
public:
    explicit CodeEditor(const QString& path, QWidget* parent = nullptr);

    [[nodiscard]] const QString& path() const { return path_; }
    void setPath(const QString& path) { path_ = path; }

    /// The text is on its way: nothing can be typed, and places that are asked for are gone to once it is here.
    void setLoading();
    [[nodiscard]] bool isLoading() const { return isLoading_; }
    void load(const QString& text);
    /// The document that another editor shares with this one has been loaded.
    void shareLoaded();
    /// As a change that can be undone; what is the same keeps its place.
    void replaceAll(const QString& text);

    /// Lines count from 1 here, as everywhere outside of this class.
    void showBreakpoints(const std::vector<BreakpointMark>& marks);
    /// Where the script stands; `past`: in history. 0 = nowhere. `isNew`: the cursor goes there too.
    void showPosition(unsigned line, bool past, bool isNew);
    void showDiagnostics(const std::vector<support::Diagnostic>& diagnostics);
    /// In the margin; they move with the text until they are shown anew.
    void showCosts(const std::map<unsigned, model::LineCost>& costs);
    [[nodiscard]] bool hasCosts() const { return hasCosts_; }
    void goTo(unsigned line, unsigned column = 1);
    /// The same, but the keys stay where they are.
    void bring(unsigned line, unsigned column = 1);
    [[nodiscard]] unsigned currentLine() const;
    void toggleComment();
    /// What is wrong in the line there, in words.
    [[nodiscard]] QString diagnosticAt(int position) const;

    /// The C expression around a place in the text: "m.val" for its "val"; "" = none.
    [[nodiscard]] QString expressionAt(int position) const;

Q_SIGNALS:
    void breakpointClicked(unsigned line);
    /// The text has carried a breakpoint to another line.
    void breakpointMoved(int id, unsigned line);
    /// A context menu is about to open: whoever can do something there adds it. `expression` is "" over none.
    void menuOpens(QMenu* menu, unsigned line, const QString& expression);
    /// The same over the margin of line numbers and breakpoints.
    void marginMenuOpens(QMenu* menu, unsigned line);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void dress();
    [[nodiscard]] bool isOfWindow(const QKeyEvent& event) const;

    QString path_;
    bool isLoading_ = false;
    std::function<void()> afterLoad_;
    QsciLexerCPP* lexer_;
    BreakpointMarks marks_{*this};
    QsciStyle costStyle_{40}; ///< one for all: Scintilla has no more than some dozens to give
    std::vector<support::Diagnostic> diagnostics_;
    bool hasCosts_ = false;
};

} // namespace rbpf::views
