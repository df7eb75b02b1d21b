// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/studio_style.hpp"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyleOption>

#include "ide/views/theme.hpp"

namespace rbpf::views {

StudioStyle::StudioStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    const int usual = QProxyStyle::pixelMetric(metric, option, widget);
    switch (metric) {
    case PM_DockWidgetTitleMargin: return usual + 3;
    case PM_ToolBarItemSpacing: return usual + 2;
    case PM_ToolBarItemMargin: return usual + 1;
    case PM_TabBarTabHSpace: return usual - 6;
    default: return usual;
    }
}

QSize StudioStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                    const QWidget* widget) const {
    QSize room = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton: return room + QSize(14, 4);
    case CT_ToolButton: return room + QSize(4, 4);
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox: return room + QSize(0, 4);
    case CT_ItemViewItem: return room + QSize(0, 3);
    case CT_HeaderSection: return room + QSize(6, 3);
    default: return room;
    }
}

/// A panel's title stands on the window's colour, quieter than what the panel shows. A default button has the accent.
void StudioStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    if (element == CE_DockWidgetTitle) {
        if (const auto* title = qstyleoption_cast<const QStyleOptionDockWidget*>(option)) {
            painter->save();
            QFont font = painter->font();
            font.setBold(true);
            painter->setFont(font);
            painter->setPen(theme().marginText);
            const QRect place = subElementRect(SE_DockWidgetTitleBarText, option, widget).adjusted(6, 0, 0, 0);
            painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(title->title, Qt::ElideRight, place.width()));
            painter->restore();
            return;
        }
    }
    if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        button != nullptr && element == CE_PushButton && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
        button->state.testFlag(State_Enabled)) {
        QStyleOptionButton accented = *button;
        accented.palette.setColor(QPalette::Button, theme().accent);
        accented.palette.setColor(QPalette::ButtonText, accented.palette.color(QPalette::HighlightedText));
        QProxyStyle::drawControl(element, &accented, painter, widget);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

/// Fusion draws the line under tabs in white on a dark ground.
void StudioStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const {
    if (element == PE_FrameTabBarBase) {
        painter->fillRect(option->rect, option->palette.color(QPalette::Mid));
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    if (element == PE_IndicatorCheckBox && theme().isDark) {
        painter->setPen(theme().faint); // Fusion's own edge is darker than the ground
        painter->drawRect(option->rect.adjusted(1, 1, -2, -2));
    }
}

} // namespace rbpf::views
