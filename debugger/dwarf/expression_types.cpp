// SPDX-License-Identifier: GPL-3.0-or-later
// Types inside of expressions: casts and sizeof.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "debugger/dwarf/expression_parser.hpp"
#include "debugger/dwarf/literal.hpp"

namespace rbpf::dwarf {

namespace {

constexpr unsigned kMaxStars = 100;

} // namespace

bool isTypeWord(std::string_view word) {
    constexpr std::array<std::string_view, 14> kWords = {"char", "short", "int",      "long",    "signed",
                                                         "bool", "_Bool", "unsigned", "void",    "struct",
                                                         "enum", "union", "const",    "volatile"};
    return std::ranges::find(kWords, word) != kWords.end();
}

bool Parser::startsType(std::size_t ahead) const {
    const Token& token = peek(ahead);
    return token.kind == Token::Kind::Name &&
           (isTypeWord(token.text) || info_.findType(token.text) != nullptr || (inSource() && looksLikeType(ahead)));
}

/// A name that the debug information does not know, in brackets, with stars behind it or before an operand.
bool Parser::looksLikeType(std::size_t ahead) const {
    bool stars = false;
    for (++ahead; peek(ahead).is("*"); ++ahead) {
        stars = true;
    }
    const Token& behind = peek(ahead + 1);
    return peek(ahead).is(")") &&
           (stars || behind.kind == Token::Kind::Name || behind.kind == Token::Kind::Number || behind.is("~"));
}

/// Behind the opening bracket: `unsigned char *const`, `struct point [3]`, up to and with the closing one.
support::Result<const Type*> Parser::bracketedType() {
    std::string name;
    const auto at = peek().at;
    while (peek().kind == Token::Kind::Name) {
        const bool word = isTypeWord(peek().text);
        const bool tag = name == "struct" || name == "union" || name == "enum";
        if (!word && !tag && !name.empty()) {
            break;
        }
        const auto text = take().text;
        if (text != "const" && text != "volatile") {
            name += (name.empty() ? "" : " ") + text;
        }
    }
    const Type* type = info_.findType(name);
    if (type == nullptr && inSource()) {
        type = builtin(Builtin::Int); // only its extent in the text matters
    }
    if (type == nullptr) {
        return failAt(at, fmt::format("there is no type \"{}\" in the debug information", name));
    }
    for (unsigned stars = 0; peek().is("*") || (peek().kind == Token::Kind::Name && isTypeWord(peek().text)); ++stars) {
        if (take().is("*")) {
            type = info_.pointerTo(type);
        }
        if (stars > kMaxStars) {
            return failAt(at, "the type is nested too deeply");
        }
    }
    auto counts = dimensions();
    if (!counts) {
        return tl::unexpected(counts.error());
    }
    for (auto count = counts->rbegin(); count != counts->rend(); ++count) {
        if (type->size == 0 || *count > (std::uint64_t{1} << 28) / type->size) {
            return failAt(at, "the array is larger than a script's memory");
        }
        type = info_.arrayOf(type, *count);
    }
    if (!accept(")")) {
        return failAt(peek().at, "expected \")\" behind the type");
    }
    return type;
}

support::Result<std::vector<std::uint64_t>> Parser::dimensions() {
    std::vector<std::uint64_t> counts;
    while (accept("[")) {
        const auto count = parseInteger(peek().kind == Token::Kind::Number ? peek().text : "");
        if (!count || counts.size() >= 16) {
            return unexpectedToken("the number of elements");
        }
        take();
        counts.push_back(count->value);
        if (!accept("]")) {
            return unexpectedToken("\"]\"");
        }
    }
    return counts;
}

} // namespace rbpf::dwarf
