// SPDX-License-Identifier: GPL-3.0-or-later
// rbpf-bench-studio STUDIO RUNS: measures rBPF Studio in the X server of $DISPLAY: its start as a process of its own, typing
// and costs in its window, by keys that the server sends (XTEST), and its memory while a script is debugged. Prints lines
// "NAME VALUE"; tests/bench/figures.py makes figures of them.
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFile>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "ide/app/main_window.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/theme.hpp"
#include "sdk/project/templates.hpp"
#include "tests/bench/studio/cold_start.hpp"
#include "tests/gui/hands.hpp"

#include <X11/Xlib.h>

using namespace rbpf;

namespace {

constexpr int kKeys = 300, kBurst = 12, kCostRuns = 15, kWarmUp = 2;
constexpr int kKeyPauseMs = 70;    // between keys: somebody who types fast
constexpr int kBurstPauseMs = 400; // between words: builds in the background begin and end
constexpr int kFunctions = 190;    // with ten lines each

[[noreturn]] void fail(const QString& what) {
    std::fprintf(stderr, "rbpf-bench-studio: %s\n", qPrintable(what));
    std::exit(1);
}

void check(bool isSo, const char* what) {
    if (!isSo) {
        fail(QString::fromLatin1(what));
    }
}

void saveAll(app::MainWindow& window) {
    bool isSaved = false;
    window.findChild<views::EditorTabs*>()->saveAll([&isSaved] { isSaved = true; });
    check(gui::comesTrue([&] { return isSaved; }), "the script cannot be saved");
}

void print(const char* name, double value) {
    std::printf("%s %.3f\n", name, value);
    std::fflush(stdout);
}

double quantile(std::vector<double> values, double part) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
}

/// Lets the window work for a while.
void work(int milliseconds) {
    QElapsedTimer timer;
    timer.start();
    static_cast<void>(gui::comesTrue([&] { return timer.elapsed() >= milliseconds; }, milliseconds + 1000));
}

