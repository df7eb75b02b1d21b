// SPDX-License-Identifier: GPL-3.0-or-later
// Steps go by what has the keys, source or bytecode; cells of the stack are asked who wrote them.
#include <QApplication>
#include <QDockWidget>
#include <QMessageBox>
#include <QTableView>

#include "ide/views/bytecode_view.hpp"
#include "ide/views/memory_model.hpp"
#include "ide/views/stack_map.hpp"
#include "tests/gui/debug_test.hpp"

using namespace rbpf;
using model::DebugModel;

class Stepping : public gui::DebugTest {
    Q_OBJECT

    views::BytecodeView& bytecode() { return *window().findChild<views::BytecodeView*>(); }
    std::uint64_t at() { return debug().snapshot() ? debug().snapshot()->stop.position.step : 0; }
    /// By a key.
    [[nodiscard]] bool stepsTo(const QString& keys, std::uint64_t wanted) {
        hands().press(keys);
        return gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped && at() == wanted; });
    }
    void show(const QString& panel) {
        auto* dock = window().findChild<QDockWidget*>(panel);
        QVERIFY(dock != nullptr);
        dock->show();
        dock->raise();
        QVERIFY(gui::comesTrue([&] { return !dock->widget()->visibleRegion().isEmpty(); }));
    }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        openScript();
        breakAt(kInLoop);
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
    }

    void stepsGoByInstructionsWhileTheBytecodeHasTheKeys() {
        show(QStringLiteral("Bytecode"));
        const std::uint64_t start = at();
        hands().click(bytecode().viewport(), bytecode().visualRect(bytecode().model()->index(bytecode().currentRow(), 2)).center());
        QVERIFY(gui::comesTrue([&] { return bytecode().hasFocus(); }));
        QVERIFY(stepsTo(QStringLiteral("F10"), start + 1));
        QVERIFY(bytecode().hasFocus());
        QVERIFY(stepsTo(QStringLiteral("F10"), start + 2));
        hands().photograph(QStringLiteral("stepping-bytecode"));
        QVERIFY(stepsTo(QStringLiteral("F11"), start + 3));
        QVERIFY(stepsTo(QStringLiteral("Alt+F10"), start + 2));
        QVERIFY(stepsTo(QStringLiteral("Alt+F10"), start + 1));
        QVERIFY(stepsTo(QStringLiteral("Alt+F10"), start));
        QCOMPARE(line(), kInLoop);
    }

    void stepsGoByLinesWhileTheSourceHasThem() {
        const std::uint64_t start = at();
        hands().click(editors().current()->viewport(), placeOf(kBehindInLoop, 20));
        QVERIFY(gui::comesTrue([&] { return editors().current()->hasFocus(); }));
        QVERIFY(stepsTo(QStringLiteral("F10"), start + 3)); // the present, in the middle of the line
        hands().press(QStringLiteral("F10"));
        QVERIFY(gui::comesTrue([&] { return isStoppedAt(kBehindInLoop); }));
        QVERIFY(stepsTo(QStringLiteral("Alt+F10"), start));
    }

    void theButtonsStepByWhatHadTheKeysToo() {
        hands().click(bytecode().viewport(), bytecode().visualRect(bytecode().model()->index(bytecode().currentRow(), 2)).center());
        QVERIFY(gui::comesTrue([&] { return bytecode().hasFocus(); }));
        const std::uint64_t start = at();
        QWidget* over = gui::find(window(), QStringLiteral("Step over"));
        QVERIFY(over != nullptr);
        hands().click(over);
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped && at() == start + 1; }));
        QVERIFY(stepsTo(QStringLiteral("Alt+F10"), start));
    }

    void aCellOfTheStackSaysWhoWroteIt() {
        show(QStringLiteral("Stack map"));
        auto* map = window().findChild<views::StackMap*>();
        const QPoint cell = cellOf(QStringLiteral("total"));
        QVERIFY(hands().choose(map, cell, QStringLiteral("Who wrote this byte")));
        QVERIFY(gui::comesTrue([] { return qobject_cast<QMessageBox*>(QApplication::activeModalWidget()) != nullptr; }));
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        QVERIFY2(box->text().contains(QStringLiteral("steps.c:")), qPrintable(box->text()));
        hands().photograph(QStringLiteral("stack-map-who-wrote"));
        hands().press(QStringLiteral("Escape"));
        QVERIFY(gui::comesTrue([] { return QApplication::activeModalWidget() == nullptr; }));
    }

    void aCellOfTheStackIsShownInMemory() {
        auto* map = window().findChild<views::StackMap*>();
        show(QStringLiteral("Stack map"));
        QVERIFY(hands().choose(map, cellOf(QStringLiteral("total")), QStringLiteral("Show in memory")));
        QVERIFY(gui::comesTrue([&] { return memory() != nullptr && memory()->currentIndex().isValid(); }));
        bool isNumber = false;
        QCOMPARE(memory()->currentIndex().data().toString().toInt(&isNumber, 16), value(QStringLiteral("total")).toInt() & 0xff);
        QVERIFY(isNumber);
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100, qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    /// The first cell of a variable: its number from the stack's start, laid out as the map does.
    QPoint cellOf(const QString& name) {
        const auto shot = debug().snapshot();
        const auto local = std::ranges::find(shot->locals, name, &model::ValueRow::name);
        const auto stack = std::ranges::find_if(shot->regions, [](const model::RegionBytes& one) { return one.region.name == "stack"; });
        return window().findChild<views::StackMap*>()->placeOf(*local->address - stack->region.address);
    }
    QTableView* memory() {
        for (auto* table : window().findChildren<QTableView*>()) {
            if (table->isVisible() && qobject_cast<views::MemoryModel*>(table->model()) != nullptr) {
                return table;
            }
        }
        return nullptr;
    }
};

QTEST_MAIN(Stepping)
#include "stepping_test.moc"
