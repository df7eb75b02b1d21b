// SPDX-License-Identifier: GPL-3.0-or-later
// An image as areas: each tile is as large as what it stands for. Squarified (Bruls, Huizing, van Wijk: Squarified Treemaps,
// 2000).
#pragma once

#include <QWidget>
#include <vector>

namespace rbpf::views {

struct Tile {
    QString name;
    QString note; ///< of the tooltip
    double bytes = 0;
    bool isCode = false;
    QString file; ///< "" = no source
    unsigned line = 0;
    std::uint32_t offset = 0; ///< of code, from the start of the text
};

/// Areas for `bytes` (largest first, none 0) that fill `area`, in the same order.
[[nodiscard]] std::vector<QRectF> squarify(const std::vector<double>& bytes, QRectF area);

class Treemap : public QWidget {
    Q_OBJECT
public:
    explicit Treemap(QWidget* parent = nullptr);

    void show(std::vector<Tile> tiles);
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 80}; }

Q_SIGNALS:
    void activated(const rbpf::views::Tile& tile);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void lay();
    void setCurrent(int index);
    [[nodiscard]] int tileAt(const QPointF& place) const;
    [[nodiscard]] QString tip(const Tile& tile) const;

    std::vector<Tile> tiles_; ///< largest first
    std::vector<QRectF> areas_;
    double all_ = 0;
    int current_ = -1;
    int hovered_ = -1;
};

} // namespace rbpf::views