/// Counts the paintings of a widget and what is in it.
class Paintings : public QObject {
public:
    explicit Paintings(QWidget* widget) {
        widget->installEventFilter(this);
        for (QWidget* child : widget->findChildren<QWidget*>()) {
            child->installEventFilter(this);
        }
    }
    int count = 0;

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

/// The X server has what was painted.
void awaitServer() {
    XSync(qGuiApp->nativeInterface<QNativeInterface::QX11Application>()->display(), 0);
}

/// Milliseconds from a key until `isDone`, then until the server has the picture.
template <typename Done>
double timeKey(gui::Hands& hands, const QString& key, Done isDone, const char* what) {
    QElapsedTimer timer;
    timer.start();
    hands.type(key);
    QElapsedTimer deadline;
    deadline.start();
    while (!isDone()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
        check(deadline.elapsed() < 30000, what);
    }
    awaitServer();
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// A script of 2,000 lines; every fourth function is reached.
QByteArray longSource() {
    QByteArray text("#include <rbpf/rbpf.h>\n\nstatic uint32_t state[8];\n\n");
    for (int number = 0; number < kFunctions; ++number) {
        const QByteArray n = QByteArray::number(number);
        text += "static " + QByteArray(number % 4 == 0 ? "__attribute__((noinline))" : "__attribute__((unused))") + " uint32_t step_" + n +
                "(uint32_t value)\n{\n    /* Mixes the value into one of the states. */\n    uint32_t index = value % 8;\n"
                "    if (state[index] > " + n + ") {\n        state[index] -= value;\n    }\n"
                "    state[index] += value * " + n + ";\n    return state[index];\n}\n";
    }
    text += "\nint run(void *context)\n{\n    uint32_t value = 1;\n    (void)context;\n";
    for (int number = 0; number < kFunctions; number += 4) {
        text += "    value = step_" + QByteArray::number(number) + "(value);\n";
    }
    text += "    return (int)value;\n}\n";
    while (text.count('\n') < 2000) {
        text += "/* The end. */\n";
    }
    return text;
}

void openProject(app::MainWindow& window, const QString& folder) {
    const auto before = window.builds().lastGood();
    window.openPath(folder);
    check(gui::comesTrue([&] { return window.builds().lastGood() && window.builds().lastGood() != before; }, 60000), "the project does not build");
    work(500);
}

views::CodeEditor& editor(app::MainWindow& window) {
    views::CodeEditor* current = window.findChild<views::EditorTabs*>()->current();
    check(current != nullptr, "no editor is open");
    return *current;
}

/// The line with this text, from 0.
int lineOf(const views::CodeEditor& editor, const QString& text) {
    int line = 0;
    while (line < editor.lines() && !editor.text(line).contains(text)) {
        ++line;
    }
    check(line < editor.lines(), "the script is not what it should be");
    return line;
}

void putCursor(views::CodeEditor& editor, int line, int column) {
    editor.goTo(static_cast<unsigned>(line + 1));
    editor.setCursorPosition(line, column);
    editor.setFocus();
    work(1000);
}

/// One key after the other into a long file, while builds go on in the background.
void measureKeys(app::MainWindow& window, gui::Hands& hands) {
    views::CodeEditor& text = editor(window);
    putCursor(text, lineOf(text, QStringLiteral("Mixes the value")), 7);
    Paintings paintings(text.viewport());
    const QString letters = QStringLiteral("value index ");
    std::vector<double> times;
    for (int number = 0; number < kKeys; ++number) {
        const int length = text.length();
        const int painted = paintings.count;
        times.push_back(timeKey(hands, letters.mid(number % letters.size(), 1),
                                [&] { return text.length() > length && paintings.count > painted; }, "a key does not appear"));
        work(number % kBurst == kBurst - 1 ? kBurstPauseMs : kKeyPauseMs);
    }
    print("studio.key.ms.p50", quantile(times, 0.5));
    print("studio.key.ms.p95", quantile(times, 0.95));
    print("studio.key.ms.max", quantile(times, 1));
}

/// From the last key until the size view shows what the script costs now: letters go into a string that it prints.
double costsMs(app::MainWindow& window, gui::Hands& hands, const QString& after) {
    views::CodeEditor& text = editor(window);
    const int line = lineOf(text, after) + 1;
    const QString statement = QStringLiteral("    bpf_printf(\"\");\n");
    text.insertAt(statement, line, 0);
    putCursor(text, line, static_cast<int>(statement.indexOf(QLatin1Char('"'))) + 1);
    Paintings paintings(window.findChild<views::SizeView*>());
    window.findChild<QDockWidget*>(QStringLiteral("Size and cost"))->raise();
    work(1000);
    std::vector<double> times;
    int painted = -1;
    QObject watcher;
    QObject::connect(&window.builds(), &model::BuildModel::finished, &watcher, [&] { painted = painted < 0 ? paintings.count : painted; });
    for (int run = 0; run < kCostRuns + kWarmUp; ++run) {
        painted = -1;
        const auto isShown = [&] { return painted >= 0 && paintings.count > painted; };
        const double time = timeKey(hands, QStringLiteral("a"), isShown, "the costs do not come");
        if (run >= kWarmUp) {
            times.push_back(time);
        }
        work(300);
    }
    return quantile(times, 0.5);
}

/// Of a process, MB; "Rss:" or "Pss:".
double memoryMb(const std::string& process, const std::string& what) {
    std::ifstream file("/proc/" + process + "/smaps_rollup");
    std::string word;
    double kilobytes = 0;
    while (file >> word) {
        if (word == what) {
            file >> kilobytes;
            break;
        }
    }
    return kilobytes / 1024;
}

/// The programs that this one has started and that still run: the language server.
double helpersMb() {
    double sum = 0;
    for (const QString& thread : QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        std::ifstream file("/proc/self/task/" + thread.toStdString() + "/children");
        std::string child;
        while (file >> child) {
            sum += memoryMb(child, "Pss:");
        }
    }
    return sum;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: rbpf-bench-studio STUDIO RUNS\n");
        return 2;
    }
    std::vector<double> starts;
    for (int run = 0; run < std::atoi(argv[2]) + kWarmUp; ++run) {
        const double time = bench::coldStartMs(argv[1]);
        check(time > 0, "Studio does not come up");
        if (run >= kWarmUp) {
            starts.push_back(time);
        }
    }
    print("studio.start.ms", quantile(starts, 0.5));

    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("rbpf"));
    QCoreApplication::setApplicationName(QStringLiteral("rbpf-studio"));
    views::applyAppearance(views::Appearance::Light);
    app::MainWindow window;
    window.move(0, 0);
    window.show();
    gui::Hands hands(window);

    const QString small = QDir::home().filePath(QStringLiteral("small"));
    check(project::create("coap-sensor", small.toStdString()).has_value(), "no project from the template coap-sensor");
    openProject(window, small);
    print("studio.costs.ms", costsMs(window, hands, QStringLiteral("phydat_t m;")));
    saveAll(window);

    const QString large = QDir::home().filePath(QStringLiteral("large"));
    check(project::create("hello", large.toStdString()).has_value(), "no project from the template hello");
    QDir sources(large + QStringLiteral("/src"));
    for (const QString& name : sources.entryList(QDir::Files)) {
        sources.remove(name);
    }
    QFile source(sources.filePath(QStringLiteral("main.c")));
    check(source.open(QIODevice::WriteOnly) && source.write(longSource()) > 0, "the long source cannot be written");
    source.close();
    openProject(window, large);
    print("studio.costs.large.ms", costsMs(window, hands, QStringLiteral("uint32_t value = 1;")));
    measureKeys(window, hands);
    saveAll(window);

    window.tryIt();
    check(gui::comesTrue([&] { return window.debug().state() == model::DebugModel::State::Stopped; }, 60000), "the script does not stop");
    work(1000);
    print("studio.memory.mb", memoryMb("self", "Rss:"));
    print("studio.memory.pss.mb", memoryMb("self", "Pss:"));
    print("studio.memory.helpers.mb", helpersMb());
    window.debug().stop();
    check(gui::comesTrue([&] { return window.debug().state() == model::DebugModel::State::Off; }, 20000), "the session does not end");
    return 0;
}
