// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/hands.hpp"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QPixmap>
#include <QScreen>
#include <QTest>
#include <QTimer>

#include "ide/views/theme.hpp"
#include "tests/gui/stall_watch.hpp"

#include <X11/Xlib.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>
#undef Bool
#undef None
#undef KeyPress
#undef KeyRelease

namespace rbpf::gui {

struct Hands::Screen {
    Display* display;
};

Hands::Hands(QWidget& window)
    : window_(&window), arrivals_(std::make_unique<Arrivals>()), screen_(new Screen{XOpenDisplay(nullptr)}) {}

Hands::Hands(const QString& title) : screen_(new Screen{XOpenDisplay(nullptr)}) {
    static_cast<void>(comesTrue([&] { return (other_ = findWindow(title)) != 0; }));
}

/// Visible top-level windows are children of the root: there is no window manager.
unsigned long Hands::findWindow(const QString& title) const {
    Window root = 0;
    Window parent = 0;
    Window* all = nullptr;
    unsigned count = 0;
    unsigned long found = 0;
    XQueryTree(screen_->display, DefaultRootWindow(screen_->display), &root, &parent, &all, &count);
    for (unsigned index = 0; index < count && found == 0; ++index) {
        char* name = nullptr;
        XWindowAttributes attributes{};
        if (XGetWindowAttributes(screen_->display, all[index], &attributes) != 0 && attributes.map_state == IsViewable &&
            XFetchName(screen_->display, all[index], &name) != 0) {
            found = QString::fromUtf8(name).startsWith(title) ? all[index] : 0;
            XFree(name);
        }
    }
    XFree(all);
    return found;
}

Hands::~Hands() {
    XCloseDisplay(screen_->display);
    delete screen_;
}

/// There is no window manager: the window that is used gets the keys.
void Hands::focus() {
    if (window_ == nullptr) {
        XSetInputFocus(screen_->display, other_, RevertToParent, CurrentTime);
        XSync(screen_->display, 0);
        return;
    }
    QWidget* top = QApplication::activePopupWidget() != nullptr   ? QApplication::activePopupWidget()
                   : QApplication::activeModalWidget() != nullptr ? QApplication::activeModalWidget()
                                                                  : window_;
    XSetInputFocus(screen_->display, static_cast<Window>(top->winId()), RevertToParent, CurrentTime);
    XFlush(screen_->display);
    // Events that nobody has the focus for are lost, and the test's next wait tells.
    static_cast<void>(QTest::qWaitFor([top] { return top->isActiveWindow() || top->windowType() == Qt::Popup; }, 2000));
}

void Hands::click(QWidget* widget) {
    click(widget, widget->rect().center());
}

void Hands::click(QWidget* widget, const QPoint& place) {
    button(widget, place, 1, 1);
}

void Hands::controlClick(QWidget* widget, const QPoint& place) {
    focus();
    const KeyCode control = XKeysymToKeycode(screen_->display, XK_Control_L);
    XTestFakeKeyEvent(screen_->display, control, 1, CurrentTime);
    button(widget, place, 1, 1);
    XTestFakeKeyEvent(screen_->display, control, 0, CurrentTime);
    XSync(screen_->display, 0);
    arrived(1);
}

void Hands::doubleClick(QWidget* widget, const QPoint& place) {
    button(widget, place, 1, 2);
}

bool Hands::choose(QWidget* widget, const QPoint& place, const QString& entry) {
    bool isChosen = false;
    // The menu has an event loop of its own.
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) {
            return;
        }
        for (QAction* action : menu->actions()) {
            if (action->text().remove(u'&').startsWith(entry) && action->isEnabled()) {
                look.stop();
                isChosen = true;
                button(menu, menu->actionGeometry(action).center(), 1, 1);
                return;
            }
        }
        look.stop();
        menu->close();
    });
    look.start(50);
    button(widget, place, 3, 1);
    static_cast<void>(QTest::qWaitFor([&] { return !look.isActive(); }, 5000));
    return isChosen;
}

/// Where on the screen, once several looks find it at the same place: panels that have just been shown still move.
QPoint Hands::resting(QWidget* widget, const QPoint& place) {
    constexpr int kLooks = 3;
    QPoint at;
    int same = 0;
    static_cast<void>(QTest::qWaitFor(
        [&] {
            const QPoint now = widget->mapToGlobal(place);
            same = now == at ? same + 1 : 0;
            at = now;
            return same >= kLooks && widget->isEnabled();
        },
        1000));
    return at;
}

void Hands::button(QWidget* widget, const QPoint& place, unsigned number, int times) {
    focus();
    // X counts in the screen's own pixels.
    const QPoint at = (QPointF(resting(widget, place)) * widget->devicePixelRatioF()).toPoint();
    XTestFakeMotionEvent(screen_->display, -1, at.x(), at.y(), CurrentTime);
    for (int time = 0; time < times; ++time) {
        XTestFakeButtonEvent(screen_->display, number, 1, CurrentTime);
        XTestFakeButtonEvent(screen_->display, number, 0, CurrentTime);
    }
    XSync(screen_->display, 0);
    arrived(times);
}

