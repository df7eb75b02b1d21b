// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/places.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "debugger/dwarf/render.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::fail;
using Kind = BreakpointSpec::Kind;

namespace {

/// The board watches at most this many bytes with one point.
constexpr std::uint64_t kWatchBytesMax = 64;

void usePlaces(const Program& program, BreakpointEntry& entry, const std::vector<dwarf::CodePlace>& places) {
    for (const dwarf::CodePlace& place : places) {
        if (std::find(entry.addresses.begin(), entry.addresses.end(), place.address) == entry.addresses.end()) {
            entry.addresses.push_back(place.address);
            entry.shown.places.push_back(program.locate(place.address));
        }
    }
    entry.shown.verified = !entry.addresses.empty();
}

void resolveLine(const Program& program, BreakpointEntry& entry) {
    const BreakpointSpec& spec = entry.shown.spec;
    const auto match = program.info().placesOfLine(spec.file, spec.line);
    if (!match) {
        entry.shown.message = program.info().empty()
                                  ? std::string("there is no debug information: break at functions or addresses")
                              : program.info().linesWithCode(spec.file).empty()
                                  ? fmt::format("no code comes from {}", spec.file)
                                  : fmt::format("no code at or behind {}:{}", spec.file, spec.line);
        return;
    }
    usePlaces(program, entry, match->places);
    if (match->moved) {
        entry.shown.message =
            fmt::format("moved from line {} to {}: line {} has no code", spec.line, match->line, spec.line);
    }
}

void resolveFunction(const Program& program, BreakpointEntry& entry) {
    const std::string& name = entry.shown.spec.function;
    usePlaces(program, entry, program.info().placesOf(name));
    for (const image::Entry& candidate : program.image().entries) {
        if (!entry.shown.verified && candidate.name == name) {
            usePlaces(program, entry, {{candidate.insnIndex * 8, name, false, 0}});
        }
    }
    if (!entry.shown.verified) {
        entry.shown.message = fmt::format("the image has no code of a function {}", name);
    }
}

std::string valueText(const dwarf::Expression& expression, const dwarf::ExpressionScope& scope) {
    const auto value = expression.evaluate(scope);
    return value ? dwarf::render(*value, scope.state) : "<" + value.error().message + ">";
}

} // namespace

std::string breakpointName(const Breakpoint& breakpoint) {
    return fmt::format("{} {}", breakpoint.spec.kind == Kind::Watch ? "watchpoint" : "breakpoint", breakpoint.id);
}

support::Result<void> BreakpointTable::parseTexts(BreakpointEntry& entry) const {
    const BreakpointSpec& spec = entry.shown.spec;
    const auto parse = [&](const std::string& text) -> support::Result<dwarf::Expression> {
        auto expression = dwarf::Expression::parse(text, program_.info());
        if (expression && expression->hasSideEffects()) {
            return fail(ErrorKind::Usage, fmt::format("\"{}\" would change the script: breakpoints only look", text));
        }
        return expression;
    };
    if (!spec.condition.empty()) {
        auto condition = parse(spec.condition);
        if (!condition) {
            return tl::unexpected(condition.error());
        }
        entry.condition = std::move(*condition);
    }
    std::string_view rest = spec.logMessage;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        const auto close = open == rest.npos ? rest.npos : rest.find('}', open);
        LogPiece piece{std::string(rest.substr(0, close == rest.npos ? rest.npos : open)), std::nullopt};
        if (close == rest.npos) {
            rest = {};
        } else {
            auto expression = parse(std::string(rest.substr(open + 1, close - open - 1)));
            if (!expression) {
                return tl::unexpected(expression.error());
            }
            piece.expression = std::move(*expression);
            rest.remove_prefix(close + 1);
        }
        entry.log.push_back(std::move(piece));
    }
    return {};
}

