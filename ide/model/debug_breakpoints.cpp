// SPDX-License-Identifier: GPL-3.0-or-later
// The breakpoints of DebugModel: as the user wants them, and what the session makes of them.
#include <algorithm>

#include "ide/model/debug_model.hpp"

namespace rbpf::model {

using session::BreakpointSpec;

session::Breakpoint* DebugModel::pointOf(int id) {
    const auto found = std::ranges::find(points_, id, &session::Breakpoint::id);
    return found == points_.end() ? nullptr : &*found;
}

int DebugModel::addBreakpoint(BreakpointSpec spec) {
    session::Breakpoint point;
    point.id = ++lastPoint_;
    point.spec = std::move(spec);
    points_.push_back(point);
    if (worker_) {
        worker_->addPoint(point);
    }
    Q_EMIT breakpointsChanged();
    return point.id;
}

void DebugModel::removeBreakpoint(int id) {
    if (std::erase_if(points_, [id](const session::Breakpoint& one) { return one.id == id; }) == 0) {
        return;
    }
    if (worker_) {
        worker_->removePoint(id);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::changeBreakpoint(int id, BreakpointSpec spec) {
    session::Breakpoint* point = pointOf(id);
    if (point == nullptr) {
        return;
    }
    session::Breakpoint changed;
    changed.id = id;
    changed.enabled = point->enabled;
    changed.spec = std::move(spec);
    *point = changed;
    if (worker_) {
        worker_->removePoint(id);
        worker_->addPoint(changed);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::enableBreakpoint(int id, bool enabled) {
    session::Breakpoint* point = pointOf(id);
    if (point == nullptr || point->enabled == enabled) {
        return;
    }
    point->enabled = enabled;
    if (worker_) {
        worker_->enablePoint(id, enabled);
    }
    Q_EMIT breakpointsChanged();
}

void DebugModel::toggleLine(const QString& file, unsigned line) {
    BreakpointSpec spec;
    spec.file = file.toStdString();
    spec.line = line;
    toggle(std::move(spec));
}

void DebugModel::toggleInstruction(std::uint32_t address) {
    BreakpointSpec spec;
    spec.kind = BreakpointSpec::Kind::Instruction;
    spec.address = address;
    toggle(std::move(spec));
}

void DebugModel::toggle(BreakpointSpec spec) {
    const auto here = std::ranges::find_if(points_, [&](const session::Breakpoint& one) {
        return one.spec.kind == spec.kind && one.spec.file == spec.file && one.spec.line == spec.line &&
               one.spec.address == spec.address;
    });
    if (here != points_.end()) {
        removeBreakpoint(here->id);
    } else {
        addBreakpoint(std::move(spec));
    }
}

void DebugModel::followText(int id, unsigned line) {
    session::Breakpoint* point = pointOf(id);
    if (point != nullptr && point->spec.line != line) {
        point->spec.line = line;
        Q_EMIT breakpointsChanged();
    }
}

/// What the session says of them. The window's specs stay: text may have moved since, and some may be removed. A line
/// without code is shown where the script really stops.
void DebugModel::takePoints(const Points& points) {
    for (const session::Breakpoint& told : points) {
        session::Breakpoint* point = pointOf(told.id);
        if (point == nullptr) {
            continue;
        }
        const bool isNews = point->message != told.message;
        point->verified = told.verified;
        point->places = told.places;
        point->hits = told.hits;
        point->message = told.message;
        if (isNews && told.verified && told.spec.kind == BreakpointSpec::Kind::Line && !told.places.empty() &&
            point->spec.line == told.spec.line) {
            point->spec.line = told.places.front().line;
        }
    }
    Q_EMIT breakpointsChanged();
}

} // namespace rbpf::model