/// Waits for that many keys or buttons that were let go.
void Hands::arrived(int releases) {
    if (arrivals_) {
        arrivals_->wait(releases);
    }
}

void Hands::point(QWidget* widget, const QPoint& place) {
    const QPoint at = widget->mapToGlobal(place);
    // A tooltip comes for a mouse that has moved and then rests.
    for (const int away : {6, 3, 0}) {
        XTestFakeMotionEvent(screen_->display, -1, at.x() + away, at.y(), CurrentTime);
        XSync(screen_->display, 0);
        QApplication::processEvents();
    }
}

void Hands::key(unsigned long symbol, bool shift, bool control, bool alt) {
    Display* display = screen_->display;
    const auto press = [display](unsigned long one, int down) {
        XTestFakeKeyEvent(display, XKeysymToKeycode(display, one), down, CurrentTime);
    };
    const auto modifiers = [&](int down) {
        if (shift) {
            press(XK_Shift_L, down);
        }
        if (control) {
            press(XK_Control_L, down);
        }
        if (alt) {
            press(XK_Alt_L, down);
        }
    };
    modifiers(1);
    press(symbol, 1);
    press(symbol, 0);
    modifiers(0);
    XSync(display, 0);
    arrived(1 + (shift ? 1 : 0) + (control ? 1 : 0) + (alt ? 1 : 0));
}

void Hands::press(const QString& keys) {
    focus();
    const QKeyCombination combination = QKeySequence(keys)[0];
    const int key = combination.key();
    const unsigned long symbol = key >= Qt::Key_F1 && key <= Qt::Key_F12 ? XK_F1 + static_cast<unsigned long>(key - Qt::Key_F1)
                                 : key == Qt::Key_Return                ? XK_Return
                                 : key == Qt::Key_Escape                ? XK_Escape
                                 : key == Qt::Key_Tab                   ? XK_Tab
                                 : key == Qt::Key_Left                  ? XK_Left
                                 : key == Qt::Key_Down                  ? XK_Down
                                 : key == Qt::Key_Right                 ? XK_Right
                                 : key == Qt::Key_Up                    ? XK_Up
                                 : key == Qt::Key_Tab                   ? XK_Tab
                                 : key == Qt::Key_PageUp                ? XK_Page_Up
                                 : key == Qt::Key_PageDown              ? XK_Page_Down
                                 : key == Qt::Key_End                   ? XK_End
                                 : key == Qt::Key_Home                  ? XK_Home
                                 : key == Qt::Key_Delete                ? XK_Delete
                                                                        : static_cast<unsigned long>(QChar(key).toLower().unicode());
    const auto modifiers = combination.keyboardModifiers();
    this->key(symbol, modifiers.testFlag(Qt::ShiftModifier), modifiers.testFlag(Qt::ControlModifier),
              modifiers.testFlag(Qt::AltModifier));
}

void Hands::type(const QString& text) {
    focus();
    for (const QChar letter : text) {
        const unsigned long symbol = letter == QLatin1Char('\n') ? XK_Return : letter.unicode();
        const KeyCode code = XKeysymToKeycode(screen_->display, symbol);
        // The first symbol of a key needs no shift.
        int count = 0;
        KeySym* symbols = XGetKeyboardMapping(screen_->display, code, 1, &count);
        const bool shift = count > 1 && symbols[0] != symbol;
        XFree(symbols);
        key(symbol, shift, false, false);
    }
}

/// The screen, when several looks at it show the same; after a second, as it is.
QPixmap Hands::settled() {
    constexpr int kLooks = 4;
    QImage before;
    QPixmap now;
    int same = 0;
    static_cast<void>(QTest::qWaitFor(
        [&] {
            now = QApplication::primaryScreen()->grabWindow(0);
            const QImage image = now.toImage();
            same = image == before ? same + 1 : 0;
            before = image;
            return same >= kLooks;
        },
        1000));
    return now;
}

void Hands::photograph(const QString& name) {
    const StallWatch::NotNow notNow;
    const QDir folder(qEnvironmentVariable("RBPF_SCREENSHOTS", QDir::tempPath()));
    folder.mkpath(QStringLiteral("."));
    if (window_ == nullptr) {
        settled().save(folder.filePath(name + QStringLiteral(".png")));
        return;
    }
    views::applyAppearance(views::Appearance::Dark);
    settled().save(folder.filePath(name + QStringLiteral("-dark.png")));
    views::applyAppearance(views::Appearance::Light);
    settled().save(folder.filePath(name + QStringLiteral("-light.png")));
}

bool comesTrue(const std::function<bool()>& isSo, int deadlineMs) {
    return QTest::qWaitFor(isSo, deadlineMs);
}

QWidget* find(QWidget& root, const QString& name) {
    for (QWidget* widget : root.findChildren<QWidget*>()) {
        if (!widget->isVisible()) {
            continue;
        }
        const auto* button = qobject_cast<QAbstractButton*>(widget);
        QString text = button != nullptr ? button->text() : QString();
        text.remove(QLatin1Char('&'));
        if (text == name || widget->accessibleName() == name) {
            return widget;
        }
    }
    return nullptr;
}

} // namespace rbpf::gui
