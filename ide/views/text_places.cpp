// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/text_places.hpp"

#include <algorithm>
#include <tuple>

namespace rbpf::views {

namespace {

using Base = QsciScintillaBase;

unsigned long number(long value) {
    return static_cast<unsigned long>(value);
}

bool isLetter(char letter) {
    return letter == '_' || (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z');
}

} // namespace

long positionOf(const CodeEditor& editor, unsigned line, unsigned column) {
    const unsigned long last = number(editor.lines() - 1);
    const unsigned long row = line > 0 ? line - 1 : 0;
    if (row > last) {
        return editor.SendScintilla(Base::SCI_GETLENGTH);
    }
    const long start = editor.SendScintilla(Base::SCI_POSITIONFROMLINE, row);
    const long end = editor.SendScintilla(Base::SCI_GETLINEENDPOSITION, row);
    return std::min(start + static_cast<long>(column > 0 ? column - 1 : 0), end);
}

language::Place placeOf(const CodeEditor& editor, long position) {
    const long row = editor.SendScintilla(Base::SCI_LINEFROMPOSITION, number(position));
    const long start = editor.SendScintilla(Base::SCI_POSITIONFROMLINE, number(row));
    return {editor.path().toStdString(), static_cast<unsigned>(row) + 1, static_cast<unsigned>(position - start) + 1};
}

language::Place caretOf(const CodeEditor& editor) {
    return placeOf(editor, editor.SendScintilla(Base::SCI_GETCURRENTPOS));
}

QByteArray bytesOf(const CodeEditor& editor) {
    const long length = editor.SendScintilla(Base::SCI_GETLENGTH);
    if (length == 0) {
        return {}; // which has no room of its own
    }
    QByteArray bytes(length, Qt::Uninitialized);
    // Scintilla ends what it gives with a NUL, which QByteArray has room for.
    editor.SendScintilla(Base::SCI_GETTEXT, number(length + 1), bytes.data());
    return bytes;
}

QByteArray wordBefore(const CodeEditor& editor, long position) {
    long start = position;
    while (start > 0 && isLetter(static_cast<char>(editor.SendScintilla(Base::SCI_GETCHARAT, number(start - 1))))) {
        --start;
    }
    QByteArray word(position - start, Qt::Uninitialized);
    if (start < position) {
        editor.SendScintilla(Base::SCI_GETTEXTRANGE, start, position, word.data());
    }
    return word;
}

void apply(CodeEditor& editor, const std::vector<support::FixIt>& edits) {
    struct Change {
        long from, to;
        std::size_t order;
        const std::string* text;
    };
    std::vector<Change> changes;
    for (const support::FixIt& one : edits) {
        if (one.range.file == editor.path().toStdString()) {
            changes.push_back({positionOf(editor, one.range.line, one.range.column),
                               positionOf(editor, one.range.endLine, one.range.endColumn), changes.size(), &one.text});
        }
    }
    // From the end, so that the places before stay what they are.
    std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        return std::tie(a.from, a.to, a.order) > std::tie(b.from, b.to, b.order);
    });
    long limit = editor.SendScintilla(Base::SCI_GETLENGTH);
    editor.beginUndoAction();
    for (const Change& one : changes) {
        if (one.from <= one.to && one.to <= limit) {
            editor.SendScintilla(Base::SCI_SETTARGETRANGE, number(one.from), one.to);
            editor.SendScintilla(Base::SCI_REPLACETARGET, one.text->size(), one.text->c_str());
            limit = one.from;
        }
    }
    editor.endUndoAction();
}

} // namespace rbpf::views
