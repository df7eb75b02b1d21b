// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion with room to breathe: the same on every desktop, in both themes.
#pragma once

#include <QProxyStyle>

namespace rbpf::views {

class StudioStyle : public QProxyStyle {
    Q_OBJECT
public:
    StudioStyle();

    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                           const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
};

} // namespace rbpf::views
