// SPDX-License-Identifier: GPL-3.0-or-later
// The colours and fonts of the window, in a light and a dark form. Every view takes its colours from here, so that both
// forms stay readable.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace rbpf::views {

struct Theme {
    bool isDark = false;
    QColor text, background, margin, marginText, currentLine, selection;
    QColor keyword, comment, string, number, preprocessor;
    QColor error, warning, good, breakpoint, stopped, past, changed, accent, faint;
};

/// Of the palette in use: what is light on dark gets the dark form.
[[nodiscard]] const Theme& theme();
/// Follows the desktop, or a choice of the user.
enum class Appearance {
    Desktop,
    Light,
    Dark
};
/// Sets the application's palette and style; views read theme() again on QEvent::PaletteChange.
void applyAppearance(Appearance appearance);

/// The system's fixed-width font.
[[nodiscard]] QFont codeFont();
/// A colour that marks the `index`-th source line in both the editor and the bytecode view.
[[nodiscard]] QColor pairColour(int index);

} // namespace rbpf::views
