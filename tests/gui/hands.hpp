// SPDX-License-Identifier: GPL-3.0-or-later
// A user's hands: mouse and keys through the X server (XTEST), so that the application gets what a person would send.
#pragma once

#include <QKeySequence>
#include <QPixmap>
#include <QPoint>
#include <QString>
#include <QWidget>
#include <functional>
#include <memory>

#include "tests/gui/arrivals.hpp"

namespace rbpf::gui {

class Hands {
public:
    explicit Hands(QWidget& window);
    /// On a window of another program, by its title's start; waits for it.
    explicit Hands(const QString& title);
    ~Hands();
    Hands(const Hands&) = delete;
    Hands& operator=(const Hands&) = delete;

    /// Clicks into the middle of a widget, or at a place in it.
    void click(QWidget* widget);
    void click(QWidget* widget, const QPoint& place);
    void doubleClick(QWidget* widget, const QPoint& place);
    void controlClick(QWidget* widget, const QPoint& place);
    /// Opens the context menu of a place and chooses the entry that begins so.
    [[nodiscard]] bool choose(QWidget* widget, const QPoint& place, const QString& entry);
    /// Rests the mouse at a place in a widget.
    void point(QWidget* widget, const QPoint& place);
    /// "Ctrl+B", "F5".
    void press(const QString& keys);
    /// Letters, digits, signs and "\n", as a US keyboard has them.
    void type(const QString& text);
    /// The window as it is on the screen, once nothing on it moves any more, in both themes: NAME-light.png and
    /// NAME-dark.png in the folder of $RBPF_SCREENSHOTS.
    void photograph(const QString& name);

private:
    [[nodiscard]] static QPoint resting(QWidget* widget, const QPoint& place);
    void button(QWidget* widget, const QPoint& place, unsigned number, int times);
    void key(unsigned long symbol, bool shift, bool control, bool alt);
    void arrived(int releases);
    void focus();
    [[nodiscard]] QPixmap settled();
    [[nodiscard]] unsigned long findWindow(const QString& title) const;

    QWidget* window_ = nullptr;
    unsigned long other_ = 0; ///< of another program
    std::unique_ptr<Arrivals> arrivals_; ///< none at another program's window
    struct Screen;
    Screen* screen_;
};

/// Lets the application work until `isSo`; false at the deadline.
[[nodiscard]] bool comesTrue(const std::function<bool()>& isSo, int deadlineMs = 20000);

/// The button with this text, or the widget with this accessible name, below `root`; null if there is none on screen.
[[nodiscard]] QWidget* find(QWidget& root, const QString& name);

} // namespace rbpf::gui