support::Result<void> BreakpointTable::resolve(BreakpointEntry& entry,
                                               const std::optional<dwarf::ExpressionScope>& scope) const {
    const BreakpointSpec& spec = entry.shown.spec;
    switch (spec.kind) {
    case Kind::Line:
        resolveLine(program_, entry);
        break;
    case Kind::Function:
        resolveFunction(program_, entry);
        break;
    case Kind::Instruction:
        if (program_.at(spec.address) == nullptr) {
            entry.shown.message = fmt::format("0x{:x} is not the address of an instruction", spec.address);
        } else {
            usePlaces(program_, entry, {{spec.address, "", false, 0}});
        }
        break;
    case Kind::Watch: {
        entry.watched = spec.address;
        entry.watchedBytes = spec.size;
        if (!spec.expression.empty()) {
            if (!scope) {
                return fail(ErrorKind::Usage, "an expression can be watched only while the script is stopped");
            }
            const auto value = dwarf::evaluate(spec.expression, *scope);
            if (!value) {
                return tl::unexpected(value.error());
            }
            const auto address = value->address();
            if (!address || value->type == nullptr || value->type->size == 0) {
                return fail(ErrorKind::Usage,
                            fmt::format("\"{}\" has no place in memory that could be watched", spec.expression),
                            "what lives in a register cannot be watched; 'who' finds its last write in history");
            }
            entry.watched = *address;
            entry.watchedBytes =
                static_cast<std::uint32_t>(std::min<std::uint64_t>(value->type->size, kWatchBytesMax + 1));
        }
        if (entry.watchedBytes == 0 || entry.watchedBytes > kWatchBytesMax || (!spec.onRead && !spec.onWrite)) {
            return fail(ErrorKind::Usage,
                        fmt::format("1 to {} bytes can be watched, for reads, writes or both", kWatchBytesMax));
        }
        entry.shown.verified = true;
        break;
    }
    case Kind::Store:
    case Kind::Binding:
    case Kind::Entry:
    case Kind::Exit:
        entry.shown.verified = true;
        break;
    }
    return {};
}

support::Result<Breakpoint> BreakpointTable::add(const BreakpointSpec& spec,
                                                 const std::optional<dwarf::ExpressionScope>& scope) {
    BreakpointEntry entry;
    entry.shown.spec = spec;
    if (auto parsed = parseTexts(entry); !parsed) {
        return tl::unexpected(parsed.error());
    }
    if (auto resolved = resolve(entry, scope); !resolved) {
        return tl::unexpected(resolved.error());
    }
    entry.shown.id = nextId_++;
    return entries_.emplace(entry.shown.id, std::move(entry)).first->second.shown;
}

BreakpointEntry* BreakpointTable::find(int id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

support::Result<void> BreakpointTable::remove(int id) {
    if (entries_.erase(id) == 0) {
        return fail(ErrorKind::Usage, fmt::format("there is no breakpoint {}", id));
    }
    return {};
}

support::Result<void> BreakpointTable::enable(int id, bool enabled) {
    BreakpointEntry* entry = find(id);
    if (entry == nullptr) {
        return fail(ErrorKind::Usage, fmt::format("there is no breakpoint {}", id));
    }
    entry->shown.enabled = enabled;
    return {};
}

std::vector<Breakpoint> BreakpointTable::shown() const {
    std::vector<Breakpoint> all;
    for (const auto& [id, entry] : entries_) {
        all.push_back(entry.shown);
    }
    return all;
}

Verdict BreakpointTable::hit(BreakpointEntry& entry, const dwarf::ExpressionScope& scope) {
    Verdict verdict;
    if (entry.condition) {
        const auto value = entry.condition->evaluate(scope);
        const auto truth = value.and_then([](const dwarf::Value& result) { return dwarf::isTrue(result); });
        if (!truth) {
            verdict.problem =
                fmt::format("its condition \"{}\": {}", entry.shown.spec.condition, truth.error().message);
        } else if (!*truth) {
            return verdict;
        }
    }
    ++entry.shown.hits;
    if (entry.shown.hits <= entry.shown.spec.ignore && verdict.problem.empty()) {
        return verdict;
    }
    if (entry.logs() && verdict.problem.empty()) {
        for (const LogPiece& piece : entry.log) {
            verdict.log += piece.text + (piece.expression ? valueText(*piece.expression, scope) : "");
        }
        verdict.log += '\n';
        return verdict;
    }
    verdict.stop = true;
    return verdict;
}

bool BreakpointTable::stopsInHistory(const BreakpointEntry& entry, const dwarf::ExpressionScope& scope) {
    if (entry.logs()) {
        return false;
    }
    if (!entry.condition) {
        return true;
    }
    const auto value = entry.condition->evaluate(scope);
    const auto truth = value.and_then([](const dwarf::Value& result) { return dwarf::isTrue(result); });
    return !truth || *truth;
}

} // namespace rbpf::session
