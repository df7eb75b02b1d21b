// SPDX-License-Identifier: GPL-3.0-or-later
// Places in an editor's text as a language server counts them: lines from 1, columns from 1 in bytes.
#pragma once

#include <vector>

#include "ide/model/language_model.hpp"
#include "ide/views/code_editor.hpp"

namespace rbpf::views {

/// Of Scintilla: bytes from the text's start.
[[nodiscard]] long positionOf(const CodeEditor& editor, unsigned line, unsigned column);
[[nodiscard]] language::Place placeOf(const CodeEditor& editor, long position);
[[nodiscard]] language::Place caretOf(const CodeEditor& editor);
/// The whole text in UTF-8.
[[nodiscard]] QByteArray bytesOf(const CodeEditor& editor);
/// The letters, digits and underscores before the position.
[[nodiscard]] QByteArray wordBefore(const CodeEditor& editor, long position);

/// Those of the editor's file, as one change that can be undone.
void apply(CodeEditor& editor, const std::vector<support::FixIt>& edits);

} // namespace rbpf::views
