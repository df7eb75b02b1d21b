// SPDX-License-Identifier: GPL-3.0-or-later
// What bindings.def says of a binding, put into a language server's answers: for clang a binding is a pointer made by a
// macro, without names of parameters and without a comment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sdk/language/protocol.hpp"

namespace rbpf::language {

/// "int bpf_saul_reg_read(bpf_saul_reg_t *device, phydat_t *reading)"
struct BindingHelp {
    Signature signature;
    std::string detail; ///< "int (bpf_saul_reg_t *device, phydat_t *reading)"
};

[[nodiscard]] std::optional<BindingHelp> bindingHelp(std::string_view name);

/// `text` is that of the file the answer is about.
void helpWithBindings(Completions& completions);
void helpWithBindings(Hover& hover, std::string_view text);
/// `offset`: where in the text the help was asked for.
void helpWithBindings(SignatureHelp& help, std::string_view text, std::size_t offset);
/// The binding that a word, which is none, was probably to be.
[[nodiscard]] std::optional<std::string> meantBinding(std::string_view word);
/// A fix for a misspelt binding, which clang has none for.
void helpWithBindings(std::vector<Finding>& findings, std::string_view text);

struct Call {
    std::string_view name; ///< "": none
    unsigned argument = 0; ///< that the place is in
};

/// The call around `offset`: its name stands before the parenthesis that is open there.
[[nodiscard]] Call callAt(std::string_view text, std::size_t offset);

} // namespace rbpf::language
