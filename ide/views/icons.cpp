// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/icons.hpp"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

/// Everything is drawn in a square of 16 × 16, y downwards.
struct Drawing {
    QPainterPath lines, filled;
};

QPainterPath polygon(std::initializer_list<QPointF> points) {
    QPainterPath path;
    path.addPolygon(QPolygonF(QList<QPointF>(points)));
    path.closeSubpath();
    return path;
}

/// An arc over a dot, as debuggers show a step, with its arrow's head at the right end.
Drawing stepOver() {
    Drawing drawing;
    drawing.lines.moveTo(2, 9.5);
    drawing.lines.arcTo(QRectF(2, 3.5, 11, 11), 180, -150);
    drawing.filled = polygon({{14.6, 4.6}, {14.2, 10.2}, {9.6, 7.6}});
    drawing.filled.addEllipse(QPointF(7.5, 12), 2, 2);
    return drawing;
}

Drawing stepInto() {
    Drawing drawing;
    drawing.lines.moveTo(8, 1.5);
    drawing.lines.lineTo(8, 6);
    drawing.filled = polygon({{4.5, 5}, {11.5, 5}, {8, 9.5}});
    drawing.filled.addEllipse(QPointF(8, 12.5), 2, 2);
    return drawing;
}

Drawing stepOut() {
    Drawing drawing;
    drawing.lines.moveTo(8, 5);
    drawing.lines.lineTo(8, 9.5);
    drawing.filled = polygon({{4.5, 6}, {11.5, 6}, {8, 1.5}});
    drawing.filled.addEllipse(QPointF(8, 12.5), 2, 2);
    return drawing;
}

Drawing mirrored(Drawing drawing) {
    const QTransform flip(-1, 0, 0, 1, 16, 0);
    drawing.lines = flip.map(drawing.lines);
    drawing.filled = flip.map(drawing.filled);
    return drawing;
}

Drawing hammer() {
    Drawing drawing;
    drawing.lines.moveTo(2.5, 13.5);
    drawing.lines.lineTo(8.5, 7.5);
    drawing.filled = polygon({{5.5, 4.5}, {9, 1.5}, {14.5, 7}, {11.5, 10.5}});
    return drawing;
}

Drawing upload() {
    Drawing drawing;
    drawing.lines.moveTo(8, 10.5);
    drawing.lines.lineTo(8, 5);
    drawing.lines.moveTo(2.5, 10.5);
    drawing.lines.lineTo(2.5, 13.5);
    drawing.lines.lineTo(13.5, 13.5);
    drawing.lines.lineTo(13.5, 10.5);
    drawing.filled = polygon({{4, 6}, {12, 6}, {8, 1.5}});
    return drawing;
}

Drawing bars() {
    Drawing drawing;
    drawing.filled.addRect(QRectF(4, 3, 3, 10));
    drawing.filled.addRect(QRectF(9, 3, 3, 10));
    return drawing;
}

Drawing square() {
    Drawing drawing;
    drawing.filled.addRoundedRect(QRectF(3.5, 3.5, 9, 9), 1, 1);
    return drawing;
}

Drawing triangle() {
    return {{}, polygon({{4, 2}, {13.5, 8}, {4, 14}})};
}

Drawing drawingOf(Symbol symbol) {
    switch (symbol) {
    case Symbol::Build: return hammer();
    case Symbol::Deploy: return upload();
    case Symbol::Start: return triangle();
    case Symbol::Pause: return bars();
    case Symbol::Stop: return square();
    case Symbol::StepOver: return stepOver();
    case Symbol::StepInto: return stepInto();
    case Symbol::StepOut: return stepOut();
    case Symbol::ContinueBack: return mirrored(triangle());
    case Symbol::StepBackOver: return mirrored(stepOver());
    case Symbol::StepBackInto: return mirrored(stepInto());
    }
    return {};
}

/// What goes on is green, what ends is red, what goes back is blue, the rest is as the text.
QColor colourOf(Symbol symbol) {
    switch (symbol) {
    case Symbol::Start: return theme().good;
    case Symbol::Stop: return theme().breakpoint;
    case Symbol::Deploy:
    case Symbol::ContinueBack:
    case Symbol::StepBackOver:
    case Symbol::StepBackInto: return theme().accent;
    default: return theme().text;
    }
}

class Engine : public QIconEngine {
public:
    explicit Engine(Symbol symbol) : symbol_(symbol) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const Drawing drawing = drawingOf(symbol_);
        QColor colour = colourOf(symbol_);
        if (mode == QIcon::Disabled) {
            colour = theme().faint;
            colour.setAlphaF(0.5F);
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(rect.width() / 16.0, rect.height() / 16.0);
        painter->strokePath(drawing.lines, QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->fillPath(drawing.filled, colour);
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new Engine(symbol_); }

private:
    Symbol symbol_;
};

} // namespace

QIcon icon(Symbol symbol) {
    return QIcon(new Engine(symbol));
}

} // namespace rbpf::views
