// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/code_editor.hpp"

#include <QAction>
#include <QContextMenuEvent>
#include <QEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QToolTip>
#include <algorithm>
#include <memory>
#include <utility>

namespace rbpf::views {

namespace {

constexpr int kNumberMargin = 0, kMarkMargin = 1, kFoldMargin = 2, kCostMargin = 3;
constexpr int kStopped = 3, kPast = 4;
constexpr int kErrorIndicator = 8, kWarningIndicator = 9;

} // namespace

CodeEditor::CodeEditor(const QString& path, QWidget* parent)
    : QsciScintilla(parent), path_(path), lexer_(new QsciLexerCPP(this)) {
    setAccessibleName(tr("Source editor"));
    setUtf8(true);
    setLexer(lexer_);
    setIndentationsUseTabs(false);
    setAutoIndent(true);
    setBackspaceUnindents(true);
    setBraceMatching(SloppyBraceMatch);
    setCaretLineVisible(true);
    setFolding(BoxedTreeFoldStyle, kFoldMargin);
    setScrollWidthTracking(true);
    setScrollWidth(1);

    setMarginType(kNumberMargin, NumberMargin);
    setMarginWidth(kNumberMargin, QStringLiteral("00000"));
    setMarginType(kMarkMargin, SymbolMargin);
    setMarginWidth(kMarkMargin, 18);
    setMarginSensitivity(kMarkMargin, true);
    setMarginSensitivity(kNumberMargin, true);
    setMarginType(kCostMargin, TextMarginRightJustified);
    markerDefine(Background, kStopped);
    markerDefine(Background, kPast);
    setMarginMarkerMask(kMarkMargin, static_cast<int>(BreakpointMarks::kMask));
    indicatorDefine(SquiggleIndicator, kErrorIndicator);
    indicatorDefine(SquiggleIndicator, kWarningIndicator);
    connect(this, &QsciScintilla::marginClicked, this, [this](int margin, int line, Qt::KeyboardModifiers) {
        if (margin == kMarkMargin || margin == kNumberMargin) {
            Q_EMIT breakpointClicked(static_cast<unsigned>(line) + 1);
        }
    });
    // Queued: the text must not be looked at while it changes.
    connect(
        this, &QsciScintilla::linesChanged, this,
        [this] {
            for (const BreakpointMark& mark : marks_.moved()) {
                Q_EMIT breakpointMoved(mark.id, mark.line);
            }
        },
        Qt::QueuedConnection);
    dress();
}

/// Colours and fonts, of the theme in use.
void CodeEditor::dress() {
    const Theme& theme = views::theme();
    const QFont font = codeFont();
    setIndentationWidth(codeLook().tabWidth);
    setTabWidth(codeLook().tabWidth);
    setMarginWidth(kNumberMargin, QStringLiteral("00000"));
    lexer_->setDefaultFont(font);
    lexer_->setFont(font);
    lexer_->setPaper(theme.background);
    lexer_->setDefaultPaper(theme.background);
    lexer_->setDefaultColor(theme.text);
    lexer_->setColor(theme.text);
    const auto colour = [this](const QColor& colour, std::initializer_list<int> styles) {
        for (const int style : styles) {
            lexer_->setColor(colour, style);
        }
    };
    colour(theme.keyword, {QsciLexerCPP::Keyword, QsciLexerCPP::KeywordSet2});
    colour(theme.comment, {QsciLexerCPP::Comment, QsciLexerCPP::CommentLine, QsciLexerCPP::CommentDoc,
                           QsciLexerCPP::CommentLineDoc});
    colour(theme.string, {QsciLexerCPP::DoubleQuotedString, QsciLexerCPP::SingleQuotedString});
    colour(theme.number, {QsciLexerCPP::Number});
    colour(theme.preprocessor, {QsciLexerCPP::PreProcessor});
    setMarginsFont(font);
    setMarginsBackgroundColor(theme.margin);
    setMarginsForegroundColor(theme.marginText);
    setFoldMarginColors(theme.margin, theme.margin);
    setCaretForegroundColor(theme.text);
    setCaretLineBackgroundColor(theme.currentLine);
    setSelectionBackgroundColor(theme.selection);
    setSelectionForegroundColor(theme.text);
    setMatchedBraceBackgroundColor(theme.selection);
    setMatchedBraceForegroundColor(theme.text);
    setUnmatchedBraceForegroundColor(theme.error);
    setPaper(theme.background);
    marks_.dress();
    setMarkerBackgroundColor(theme.stopped, kStopped);
    setMarkerBackgroundColor(theme.past, kPast);
    for (int fold = int{SC_MARKNUM_FOLDEREND}; fold <= int{SC_MARKNUM_FOLDEROPEN}; ++fold) {
        SendScintilla(SCI_MARKERSETFORE, fold, theme.margin);
        SendScintilla(SCI_MARKERSETBACK, fold, theme.faint);
    }
    setIndicatorForegroundColor(theme.error, kErrorIndicator);
    setIndicatorForegroundColor(theme.warning, kWarningIndicator);
    costStyle_.setColor(theme.marginText);
    costStyle_.setPaper(theme.margin);
    costStyle_.setFont(codeFont());
    costStyle_.apply(this);
}

void CodeEditor::changeEvent(QEvent* event) {
    QsciScintilla::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && lexer_ != nullptr) {
        dress();
    }
}

