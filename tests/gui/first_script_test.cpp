// SPDX-License-Identifier: GPL-3.0-or-later
// A first quarter of an hour with Studio: try it, step, step back, change a variable, make a mistake, see it, fix it,
// deploy. On the native board.
#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QStatusBar>
#include <QTextBrowser>
#include <QTreeWidget>

#include "ide/views/problems_view.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;
using model::DebugModel;

class FirstScript : public gui::StudioTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { openWindow(); }

    void welcomes() {
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("Templates")) != nullptr; }));
        auto* templates = gui::find(window(), QStringLiteral("Templates"));
        QVERIFY(gui::comesTrue([&] { return qobject_cast<QAbstractItemView*>(templates)->model()->rowCount() >= 5; }));
        hands().click(qobject_cast<QAbstractItemView*>(templates)->viewport(), QPoint(60, 12));
        auto* preview = qobject_cast<QTextBrowser*>(gui::find(window(), QStringLiteral("What the template does")));
        QVERIFY(gui::comesTrue([&] { return preview->toPlainText().contains(QStringLiteral("rbpf deploy")); }));
        hands().photograph(QStringLiteral("welcome"));
    }

    void oneClickLeadsToAStoppedScript() {
        hands().click(gui::find(window(), QStringLiteral("Try it on a virtual board now")));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped; }, 60000));
        const auto shot = debug().snapshot();
        QCOMPARE(shot->stop.cause, RBPF_CAUSE_ENTRY);
        QVERIFY(editors().current() != nullptr);
        QCOMPARE(editors().current()->currentLine(), shot->stop.location.line);
    }

    /// With the first click above, the third.
    void twoMoreLeadToABreakpoint() {
        auto* editor = editors().current();
        constexpr int kLine = 12;
        const auto y = editor->SendScintilla(QsciScintilla::SCI_POINTYFROMPOSITION, 0UL,
                                             editor->SendScintilla(QsciScintilla::SCI_POSITIONFROMLINE, kLine - 1));
        const auto numbers = editor->SendScintilla(QsciScintilla::SCI_GETMARGINWIDTHN, 0UL);
        hands().click(editor->viewport(), QPoint(static_cast<int>(numbers) + 8, static_cast<int>(y) + 6));
        QVERIFY(gui::comesTrue([&] { return debug().breakpoints().size() == 1; }));
        QCOMPARE(debug().breakpoints().front().spec.line, static_cast<unsigned>(kLine));
        hands().click(gui::find(window(), QStringLiteral("Start / Continue")));
        QVERIFY(gui::comesTrue([&] {
            return debug().state() == DebugModel::State::Stopped &&
                   debug().snapshot()->stop.cause == RBPF_CAUSE_BREAKPOINT;
        }));
        QCOMPARE(debug().snapshot()->stop.location.line, static_cast<unsigned>(kLine));
        hands().press(QStringLiteral("F9"));
        QVERIFY(debug().breakpoints().empty());
        hands().press(QStringLiteral("Alt+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped && debug().snapshot()->stop.position.step == 0; }));
    }

    void stepsForwardsAndBack() {
        const auto line = [this] { return debug().snapshot() ? debug().snapshot()->stop.location.line : 0U; };
        const unsigned first = line();
        step(QStringLiteral("F10"));
        const unsigned second = line();
        QVERIFY(second > first);
        step(QStringLiteral("F10"));
        const unsigned third = line();
        QVERIFY(third > second);
        hands().photograph(QStringLiteral("debugging"));
        step(QStringLiteral("Alt+F10"));
        QCOMPARE(line(), second);
        QVERIFY(!debug().snapshot()->stop.position.live);
        hands().photograph(QStringLiteral("in-the-past"));
    }

    void endsTheSession() {
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void aMistakeShowsWhileTyping() {
        auto* problems = window().findChild<views::ProblemsView*>();
        auto* editor = editors().current();
        QVERIFY(editor != nullptr);
        hands().click(editor->viewport(), QPoint(300, 40));
        hands().press(QStringLiteral("Ctrl+Home"));
        const QByteArray cost = costOf(*editor, 18);
        QVERIFY(cost.contains("3  24 B"));
        hands().type(QStringLiteral("int broken = nothing;\n"));
        QVERIFY(gui::comesTrue([&] { return problems->errors() > 0; }));
        QCOMPARE(costOf(*editor, 19), cost); // moved with its line
        QVERIFY(problems->topLevelItem(0)->text(0).contains(QStringLiteral("nothing")));
        hands().photograph(QStringLiteral("mistake"));
        for (int change = 0; change < 40 && problems->errors() > 0; ++change) {
            hands().press(QStringLiteral("Ctrl+Z"));
            if (!editor->text().contains(QStringLiteral("broken"))) {
                break;
            }
        }
        QVERIFY(gui::comesTrue([&] { return problems->errors() == 0; }));
    }

    void deploysWithOneKey() {
        hands().press(QStringLiteral("Ctrl+U"));
        QVERIFY(gui::comesTrue([&] { return window().statusBar()->currentMessage().contains(QStringLiteral("runs in slot")); }));
        QVERIFY(gui::comesTrue([&] {
            const auto* board = window().boards().selectedBoard();
            return board != nullptr && !board->slots.empty() && board->slots[0].state != "empty";
        }));
        hands().photograph(QStringLiteral("deployed"));
    }

    void aBreakpointStopsTheNextRun() {
        auto* editor = editors().current();
        editor->goTo(18);
        hands().press(QStringLiteral("F9"));
        QCOMPARE(debug().breakpoints().size(), std::size_t{1});
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped; }, 60000));
        QCOMPARE(debug().snapshot()->stop.cause, RBPF_CAUSE_BREAKPOINT);
        QCOMPARE(debug().snapshot()->stop.location.line, 18U);
        const auto& locals = debug().snapshot()->locals;
        QVERIFY(std::ranges::any_of(locals, [](const model::ValueRow& row) { return row.name == QStringLiteral("m"); }));
        hands().photograph(QStringLiteral("breakpoint"));
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    static QByteArray costOf(const QsciScintilla& editor, int line) {
        QByteArray text(static_cast<qsizetype>(editor.SendScintilla(QsciScintilla::SCI_MARGINGETTEXT, line - 1L,
                                                                   static_cast<void*>(nullptr))), '\0');
        editor.SendScintilla(QsciScintilla::SCI_MARGINGETTEXT, line - 1L, text.data());
        return text;
    }
};

QTEST_MAIN(FirstScript)
#include "first_script_test.moc"
