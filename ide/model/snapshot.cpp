// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/snapshot.hpp"

#include <algorithm>

#include "debugger/dwarf/render.hpp"

namespace rbpf::model {

namespace {

constexpr int kDepth = 4;             ///< of unfolded values
constexpr std::size_t kChildren = 64; ///< of one value
constexpr std::uint32_t kRegionBytes = 4096, kRow = 16;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

ValueRow row(const QString& name, const std::string& expression, const dwarf::Value& value, const dwarf::State& state,
             int depth) {
    ValueRow result;
    result.name = name;
    result.expression = words(expression);
    result.value = words(dwarf::render(value, state));
    result.type = value.type != nullptr ? words(dwarf::typeName(value.type)) : QString();
    result.address = value.address();
    result.bytes = value.type != nullptr ? static_cast<std::uint32_t>(value.type->size) : 0;
    result.isOptimisedOut = value.availability == dwarf::Availability::OptimisedOut;
    if (depth > 0) {
        for (const dwarf::Child& child : dwarf::children(value, expression, state, 0, kChildren)) {
            result.children.push_back(row(words(child.name), child.expression, child.value, state, depth - 1));
        }
    }
    return result;
}

std::vector<ValueRow> rows(session::Session& session, int level) {
    std::vector<ValueRow> result;
    const auto variables = session.variables(level);
    const auto state = session.state(std::max(level, 0));
    if (!variables || !state) {
        return result;
    }
    for (const session::Variable& variable : *variables) {
        ValueRow shown = row(words(variable.name), variable.name, variable.value, **state, kDepth);
        if (variable.lastKnown) {
            shown.isOptimisedOut = true;
            shown.value = QStringLiteral("optimised out; was %1 at step %2")
                              .arg(words(dwarf::render(*variable.lastKnown, **state)))
                              .arg(variable.lastKnownAt.step);
        }
        result.push_back(std::move(shown));
    }
    return result;
}

ValueRow watch(session::Session& session, int frame, const QString& expression) {
    const std::string text = expression.toStdString();
    const auto value = session.evaluate(text, frame, false);
    const auto state = session.state(frame);
    if (value && state) {
        return row(expression, text, *value, **state, kDepth);
    }
    ValueRow result;
    result.name = result.expression = expression;
    result.value = words(value ? state.error().message : value.error().message);
    return result;
}

bool isTrouble(rbpf_cause_t cause) {
    return cause == RBPF_CAUSE_FAULT || cause == RBPF_CAUSE_BUDGET;
}

RegionBytes readRegion(session::Session& session, const session::Region& region, const Look& look) {
    RegionBytes read{region, 0, {}};
    if (!region.readable || region.size == 0) {
        return read;
    }
    const std::uint32_t size = std::min(region.size, kRegionBytes);
    if (look.address && *look.address >= region.address && *look.address - region.address < region.size) {
        const std::uint32_t offset = (*look.address - region.address) / kRow * kRow;
        read.from = std::min(offset - std::min(offset, kRegionBytes / 2), (region.size - size + kRow - 1) / kRow * kRow);
    }
    read.bytes = session.readMemory(region.address + read.from, std::min(size, region.size - read.from))
                     .value_or(std::vector<std::uint8_t>());
    return read;
}

} // namespace

Snapshot readSnapshot(session::Session& session, const Look& look) {
    Snapshot shot;
    shot.stop = session.stop();
    const int frame = shot.frame = look.frame;
    if (isTrouble(shot.stop.cause)) {
        if (auto story = session.story()) {
            shot.story = std::move(*story);
        }
    }
    shot.frames = session.frames().value_or(std::vector<session::Frame>());
    if (const auto registers = session.registers()) {
        std::copy_n(registers->begin(), std::min(registers->size(), shot.registers.size()), shot.registers.begin());
    }
    shot.locals = rows(session, frame);
    shot.globals = rows(session, -1);
    for (const QString& expression : look.watches) {
        shot.watches.push_back(watch(session, frame, expression));
    }
    for (const session::Region& region : session.regions().value_or(std::vector<session::Region>())) {
        shot.regions.push_back(readRegion(session, region, look));
    }
    shot.timeline = session.timeline().value_or(std::vector<session::TimelineItem>());
    return shot;
}

const ValueRow* variableAt(const Snapshot& shot, std::uint32_t address) {
    for (const auto* rows : {&shot.locals, &shot.globals}) {
        for (const ValueRow& row : *rows) {
            if (row.address && address >= *row.address && address - *row.address < row.bytes) {
                return &row;
            }
        }
    }
    return nullptr;
}

QString placeOf(const Snapshot& shot, std::uint64_t address) {
    if (address >> 32 != 0) {
        return {};
    }
    for (const RegionBytes& one : shot.regions) {
        const session::Region& region = one.region;
        if (region.index > 0 && address >= region.address && address <= std::uint64_t(region.address) + region.size) {
            const ValueRow* variable = variableAt(shot, static_cast<std::uint32_t>(address));
            const QString place = QStringLiteral("%1+%2").arg(words(region.name)).arg(address - region.address);
            return variable == nullptr ? place : QStringLiteral("%1 (%2)").arg(place, variable->name);
        }
    }
    return {};
}

} // namespace rbpf::model