void CodeEditor::showBreakpoints(const std::vector<BreakpointMark>& marks) {
    if (!isLoading_) { // there are no lines to stand at
        marks_.show(marks);
    }
}

void CodeEditor::setLoading() {
    isLoading_ = true;
    setReadOnly(true);
}

void CodeEditor::load(const QString& text) {
    setReadOnly(false);
    setText(text);
    setModified(false);
    // New lines end as the others do.
    setEolMode(text.contains(QLatin1String("\r\n")) ? EolWindows : EolUnix);
    shareLoaded();
}

void CodeEditor::shareLoaded() {
    setReadOnly(false);
    isLoading_ = false;
    if (const auto after = std::exchange(afterLoad_, {})) {
        after();
    }
}

void CodeEditor::replaceAll(const QString& text) {
    const QByteArray before = this->text().toUtf8();
    const QByteArray after = text.toUtf8();
    const auto [differs, there] = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    const auto begin = differs - before.begin();
    const auto most = std::min(before.size(), after.size()) - begin;
    const auto same = std::mismatch(before.rbegin(), before.rbegin() + most, after.rbegin()).first - before.rbegin();
    beginUndoAction();
    SendScintilla(SCI_SETTARGETRANGE, static_cast<unsigned long>(begin), static_cast<long>(before.size() - same));
    const QByteArray middle = after.mid(begin, after.size() - same - begin);
    SendScintilla(SCI_REPLACETARGET, static_cast<unsigned long>(middle.size()), middle.constData());
    endUndoAction();
}

void CodeEditor::showPosition(unsigned line, bool past, bool isNew) {
    if (isLoading_) {
        if (line > 0 && (isNew || !afterLoad_)) {
            afterLoad_ = [this, line, past, isNew] { showPosition(line, past, isNew); };
        }
        return;
    }
    markerDeleteAll(kStopped);
    markerDeleteAll(kPast);
    setCaretLineVisible(line == 0); // its colour would hide the marker's
    if (line > 0) {
        markerAdd(static_cast<int>(line) - 1, past ? kPast : kStopped);
    }
    if (line > 0 && isNew) {
        ensureLineVisible(static_cast<int>(line) - 1);
        setCursorPosition(static_cast<int>(line) - 1, 0);
        ensureCursorVisible();
    }
}

void CodeEditor::showDiagnostics(const std::vector<support::Diagnostic>& diagnostics) {
    const int last = lines() - 1;
    const int end = lineLength(last);
    clearIndicatorRange(0, 0, last, end, kErrorIndicator);
    clearIndicatorRange(0, 0, last, end, kWarningIndicator);
    diagnostics_ = diagnostics;
    for (const support::Diagnostic& one : diagnostics_) {
        if (one.range.line == 0 || static_cast<int>(one.range.line) > lines()) {
            continue;
        }
        const int line = static_cast<int>(one.range.line) - 1;
        const int from = std::max(static_cast<int>(one.range.column) - 1, 0);
        const bool isSpan = one.range.endLine == one.range.line && one.range.endColumn > one.range.column;
        const int to = isSpan ? static_cast<int>(one.range.endColumn) - 1 : std::max(from + 1, lineLength(line) - 1);
        fillIndicatorRange(line, from, line, to,
                           one.severity == support::Severity::Error ? kErrorIndicator : kWarningIndicator);
    }
}

void CodeEditor::showCosts(const std::map<unsigned, model::LineCost>& costs) {
    hasCosts_ = !costs.empty();
    clearMarginText();
    if (!hasCosts_) {
        setMarginWidth(kCostMargin, 0);
        return;
    }
    setMarginWidth(kCostMargin, QStringLiteral(" 000 000 B "));
    for (const auto& [line, cost] : costs) {
        if (static_cast<int>(line) <= lines()) {
            setMarginText(static_cast<int>(line) - 1, QStringLiteral("%1 %2 B ").arg(cost.instructions, 3).arg(cost.bytes, 3), costStyle_);
        }
    }
}

void CodeEditor::goTo(unsigned line, unsigned column) {
    bring(line, column);
    setFocus();
}

void CodeEditor::bring(unsigned line, unsigned column) {
    if (isLoading_) {
        afterLoad_ = [this, line, column] { bring(line, column); };
        return;
    }
    if (line > 0) {
        ensureLineVisible(static_cast<int>(line) - 1);
        setCursorPosition(static_cast<int>(line) - 1, static_cast<int>(std::max(column, 1U)) - 1);
        ensureCursorVisible();
    }
}

unsigned CodeEditor::currentLine() const {
    int line = 0;
    int column = 0;
    getCursorPosition(&line, &column);
    return static_cast<unsigned>(line) + 1;
}

