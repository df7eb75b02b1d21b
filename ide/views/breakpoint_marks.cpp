// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/breakpoint_marks.hpp"

#include <QPainter>
#include <QPainterPath>

#include "ide/views/scintilla.hpp"
#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kFirstMarker = 10; ///< Glyph 0
constexpr int kPixels = 14;

} // namespace

Glyph glyphOf(const session::Breakpoint& breakpoint, bool hasSession) {
    if (!breakpoint.enabled) {
        return Glyph::Disabled;
    }
    if (hasSession && !breakpoint.verified) {
        return Glyph::Unverified;
    }
    const session::BreakpointSpec& spec = breakpoint.spec;
    return !spec.logMessage.empty()                           ? Glyph::Log
           : !spec.condition.empty() || spec.ignore > 0       ? Glyph::Conditional
                                                              : Glyph::Plain;
}

QImage glyphImage(Glyph glyph, int size) {
    QImage image(size, size, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal unit = size / 14.0;
    const QRectF round(2 * unit, 2 * unit, 10 * unit, 10 * unit);
    const bool isHollow = glyph == Glyph::Disabled || glyph == Glyph::Unverified;
    const QColor colour = glyph == Glyph::Disabled ? theme().marginText : theme().breakpoint;
    QPen pen(colour, 1.6 * unit);
    if (glyph == Glyph::Unverified) {
        pen.setStyle(Qt::DotLine);
    }
    painter.setPen(pen);
    painter.setBrush(isHollow ? QBrush(Qt::NoBrush) : QBrush(colour));
    if (glyph == Glyph::Log) {
        QPainterPath diamond;
        diamond.moveTo(7 * unit, 1.5 * unit);
        diamond.lineTo(12.5 * unit, 7 * unit);
        diamond.lineTo(7 * unit, 12.5 * unit);
        diamond.lineTo(1.5 * unit, 7 * unit);
        diamond.closeSubpath();
        painter.drawPath(diamond);
    } else {
        painter.drawEllipse(round);
    }
    if (glyph == Glyph::Conditional) {
        painter.setPen(QPen(theme().background, 1.6 * unit));
        painter.drawLine(QPointF(4.5 * unit, 5.6 * unit), QPointF(9.5 * unit, 5.6 * unit));
        painter.drawLine(QPointF(4.5 * unit, 8.4 * unit), QPointF(9.5 * unit, 8.4 * unit));
    }
    return image;
}

void BreakpointMarks::dress() {
    for (const Glyph glyph : {Glyph::Plain, Glyph::Conditional, Glyph::Log, Glyph::Disabled, Glyph::Unverified}) {
        editor_.markerDefine(glyphImage(glyph, kPixels), kFirstMarker + static_cast<int>(glyph));
    }
}

void BreakpointMarks::show(const std::vector<BreakpointMark>& marks) {
    for (const int handle : handles_) {
        editor_.markerDeleteHandle(handle);
    }
    handles_.clear();
    shown_ = marks;
    for (const BreakpointMark& mark : shown_) {
        handles_.push_back(
            editor_.markerAdd(static_cast<int>(mark.line) - 1, kFirstMarker + static_cast<int>(mark.glyph)));
    }
}

std::vector<BreakpointMark> BreakpointMarks::moved() const {
    std::vector<BreakpointMark> moved;
    for (std::size_t at = 0; at < shown_.size(); ++at) {
        const int line = editor_.markerLine(handles_[at]); // -1: the text was replaced
        if (line >= 0 && static_cast<unsigned>(line) + 1 != shown_[at].line) {
            moved.push_back({shown_[at].id, static_cast<unsigned>(line) + 1, shown_[at].glyph});
        }
    }
    return moved;
}

} // namespace rbpf::views
