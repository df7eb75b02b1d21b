// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/debug_test.hpp"

#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QTreeWidget>
#include <algorithm>

#include "sdk/project/templates.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::gui {

using model::DebugModel;

namespace {

constexpr const char* kScript = "#include <rbpf/rbpf.h>\n"
                                "\n"
                                "static int table[4];\n"
                                "\n"
                                "int run(void)\n"
                                "{\n"
                                "    int at = 2;\n"
                                "    int rounds = 3;\n"
                                "    int total = 0;\n"
                                "    while (rounds > 0) {\n"
                                "        total += at;\n"
                                "        rounds--;\n"
                                "    }\n"
                                "    table[at] = total;\n"
                                "    bpf_printf(\"total %d\\n\", total);\n"
                                "    return total;\n"
                                "}\n";
constexpr const char* kConfig = "{\"name\": \"steps\", \"version\": \"0.1.0\", \"sources\": [\"src/*.c\"], "
                                "\"optimise\": \"debug\"}";

} // namespace

void DebugTest::openScript() {
    const QString path = QDir::home().filePath(QStringLiteral("steps"));
    const std::string folder = path.toStdString();
    QVERIFY(project::create("hello", folder));
    QVERIFY(QFile::remove(path + QStringLiteral("/src/hello.c")));
    QVERIFY(support::writeAtomically(folder + "/src/steps.c", std::string_view(kScript)));
    QVERIFY(support::writeAtomically(folder + "/rbpf.json", std::string_view(kConfig)));
    window().openPath(path);
    QVERIFY(comesTrue([&] { return window().builds().lastGood() != nullptr && editors().current() != nullptr; }));
}

unsigned DebugTest::line() {
    return debug().snapshot() ? debug().snapshot()->stop.location.line : 0;
}

bool DebugTest::isStoppedAt(unsigned wanted) {
    return debug().state() == DebugModel::State::Stopped && line() == wanted;
}

QString DebugTest::value(const QString& name) {
    if (const auto shot = debug().snapshot()) {
        const auto found = std::ranges::find(shot->locals, name, &model::ValueRow::name);
        return found == shot->locals.end() ? QString() : found->value;
    }
    return {};
}

void DebugTest::breakAt(unsigned line) {
    editors().current()->goTo(line);
    hands().press(QStringLiteral("F9"));
    QVERIFY(std::ranges::any_of(debug().breakpoints(),
                                [line](const session::Breakpoint& one) { return one.spec.line == line; }));
}

void DebugTest::goOn() {
    hands().press(QStringLiteral("F5"));
    QVERIFY(comesTrue([&] { return debug().state() == DebugModel::State::Running; }));
}

void DebugTest::resumeToAStop() {
    const session::Position before = debug().snapshot()->stop.position;
    hands().press(QStringLiteral("F5"));
    QVERIFY(comesTrue([&] {
        return debug().state() == DebugModel::State::Stopped && debug().snapshot()->stop.position != before;
    }));
}

QTreeWidget* DebugTest::tree(const QString& name) {
    const auto all = window().findChildren<QTreeWidget*>();
    const auto found = std::ranges::find_if(
        all, [&name](const QTreeWidget* one) { return one->isVisible() && one->accessibleName() == name; });
    return found == all.end() ? nullptr : *found;
}

void DebugTest::edit(const QString& name, const QString& text) {
    QTreeWidget* variables = tree(QStringLiteral("Variables"));
    QVERIFY(variables != nullptr);
    const auto rows = variables->findItems(name, Qt::MatchExactly);
    QVERIFY(!rows.isEmpty());
    variables->scrollToItem(rows.front());
    const QRect place = variables->visualItemRect(rows.front());
    hands().doubleClick(variables->viewport(), QPoint(variables->columnViewportPosition(1) + 20, place.center().y()));
    QVERIFY(comesTrue([&] { return variables->findChild<QLineEdit*>() != nullptr; }));
    hands().press(QStringLiteral("Ctrl+A"));
    hands().type(text + QLatin1Char('\n'));
}

QPoint DebugTest::placeOf(unsigned line, int column) {
    const views::CodeEditor* editor = editors().current();
    const int position = editor->positionFromLineIndex(static_cast<int>(line) - 1, std::max(column - 1, 0));
    const auto x = editor->SendScintilla(QsciScintilla::SCI_POINTXFROMPOSITION, 0UL, static_cast<long>(position));
    const auto y = editor->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL, static_cast<long>(position));
    const auto margin = editor->SendScintilla(QsciScintilla::SCI_GETMARGINWIDTHN, 0UL);
    return {static_cast<int>(column == 0 ? margin + 8 : x + 3), static_cast<int>(y) + 6};
}

} // namespace rbpf::gui
