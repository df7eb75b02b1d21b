// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/completion.hpp"

#include <QKeyEvent>
#include <QScrollBar>

namespace rbpf::views {

namespace {

using Base = QsciScintillaBase;

/// Letters after which a list comes by itself.
constexpr qsizetype kLetters = 2;
constexpr int kPage = 9;

bool isWordLetter(int letter) {
    return letter == '_' || (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z');
}

bool isCall(const language::Completion& one) {
    return one.kind == language::ItemKind::Function;
}

bool takesNothing(const language::Completion& one) {
    return one.detail.ends_with("(void)") || one.detail.ends_with("()") || one.label.ends_with("(void)");
}

} // namespace

Completion::Completion(CodeEditor& editor, model::LanguageModel& model)
    : QObject(&editor), editor_(editor), model_(model), popup_(new CompletionPopup(&editor)) {
    editor_.installEventFilter(this);
    connect(&editor_, &Base::SCN_CHARADDED, this, &Completion::typed);
    connect(&editor_, &QsciScintilla::cursorPositionChanged, this, [this] {
        if (!isOpen()) {
            return;
        }
        const auto word = wordBefore(editor_, caret()).size();
        if (word != caret() - start_ || (word == 0 && caret() < asked_)) {
            hide();
        } else if (caret() != asked_) {
            request(false);
        }
    });
    connect(editor_.verticalScrollBar(), &QScrollBar::valueChanged, this, &Completion::hide);
    connect(popup_, &CompletionPopup::accepted, this, &Completion::accept);
}

long Completion::caret() const {
    return editor_.SendScintilla(Base::SCI_GETCURRENTPOS);
}

/// Neither comment nor text in quotes.
bool Completion::isCode(long position) const {
    switch (position > 0 ? editor_.SendScintilla(Base::SCI_GETSTYLEAT, static_cast<unsigned long>(position - 1)) : 0) {
    case QsciLexerCPP::Comment:
    case QsciLexerCPP::CommentLine:
    case QsciLexerCPP::CommentDoc:
    case QsciLexerCPP::CommentLineDoc:
    case QsciLexerCPP::DoubleQuotedString:
    case QsciLexerCPP::SingleQuotedString:
    case QsciLexerCPP::Number: return false;
    default: return true;
    }
}

bool Completion::isInclude(long position) const {
    int line = 0;
    int column = 0;
    editor_.lineIndexFromPosition(static_cast<int>(position), &line, &column);
    return editor_.text(line).trimmed().startsWith(QLatin1String("#include"));
}

void Completion::typed(int letter) {
    isChosen_ = false;
    const long at = caret();
    const bool isArrow = letter == '>' && at > 1 && editor_.SendScintilla(Base::SCI_GETCHARAT, static_cast<unsigned long>(at - 2)) == '-';
    const bool isPath = (letter == '<' || letter == '"' || letter == '/') && isInclude(at);
    const bool isWord = isWordLetter(letter) && (isOpen() || wordBefore(editor_, at).size() >= kLetters);
    if (isPath || ((letter == '.' || isArrow || isWord) && (isCode(at) || isInclude(at)))) {
        request(false);
    } else {
        hide();
    }
}

void Completion::ask() {
    request(true);
}

void Completion::request(bool isAsked) {
    if (editor_.isReadOnly()) {
        return;
    }
    const long start = caret() - wordBefore(editor_, caret()).size();
    if (start != start_) {
        hide();
        isChosen_ = false;
    }
    start_ = start;
    asked_ = caret();
    model_.setText(editor_.path(), bytesOf(editor_));
    model_.complete(caretOf(editor_), [self = QPointer(this), start, isAsked](const support::Result<language::Completions>& answer) {
        // One who has gone on typing or somewhere else gets the answer to that.
        if (!self || self->start_ != start || !self->editor_.hasFocus()) {
            return;
        }
        if (answer) {
            self->show(*answer, isAsked);
        } else if (answer.error().kind != support::ErrorKind::Cancelled) {
            self->hide();
            if (isAsked) {
                Q_EMIT self->refused(QString::fromStdString(answer.error().message));
            }
        }
    });
}

void Completion::show(const language::Completions& answer, bool isAsked) {
    const long at = caret();
    const QByteArray word = wordBefore(editor_, at);
    const bool isWhole = !answer.items.empty() && answer.items.front().edit.text == word.toStdString();
    if (answer.items.empty() || at - word.size() != start_ || (isWhole && !isAsked)) {
        hide();
        if (answer.items.empty() && isAsked) {
            Q_EMIT refused(tr("Nothing is known that could stand here"));
        }
        return;
    }
    if (isChosen_ && isOpen()) {
        return; // the list under the user's finger stays as it is
    }
    const auto start = static_cast<unsigned long>(start_);
    const int x = static_cast<int>(editor_.SendScintilla(Base::SCI_POINTXFROMPOSITION, 0UL, start_));
    const int y = static_cast<int>(editor_.SendScintilla(Base::SCI_POINTYFROMPOSITION, 0UL, start_));
    const int height = static_cast<int>(
        editor_.SendScintilla(Base::SCI_TEXTHEIGHT, static_cast<unsigned long>(editor_.SendScintilla(Base::SCI_LINEFROMPOSITION, start))));
    popup_->open(answer.items, QRect(editor_.viewport()->mapToGlobal(QPoint(x, y)), QSize(1, height)));
}

void Completion::accept() {
    const language::Completion* chosen = popup_->chosen();
    if (chosen == nullptr) {
        hide();
        return;
    }
    const language::Completion one = *chosen;
    hide();
    // What was typed since the answer belongs to the word too.
    const language::Place to = caretOf(editor_);
    support::FixIt edit = one.edit;
    edit.range.endLine = to.line;
    edit.range.endColumn = std::max(to.column, edit.range.column);
    const auto next = static_cast<char>(editor_.SendScintilla(Base::SCI_GETCHARAT, static_cast<unsigned long>(caret())));
    const bool addsCall = isCall(one) && next != '(' && !edit.text.ends_with('(');
    if (addsCall) {
        edit.text += "()";
    }
    apply(editor_, {edit});
    const long end = positionOf(editor_, edit.range.line, edit.range.column) + static_cast<long>(edit.text.size());
    const bool isInside = addsCall && !takesNothing(one);
    editor_.SendScintilla(Base::SCI_GOTOPOS, static_cast<unsigned long>(isInside ? end - 1 : end));
    if (isInside) {
        Q_EMIT calls();
    }
}

void Completion::hide() {
    popup_->hide();
    isChosen_ = false;
    start_ = -1;
}

/// Return means a new line unless what is typed begins what is chosen.
bool Completion::isLikely() const {
    const QString word = QString::fromUtf8(wordBefore(editor_, caret()));
    const language::Completion* one = popup_->chosen();
    return one != nullptr &&
           (isChosen_ || QString::fromStdString(one->label).startsWith(word, Qt::CaseInsensitive));
}

bool Completion::steer(int key) {
    switch (key) {
    case Qt::Key_Down: popup_->step(1); break;
    case Qt::Key_Up: popup_->step(-1); break;
    case Qt::Key_PageDown: popup_->step(kPage); break;
    case Qt::Key_PageUp: popup_->step(-kPage); break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!isLikely()) {
            hide();
            return false;
        }
        [[fallthrough]];
    case Qt::Key_Tab: accept(); return true;
    case Qt::Key_Escape: hide(); return true;
    default: return false;
    }
    isChosen_ = true;
    return true;
}

bool Completion::eventFilter(QObject* watched, QEvent* event) {
    if (!isOpen()) {
        return false;
    }
    if (event->type() == QEvent::FocusOut || event->type() == QEvent::Hide) {
        hide();
    } else if (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        constexpr int kOurs[] = {Qt::Key_Down, Qt::Key_Up, Qt::Key_PageDown, Qt::Key_PageUp, Qt::Key_Return, Qt::Key_Enter,
                                 Qt::Key_Tab, Qt::Key_Escape};
        if ((key->modifiers() & ~Qt::KeypadModifier) != 0 || std::ranges::find(kOurs, key->key()) == std::end(kOurs)) {
            return false;
        }
        if (event->type() == QEvent::ShortcutOverride) {
            event->accept();
            return true;
        }
        return steer(key->key());
    }
    static_cast<void>(watched);
    return false;
}

} // namespace rbpf::views
