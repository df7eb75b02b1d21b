// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/call_tip.hpp"

#include <algorithm>

namespace rbpf::views {

namespace {

using Base = QsciScintillaBase;

constexpr int kPauseMs = 60;
constexpr std::size_t kLineBytes = 90;

/// Broken at blanks, with its first line first.
std::string wrapped(const std::string& text) {
    std::string result;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (column > 0 && column + end - at > kLineBytes) {
            result += '\n';
            column = 0;
        } else if (column > 0) {
            result += ' ';
        }
        result.append(text, at, end - at);
        column += end - at + 1;
        at = end + 1;
    }
    return result;
}

} // namespace

CallTip::CallTip(CodeEditor& editor, model::LanguageModel& model) : QObject(&editor), editor_(editor), model_(model) {
    editor_.SendScintilla(Base::SCI_CALLTIPSETPOSITION, 1UL);
    editor_.installEventFilter(this);
    moved_.setSingleShot(true);
    moved_.setInterval(kPauseMs);
    connect(&moved_, &QTimer::timeout, this, &CallTip::ask);
    connect(&editor_, &Base::SCN_CHARADDED, this, [this](int letter) {
        if (letter == '(' || letter == ',' || (isOpen() && letter == ')')) {
            ask();
        }
    });
    connect(&editor_, &QsciScintilla::cursorPositionChanged, this, [this] {
        if (isOpen()) {
            moved_.start();
        }
    });
}

/// Its colours are those of the time at which it was opened.
bool CallTip::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::PaletteChange && isOpen()) {
        moved_.start();
    }
    return QObject::eventFilter(watched, event);
}

bool CallTip::isOpen() const {
    return editor_.SendScintilla(Base::SCI_CALLTIPACTIVE) != 0;
}

void CallTip::ask() {
    model_.setText(editor_.path(), bytesOf(editor_));
    const auto at = editor_.SendScintilla(Base::SCI_GETCURRENTPOS);
    model_.help(caretOf(editor_), [self = QPointer(this), at](const support::Result<language::SignatureHelp>& answer) {
        if (self && answer && self->editor_.SendScintilla(Base::SCI_GETCURRENTPOS) == at && self->editor_.hasFocus()) {
            self->show(*answer);
        }
    });
}

void CallTip::show(const language::SignatureHelp& help) {
    if (help.signatures.empty()) {
        editor_.SendScintilla(Base::SCI_CALLTIPCANCEL);
        return;
    }
    const language::Signature& one = help.signatures[std::min<std::size_t>(help.active, help.signatures.size() - 1)];
    const std::string text =
        one.documentation.empty() ? one.label : one.label + "\n" + wrapped(one.documentation);
    const Theme& colours = theme();
    const auto colour = [](const QColor& from) {
        return static_cast<unsigned long>(from.red() | from.green() << 8 | from.blue() << 16);
    };
    editor_.SendScintilla(Base::SCI_CALLTIPSETFORE, colour(colours.text));
    editor_.SendScintilla(Base::SCI_CALLTIPSETBACK, colour(colours.margin));
    editor_.SendScintilla(Base::SCI_CALLTIPSETFOREHLT, colour(colours.accent));
    const auto line = static_cast<unsigned long>(editor_.SendScintilla(
        Base::SCI_LINEFROMPOSITION, static_cast<unsigned long>(editor_.SendScintilla(Base::SCI_GETCURRENTPOS))));
    const long at = editor_.SendScintilla(Base::SCI_GETLINEINDENTPOSITION, line);
    editor_.SendScintilla(Base::SCI_CALLTIPSHOW, static_cast<unsigned long>(at), text.c_str());
    if (help.activeParameter < one.parameters.size()) {
        const auto [from, to] = one.parameters[help.activeParameter];
        editor_.SendScintilla(Base::SCI_CALLTIPSETHLT, static_cast<unsigned long>(from), static_cast<long>(to));
    }
}

} // namespace rbpf::views
