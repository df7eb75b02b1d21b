// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/theme.hpp"

#include <QApplication>
#include <QEvent>
#include <QFontInfo>
#include <QWidget>
#include <algorithm>
#include <QFontDatabase>
#include <QStyle>

#include "ide/views/studio_style.hpp"

namespace rbpf::views {

namespace {

const Theme kLight{
    .isDark = false,
    .text = 0x1f2328,
    .background = 0xffffff,
    .margin = 0xf3f4f6,
    .marginText = 0x6b7280,
    .currentLine = 0xf0f5ff,
    .selection = 0xbfd7ff,
    .keyword = 0x8250df,
    .comment = 0x5f6b76,
    .string = 0x0a6640,
    .number = 0x0550ae,
    .preprocessor = 0x953800,
    .error = 0xc62828,
    .warning = 0xb26a00,
    .good = 0x1a7f37,
    .breakpoint = 0xd32f2f,
    .stopped = 0xffe48a,
    .past = 0xdbe7ff,
    .changed = 0xc62828,
    .accent = 0x1f6feb,
    .faint = 0x8c959f,
};

const Theme kDark{
    .isDark = true,
    .text = 0xe6e6e6,
    .background = 0x1e2127,
    .margin = 0x262a31,
    .marginText = 0x8b93a1,
    .currentLine = 0x272c36,
    .selection = 0x35507a,
    .keyword = 0xc792ea,
    .comment = 0x8b95a5,
    .string = 0x9ece6a,
    .number = 0x7fb4ff,
    .preprocessor = 0xffab70,
    .error = 0xff6b6b,
    .warning = 0xf0b429,
    .good = 0x57c26b,
    .breakpoint = 0xff5c5c,
    .stopped = 0x6b5a10,
    .past = 0x263d63,
    .changed = 0xff8080,
    .accent = 0x5aa2ff,
    .faint = 0x7d8590,
};

QPalette paletteOf(const Theme& theme) {
    QPalette palette;
    const QColor window = theme.isDark ? theme.margin : QColor(0xf6f7f9);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.background);
    palette.setColor(QPalette::AlternateBase, theme.margin);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::Button, window);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.error);
    // Of edges and grooves.
    palette.setColor(QPalette::Light, theme.isDark ? window.lighter(125) : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, window.lighter(theme.isDark ? 112 : 103));
    palette.setColor(QPalette::Mid, window.darker(125));
    palette.setColor(QPalette::Dark, window.darker(150));
    palette.setColor(QPalette::ToolTipBase, theme.margin);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.faint);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.isDark ? QColor(0x10, 0x14, 0x1a) : QColor(Qt::white));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, theme.faint);
    }
    return palette;
}

/// The desktop's palette, before any of ours.
const QPalette& desktopPalette() {
    static const QPalette palette = QApplication::palette();
    return palette;
}

} // namespace

const Theme& theme() {
    const QPalette palette = QApplication::palette();
    return palette.color(QPalette::WindowText).lightness() > palette.color(QPalette::Window).lightness() ? kDark
                                                                                                         : kLight;
}

void applyAppearance(Appearance appearance) {
    const QPalette& desktop = desktopPalette();
    const bool desktopIsDark =
        desktop.color(QPalette::WindowText).lightness() > desktop.color(QPalette::Window).lightness();
    const bool dark = appearance == Appearance::Dark || (appearance == Appearance::Desktop && desktopIsDark);
    if (qobject_cast<StudioStyle*>(QApplication::style()) == nullptr) {
        QApplication::setStyle(new StudioStyle);
    }
    QApplication::setPalette(paletteOf(dark ? kDark : kLight));
}

namespace {

CodeLook& look() {
    static CodeLook look;
    return look;
}

} // namespace

const CodeLook& codeLook() {
    return look();
}

void applyCode(const CodeLook& given) {
    if (look() != given) {
        look() = given;
        for (QWidget* widget : QApplication::allWidgets()) {
            QEvent event(QEvent::PaletteChange);
            QApplication::sendEvent(widget, &event);
        }
    }
}

QFont codeFont() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    if (!look().family.isEmpty()) {
        font.setFamily(look().family);
    }
    const int points = (look().points > 0 ? look().points : QFontInfo(font).pointSize()) + look().zoom;
    font.setPointSize(std::max(points, 4));
    return font;
}

QColor pairColour(int index) {
    // Fainter than the line where the script stands.
    const int hue = (index * 67) % 360;
    return theme().isDark ? QColor::fromHsl(hue, 70, 52) : QColor::fromHsl(hue, 120, 234);
}

} // namespace rbpf::views
