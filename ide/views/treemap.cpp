// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/treemap.hpp"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <numeric>

#include "ide/views/theme.hpp"
#include "sdk/analyse/squarify.hpp"

namespace rbpf::views {

namespace {

constexpr double kGap = 1;
constexpr int kMargin = 8;

} // namespace

std::vector<QRectF> squarify(const std::vector<double>& bytes, QRectF area) {
    std::vector<QRectF> placed;
    for (const analyse::Area& one : analyse::squarify(bytes, {area.left(), area.top(), area.width(), area.height()})) {
        placed.emplace_back(one.left, one.top, one.width, one.height);
    }
    return placed;
}

Treemap::Treemap(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Map of the image"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void Treemap::show(std::vector<Tile> tiles) {
    const QString current = current_ >= 0 ? tiles_[static_cast<std::size_t>(current_)].name : QString();
    tiles_ = std::move(tiles);
    std::erase_if(tiles_, [](const Tile& tile) { return tile.bytes <= 0; });
    std::ranges::stable_sort(tiles_, std::greater<>(), &Tile::bytes);
    all_ = std::accumulate(tiles_.begin(), tiles_.end(), 0.0, [](double sum, const Tile& tile) { return sum + tile.bytes; });
    const auto found = std::ranges::find(tiles_, current, &Tile::name);
    current_ = found == tiles_.end() ? -1 : static_cast<int>(found - tiles_.begin());
    hovered_ = -1;
    lay();
}

void Treemap::lay() {
    std::vector<double> bytes;
    for (const Tile& tile : tiles_) {
        bytes.push_back(tile.bytes);
    }
    areas_ = squarify(bytes, QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin));
    update();
}

void Treemap::setCurrent(int index) {
    current_ = std::clamp(index, -1, static_cast<int>(tiles_.size()) - 1);
    setAccessibleDescription(current_ >= 0 ? tip(tiles_[static_cast<std::size_t>(current_)]) : QString());
    update();
}

int Treemap::tileAt(const QPointF& place) const {
    const auto found = std::ranges::find_if(areas_, [&](const QRectF& area) { return area.contains(place); });
    return found == areas_.end() ? -1 : static_cast<int>(found - areas_.begin());
}

QString Treemap::tip(const Tile& tile) const {
    const QString share = tr("%1: %2 bytes, %3 % of the image")
                              .arg(tile.name)
                              .arg(tile.bytes)
                              .arg(100 * tile.bytes / all_, 0, 'f', 1);
    return tile.note.isEmpty() ? share : share + QLatin1Char('\n') + tile.note;
}

bool Treemap::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int index = tileAt(help->pos());
        if (index >= 0) {
            QToolTip::showText(help->globalPos(), tip(tiles_[static_cast<std::size_t>(index)]), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

void Treemap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& colours = theme();
    if (tiles_.empty()) {
        painter.setPen(colours.faint);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("Build the project (Ctrl+B) to see what fills the image."));
        return;
    }
    for (std::size_t index = 0; index < tiles_.size(); ++index) {
        const Tile& tile = tiles_[index];
        const QRectF area = areas_[index].adjusted(0, 0, -kGap, -kGap);
        QColor fill = tile.isCode ? pairColour(static_cast<int>(index)) : colours.margin;
        if (static_cast<int>(index) == hovered_) {
            fill = colours.isDark ? fill.lighter(140) : fill.darker(112);
        }
        painter.fillRect(area, fill);
        painter.setPen(static_cast<int>(index) == current_ && hasFocus() ? QPen(colours.accent, 2) : QPen(colours.faint, 1));
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5));
        painter.setPen(colours.text);
        const QRectF inside = area.adjusted(5, 3, -5, -3);
        const QFontMetricsF metrics(font());
        if (inside.width() > metrics.averageCharWidth() * 3 && inside.height() >= metrics.height()) {
            painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop, metrics.elidedText(tile.name, Qt::ElideRight, inside.width()));
        }
        if (inside.width() > metrics.averageCharWidth() * 6 && inside.height() >= 2 * metrics.height()) {
            painter.setPen(colours.marginText);
            painter.drawText(inside.translated(0, metrics.height()), Qt::AlignLeft | Qt::AlignTop, tr("%1 B").arg(tile.bytes));
        }
    }
}

void Treemap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    lay();
}

void Treemap::mouseMoveEvent(QMouseEvent* event) {
    const int index = tileAt(event->position());
    if (index != hovered_) {
        hovered_ = index;
        setCursor(index >= 0 && tiles_[static_cast<std::size_t>(index)].isCode ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
    }
}

void Treemap::leaveEvent(QEvent*) {
    hovered_ = -1;
    update();
}

void Treemap::mousePressEvent(QMouseEvent* event) {
    const int index = tileAt(event->position());
    if (index >= 0 && event->button() == Qt::LeftButton) {
        setCurrent(index);
        Q_EMIT activated(tiles_[static_cast<std::size_t>(index)]);
    }
}

/// From the largest tile to the smallest and back.
void Treemap::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down: setCurrent(current_ + 1); return;
    case Qt::Key_Left:
    case Qt::Key_Up: setCurrent(std::max(current_ - 1, 0)); return;
    case Qt::Key_Home: setCurrent(0); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current_ >= 0) {
            Q_EMIT activated(tiles_[static_cast<std::size_t>(current_)]);
        }
        return;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace rbpf::views
