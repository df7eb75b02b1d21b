// SPDX-License-Identifier: GPL-3.0-or-later
// The debugger's panels by mouse and keys: breakpoints that ask, log and move with the text; memory that is edited and
// asked who wrote it; registers as pointers; the timeline; values under the mouse.
#include <QApplication>
#include <QDockWidget>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTableView>
#include <QToolTip>
#include <QTreeWidget>

#include "ide/views/memory_model.hpp"
#include "tests/gui/debug_test.hpp"

using namespace rbpf;
using model::DebugModel;

class DebugPanels : public gui::DebugTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        openScript();
    }

    void breakpointsMoveWithTheText() {
        breakAt(kInLoop);
        editors().current()->goTo(1);
        hands().press(QStringLiteral("Home"));
        hands().type(QStringLiteral("\n"));
        QVERIFY(gui::comesTrue([&] { return debug().breakpoints().front().spec.line == kInLoop + 1; }));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return debug().breakpoints().front().spec.line == kInLoop; }));
    }

    void aConditionIsEditedInPlace() {
        QVERIFY(hands().choose(editors().current()->viewport(), placeOf(kInLoop, 0), QStringLiteral("Edit breakpoint")));
        QVERIFY(gui::comesTrue([&] { return tree(QStringLiteral("Breakpoints")) != nullptr; }));
        hands().type(QStringLiteral("rounds == 1\n"));
        QVERIFY(gui::comesTrue([&] { return debug().breakpoints().front().spec.condition == "rounds == 1"; }));
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
        QCOMPARE(value(QStringLiteral("rounds")), QStringLiteral("1"));
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("4"));
    }

    void aBreakpointWithoutCodeMovesVisibly() {
        breakpointAt(4);
        QVERIFY(gui::comesTrue([&] {
            return std::ranges::any_of(debug().breakpoints(), [](const session::Breakpoint& one) {
                return one.verified && one.message.find("moved from line 4") == 0 && one.spec.line > 4;
            });
        }));
        show(QStringLiteral("Breakpoints"));
        hands().photograph(QStringLiteral("breakpoints"));
        debug().removeBreakpoint(debug().breakpoints().back().id);
    }

    void aLogPointTellsAndDoesNotStop() {
        QVERIFY(hands().choose(editors().current()->viewport(), placeOf(kBehindInLoop, 0), QStringLiteral("Add log point")));
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("left {rounds}\n"));
        QVERIFY(gui::comesTrue([&] {
            return debug().breakpoints().size() == 2 && debug().breakpoints().back().spec.logMessage == "left {rounds}" &&
                   debug().breakpoints().back().verified;
        }));
        QSignalSpy output(&debug(), &DebugModel::output);
        goOn();
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
        QVERIFY(gui::comesTrue([&] {
            return std::ranges::any_of(output, [](const QList<QVariant>& one) {
                return one.front().toString().contains(QStringLiteral("left 3"));
            });
        }));
    }

    void valuesShowUnderTheMouse() {
        QWidget* text = editors().current()->viewport();
        QVERIFY(gui::comesTrue([&] {
            hands().point(text, placeOf(kInLoop, 9));
            return QTest::qWaitFor([] { return QToolTip::text().contains(QStringLiteral("total = 4")); }, 2000);
        }));
        hands().photograph(QStringLiteral("value-under-the-mouse"));
    }

    void memoryIsSeenAndEdited() {
        QTreeWidget* variables = tree(QStringLiteral("Variables"));
        const auto rows = variables->findItems(QStringLiteral("total"), Qt::MatchExactly);
        QVERIFY(!rows.isEmpty());
        variables->scrollToItem(rows.front());
        QVERIFY(hands().choose(variables->viewport(), variables->visualItemRect(rows.front()).center(),
                               QStringLiteral("Show in memory")));
        QVERIFY(gui::comesTrue([&] { return memory() != nullptr && memory()->currentIndex().isValid(); }));
        QCOMPARE(memory()->currentIndex().data().toString(), QStringLiteral("04"));
        hands().photograph(QStringLiteral("memory"));
        const QRect cell = memory()->visualRect(memory()->currentIndex());
        hands().doubleClick(memory()->viewport(), cell.center());
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("2a\n"));
        QVERIFY(gui::comesTrue([&] { return value(QStringLiteral("total")) == QStringLiteral("42"); }));
    }

    void whoWroteAByteIsAnswered() {
        step(QStringLiteral("F10")); // total += at, which is 2
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("44"));
        show(QStringLiteral("Memory"));
        const QRect cell = memory()->visualRect(memory()->currentIndex());
        QVERIFY(hands().choose(memory()->viewport(), cell.center(), QStringLiteral("Who wrote this byte")));
        QVERIFY(gui::comesTrue([&] { return qobject_cast<QMessageBox*>(QApplication::activeModalWidget()) != nullptr; }));
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY2(box->text().contains(QStringLiteral("steps.c:11")), qPrintable(box->text()));
        QVERIFY2(box->text().contains(QStringLiteral("0x2a became 0x2c")), qPrintable(box->text()));
        hands().photograph(QStringLiteral("who-wrote"));
        hands().press(QStringLiteral("Escape"));
        QVERIFY(gui::comesTrue([&] { return QApplication::activeModalWidget() == nullptr; }));
    }

    void thePastCannotBeEdited() {
        step(QStringLiteral("Alt+F10"));
        show(QStringLiteral("Memory"));
        QSignalSpy refused(&debug(), &DebugModel::refused);
        hands().doubleClick(memory()->viewport(), memory()->visualRect(memory()->currentIndex()).center());
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("07\n"));
        QVERIFY(gui::comesTrue([&] { return !refused.isEmpty(); }));
        QVERIFY2(!refused.front().front().toString().isEmpty(), "a sentence");
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("42"));
    }

    void registersShowWhereTheyPoint() {
        QTreeWidget* registers = tree(QStringLiteral("Registers"));
        QVERIFY(registers != nullptr);
        QVERIFY(hands().choose(registers->viewport(), QPoint(60, 30), QStringLiteral("Pointers")));
        QVERIFY(gui::comesTrue([&] { return registers->topLevelItem(10)->text(1).startsWith(QStringLiteral("stack+")); }));
        QVERIFY(hands().choose(registers->viewport(), QPoint(60, 30), QStringLiteral("Hexadecimal")));
        QVERIFY(gui::comesTrue([&] { return registers->topLevelItem(10)->text(1).startsWith(QStringLiteral("0x1")); }));
    }

    void theTimelineGoesWhereItIsClicked() {
        show(QStringLiteral("Timeline"));
        hands().photograph(QStringLiteral("timeline")); // another theme makes its rows anew
        QTreeWidget* items = tree(QStringLiteral("Timeline"));
        QVERIFY(items != nullptr && items->topLevelItemCount() > 3);
        QTreeWidgetItem* call = nullptr;
        for (int row = 0; row < items->topLevelItemCount(); ++row) {
            if (items->topLevelItem(row)->text(2).startsWith(QStringLiteral("bpf_printf("))) {
                call = items->topLevelItem(row);
            }
        }
        QVERIFY(call != nullptr);
        QVERIFY(!call->text(3).isEmpty()); // its result
        QVERIFY(!call->text(4).isEmpty()); // the world saw it
        const auto step = call->text(1).toULongLong();
        items->scrollToItem(call);
        hands().click(items->viewport(), items->visualItemRect(call).center());
        QVERIFY(gui::comesTrue([&] {
            const auto shot = debug().snapshot();
            return shot && !shot->stop.position.live && shot->stop.position.step == step;
        }));
    }

    void restartsWithTheNewestBuild() {
        const auto before = debug().code();
        hands().press(QStringLiteral("Ctrl+Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().code() != before && debug().code() != nullptr; }, 60000));
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void aScriptThatWaitsSaysForWhat() {
        hands().press(QStringLiteral("F5"));
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("Run it now (Ctrl+F5)")) != nullptr; }));
        hands().photograph(QStringLiteral("waits-for-its-trigger"));
        hands().click(gui::find(window(), QStringLiteral("Run it now (Ctrl+F5)")));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    QTableView* memory() {
        for (auto* table : window().findChildren<QTableView*>()) {
            if (table->isVisible() && qobject_cast<views::MemoryModel*>(table->model()) != nullptr) {
                return table;
            }
        }
        return nullptr;
    }

    /// Clicks into the margin.
    void breakpointAt(unsigned line) { hands().click(editors().current()->viewport(), placeOf(line, 0)); }

    void show(const QString& panel) {
        auto* dock = window().findChild<QDockWidget*>(panel);
        QVERIFY(dock != nullptr);
        dock->raise();
        QVERIFY(gui::comesTrue([&] { return !dock->widget()->visibleRegion().isEmpty(); }));
    }
};

QTEST_MAIN(DebugPanels)
#include "debug_panels_test.moc"
