// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/studio/cold_start.hpp"

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/keysym.h>

extern char** environ;

namespace rbpf::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kDeadline{20};
constexpr int kMenuHeight = 32, kMenuWidth = 300;

struct Closer {
    void operator()(Display* display) const { XCloseDisplay(display); }
};
using Screen = std::unique_ptr<Display, Closer>;

/// Reads events until `isIt` says so of one.
bool await(Display* display, Clock::time_point deadline, const std::function<bool(const XEvent&)>& isIt) {
    while (true) {
        while (XPending(display) > 0) {
            XEvent event;
            XNextEvent(display, &event);
            if (isIt(event)) {
                return true;
            }
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd connection{ConnectionNumber(display), POLLIN, 0};
        if (left.count() <= 0 || poll(&connection, 1, static_cast<int>(left.count())) < 0) {
            return false;
        }
    }
}

/// There is more than one colour where the menus are.
bool isPainted(Display* display, Window window) {
    XImage* image = XGetImage(display, window, 0, 0, kMenuWidth, kMenuHeight, AllPlanes, ZPixmap);
    if (image == nullptr) {
        return false;
    }
    bool differs = false;
    for (int y = 0; y < kMenuHeight && !differs; ++y) {
        for (int x = 0; x < kMenuWidth && !differs; ++x) {
            differs = XGetPixel(image, x, y) != XGetPixel(image, 0, 0);
        }
    }
    XDestroyImage(image);
    return differs;
}

/// Ctrl+Shift+P: the command palette.
void askForCommands(Display* display, Window window) {
    XSetInputFocus(display, window, RevertToParent, CurrentTime);
    for (const int isDown : {1, 0}) {
        for (const KeySym key : {XK_Control_L, XK_Shift_L, XK_p}) {
            XTestFakeKeyEvent(display, XKeysymToKeycode(display, key), isDown, CurrentTime);
        }
    }
    XFlush(display);
}

bool comesUp(Display* display) {
    const auto deadline = Clock::now() + kDeadline;
    Window window = 0;
    const auto isShown = [&](const XEvent& event) {
        XWindowAttributes attributes;
        if (event.type != MapNotify || event.xmap.override_redirect != 0 ||
            XGetWindowAttributes(display, event.xmap.window, &attributes) == 0 || attributes.width < kMenuWidth) {
            return false;
        }
        window = event.xmap.window;
        return true;
    };
    if (!await(display, deadline, isShown)) {
        return false;
    }
    while (!isPainted(display, window)) {
        if (Clock::now() > deadline) {
            return false;
        }
        poll(nullptr, 0, 1);
    }
    askForCommands(display, window);
    return await(display, deadline, [](const XEvent& event) { return event.type == MapNotify && event.xmap.override_redirect != 0; });
}

} // namespace

double coldStartMs(const std::string& studio) {
    const Screen display(XOpenDisplay(nullptr));
    if (!display) {
        return -1;
    }
    XSelectInput(display.get(), DefaultRootWindow(display.get()), SubstructureNotifyMask);
    XSync(display.get(), 0);
    std::string path = studio;
    char* arguments[] = {path.data(), nullptr};
    pid_t process = 0;
    const auto begin = Clock::now();
    if (posix_spawn(&process, path.c_str(), nullptr, nullptr, arguments, environ) != 0) {
        return -1;
    }
    const bool isUp = comesUp(display.get());
    const double milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    kill(process, SIGTERM);
    waitpid(process, nullptr, 0);
    return isUp ? milliseconds : -1;
}

} // namespace rbpf::bench