void CodeEditor::toggleComment() {
    int first = 0;
    int last = 0;
    int column = 0;
    int lastColumn = 0;
    getSelection(&first, &column, &last, &lastColumn);
    if (first < 0) {
        getCursorPosition(&first, &column);
        last = first;
    } else if (lastColumn == 0 && last > first) {
        --last;
    }
    bool areAll = true;
    for (int line = first; line <= last; ++line) {
        areAll = areAll && text(line).trimmed().startsWith(QStringLiteral("//"));
    }
    beginUndoAction();
    for (int line = first; line <= last; ++line) {
        const int at = indentation(line);
        if (!areAll) {
            insertAt(QStringLiteral("// "), line, at);
        } else {
            setSelection(line, at, line, at + (text(line).mid(at).startsWith(QStringLiteral("// ")) ? 3 : 2));
            removeSelectedText();
        }
    }
    endUndoAction();
}

QString CodeEditor::expressionAt(int position) const {
    int line = 0;
    int column = 0;
    lineIndexFromPosition(position, &line, &column);
    const QString all = text(line);
    const auto isPart = [&](int at) { return at >= 0 && at < all.size() && (all[at].isLetterOrNumber() || all[at] == u'_'); };
    int end = column;
    while (isPart(end)) {
        ++end;
    }
    int begin = column;
    while (isPart(begin - 1)) {
        --begin;
    }
    if (begin == end || all[begin].isDigit()) {
        return {};
    }
    // What it is a member of, as long as that is written without brackets.
    for (int from = begin;;) {
        const bool isArrow = from >= 2 && all[from - 1] == u'>' && all[from - 2] == u'-';
        if (!isArrow && (from < 1 || all[from - 1] != u'.')) {
            break;
        }
        const int behind = from - (isArrow ? 2 : 1);
        from = behind;
        while (isPart(from - 1)) {
            --from;
        }
        if (from == behind) {
            return {}; // f(x).y: to look at it would call f
        }
        begin = from;
    }
    return all.mid(begin, end - begin);
}

void CodeEditor::contextMenuEvent(QContextMenuEvent* event) {
    int line = 0;
    int column = 0;
    getCursorPosition(&line, &column);
    int position = positionFromLineIndex(line, column);
    if (event->reason() == QContextMenuEvent::Mouse) {
        position = static_cast<int>(SendScintilla(SCI_POSITIONFROMPOINT, event->pos().x(), event->pos().y()));
        lineIndexFromPosition(position, &line, &column);
    }
    const bool isOnMargin = event->reason() == QContextMenuEvent::Mouse &&
                            event->pos().x() < marginWidth(kNumberMargin) + marginWidth(kMarkMargin);
    const std::unique_ptr<QMenu> menu(isOnMargin ? new QMenu(this) : createStandardContextMenu());
    if (isOnMargin) {
        Q_EMIT marginMenuOpens(menu.get(), static_cast<unsigned>(line) + 1);
    } else {
        Q_EMIT menuOpens(menu.get(), static_cast<unsigned>(line) + 1, expressionAt(position));
    }
    if (!menu->isEmpty()) {
        menu->exec(event->globalPos());
    }
}

QString CodeEditor::diagnosticAt(int position) const {
    int line = 0;
    int column = 0;
    lineIndexFromPosition(position, &line, &column);
    QStringList found;
    for (const support::Diagnostic& one : diagnostics_) {
        if (static_cast<int>(one.range.line) == line + 1) {
            found << QString::fromStdString(one.message);
            if (!one.hint.empty()) {
                found << tr("HINT: %1").arg(QString::fromStdString(one.hint));
            }
        }
    }
    return found.join(QLatin1Char('\n'));
}

/// Alt and a letter is a command that does not apply now, and no letter: QScintilla would insert it.
void CodeEditor::keyPressEvent(QKeyEvent* event) {
    const bool isAlt = (event->modifiers() & ~Qt::ShiftModifier) == Qt::AltModifier;
    if (isAlt && !event->text().isEmpty() && event->text().front().isPrint()) {
        event->ignore();
        return;
    }
    QsciScintilla::keyPressEvent(event);
}

/// Keys that mean something in the window are not QScintilla's: it knows commands for nearly all of them.
bool CodeEditor::isOfWindow(const QKeyEvent& event) const {
    const QKeySequence keys(event.keyCombination());
    return std::ranges::any_of(window()->findChildren<QAction*>(), [&](const QAction* action) {
        return action->isEnabled() && action->shortcuts().contains(keys);
    });
}

bool CodeEditor::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if ((key->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) != 0 && isOfWindow(*key)) {
            event->ignore();
            return true;
        }
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto position = SendScintilla(SCI_POSITIONFROMPOINTCLOSE, help->pos().x(), help->pos().y());
        const QString text = position >= 0 ? diagnosticAt(static_cast<int>(position)) : QString();
        if (text.isEmpty()) {
            QToolTip::hideText();
        } else {
            QToolTip::showText(help->globalPos(), text, this);
        }
        return true;
    }
    return QsciScintilla::event(event);
}

} // namespace rbpf::views
