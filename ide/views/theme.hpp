// SPDX-License-Identifier: GPL-3.0-or-later
// The colours and fonts of the window, in a light and a dark form. Every view takes its colours from here, so that both
// forms stay readable.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

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

/// How code looks; what is not set is the system's fixed-width font.
struct CodeLook {
    QString family;
    int points = 0;
    int zoom = 0; ///< points more
    int tabWidth = 4;
    friend bool operator==(const CodeLook&, const CodeLook&) = default;
};
/// Views take it on as they do a new palette.
void applyCode(const CodeLook& look);
[[nodiscard]] const CodeLook& codeLook();
[[nodiscard]] QFont codeFont();
/// A colour that marks the `index`-th source line in both the editor and the bytecode view.
[[nodiscard]] QColor pairColour(int index);

} // namespace rbpf::views
