// SPDX-License-Identifier: GPL-3.0-or-later
// Debugging a script from the first breakpoint to faults that are explained, and with a board that is pulled out in the
// middle of everything. On the native board, or on one in QEMU that RBPF_TEST_BOARD names.
#include <QLabel>
#include <QProcess>
#include <QSignalSpy>
#include <QStatusBar>
#include <csignal>

#include "debugger/link/boards.hpp"
#include "ide/cli/firmware_file.hpp"
#include "ide/views/fault_card.hpp"
#include "sdk/support/process.hpp"
#include "tests/gui/debug_test.hpp"

using namespace rbpf;
using model::DebugModel;

class Debugging : public gui::DebugTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (board_ != "native") {
            if (const auto firmware = cli::firmwareFile(board_); !firmware) {
                QSKIP(firmware.error().message.c_str());
            }
            if (!support::findProgram("qemu-system-arm")) {
                QSKIP("qemu-system-arm is not installed");
            }
            plugIn();
        }
        openWindow();
        openScript();
    }

    void stopsAtABreakpoint() {
        breakAt(kInLoop);
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
        QVERIFY(debug().breakpoints().front().verified);
    }

    void stepsForwardsAndBack() {
        step(QStringLiteral("F10"));
        QCOMPARE(line(), kInLoop + 1);
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("2"));
        step(QStringLiteral("Alt+F10"));
        QCOMPARE(line(), kInLoop);
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("0"));
        step(QStringLiteral("F10"));
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("2"));
    }

    void goesOnWithAValueThatWasEdited() {
        edit(QStringLiteral("total"), QStringLiteral("1000"));
        QVERIFY(gui::comesTrue([&] { return value(QStringLiteral("total")) == QStringLiteral("1000"); }));
        hands().photograph(QStringLiteral("variable-edited"));
        editors().current()->goTo(kInLoop);
        hands().press(QStringLiteral("F9"));
        QVERIFY(debug().breakpoints().empty());
        breakAt(kAtTable);
        resumeToAStop();
        QCOMPARE(line(), kAtTable);
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("1004"));
    }

    void explainsAWriteBehindATable() {
        edit(QStringLiteral("at"), QStringLiteral("40"));
        QVERIFY(gui::comesTrue([&] { return value(QStringLiteral("at")) == QStringLiteral("40"); }));
        resumeToAStop();
        QCOMPARE(debug().snapshot()->stop.cause, RBPF_CAUSE_FAULT);
        QVERIFY2(cardSays("wrote 4 bytes that end 148 bytes behind data"), qPrintable(cardText()));
        QVERIFY2(cardSays("table[at] = total;"), qPrintable(cardText()));
        QVERIFY2(cardSays("at = 40"), qPrintable(cardText()));
        QVERIFY2(cardSays("data: 0x30000000 to 0x30000010"), qPrintable(cardText()));
        hands().photograph(QStringLiteral("fault"));
        // It stays while the run's past is looked at, and goes with the next run.
        step(QStringLiteral("Alt+F10"));
        QVERIFY(card()->isVisible());
        step(QStringLiteral("F10"));
        goOn();
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QVERIFY(!card()->isVisible());
        QCOMPARE(line(), kAtTable);
    }

    void explainsASpentBudget() {
        hands().press(QStringLiteral("F9"));
        breakAt(kInLoop);
        goOn();
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        edit(QStringLiteral("rounds"), QStringLiteral("1000000000"));
        QVERIFY(gui::comesTrue([&] { return value(QStringLiteral("rounds")) == QStringLiteral("1000000000"); }));
        editors().current()->goTo(kInLoop);
        hands().press(QStringLiteral("F9"));
        resumeToAStop();
        QCOMPARE(debug().snapshot()->stop.cause, RBPF_CAUSE_BUDGET);
        QVERIFY2(cardSays("used up its budget"), qPrintable(cardText()));
        QVERIFY2(cardSays("went round"), qPrintable(cardText()));
        hands().photograph(QStringLiteral("budget"));
        goOn();
    }

    void survivesALostBoardWhileStopped() {
        breakAt(kInLoop);
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        pullOut();
        QVERIFY(gui::comesTrue([&] { return debug().isLost(); }));
        QCOMPARE(value(QStringLiteral("total")), QStringLiteral("0")); // what was read last stays to be seen
        hands().photograph(QStringLiteral("unplugged"));
        plugIn();
        QVERIFY(gui::comesTrue([&] { return !debug().isLost(); }));
        QCOMPARE(debug().state(), DebugModel::State::Stopped);
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(gui::comesTrue([&] { return isStoppedAt(kInLoop); }));
    }

    void survivesALostBoardWhileRunning() {
        editors().current()->goTo(kInLoop);
        hands().press(QStringLiteral("F9"));
        QVERIFY(debug().breakpoints().empty());
        QSignalSpy ended(&debug(), &DebugModel::runEnded);
        goOn();
        QVERIFY(gui::comesTrue([&] { return !ended.isEmpty(); })); // it waits for its next trigger
        breakAt(kInLoop);
        pullOut();
        QVERIFY(gui::comesTrue([&] { return debug().isLost(); }));
        QCOMPARE(debug().state(), DebugModel::State::Running);
        plugIn();
        QVERIFY(gui::comesTrue([&] { return !debug().isLost(); }));
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop); // breakpoints were set again
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void survivesALostBoardWhileDeploying() {
        const auto board = link::findBoard(board_);
        QVERIFY(board && board->pid != 0);
        window().boards().select(QString::fromStdString(board_)); // or another one would be started in its place
        // It does not answer any more, so that the deploy is not over when it vanishes.
        QCOMPARE(::kill(board->pid, SIGSTOP), 0);
        hands().press(QStringLiteral("F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Starting; }));
        pullOut();
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }, 60000));
        QVERIFY(!window().statusBar()->currentMessage().isEmpty());
        hands().photograph(QStringLiteral("unplugged-while-deploying"));
        plugIn();
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(comesToAStop());
        QCOMPARE(line(), kInLoop);
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() {
        closeWindow();
        if (link::findBoard(board_)) {  // none where there is no firmware to start
            rbpf(QStringLiteral("stop"));
        }
    }

private:
    [[nodiscard]] views::FaultCard* card() { return window().findChild<views::FaultCard*>(); }

    QString cardText() {
        QStringList all;
        for (const QLabel* label : card()->findChildren<QLabel*>()) {
            all << label->text();
        }
        return all.join(QLatin1Char('\n'));
    }

    bool cardSays(const char* words) {
        return gui::comesTrue([&] { return card()->isVisible() && cardText().contains(QLatin1String(words)); }, 5000);
    }

    void pullOut() {
        const auto board = link::findBoard(board_);
        QVERIFY(board && board->pid != 0);
        QCOMPARE(::kill(board->pid, SIGKILL), 0);
    }

    void plugIn() { rbpf(QStringLiteral("start")); }

    void rbpf(const QString& what) {
        QProcess rbpf;
        rbpf.start(qEnvironmentVariable("RBPF_BIN") + QStringLiteral("/rbpf"),
                   {QStringLiteral("board"), what, QString::fromStdString(board_)});
        QVERIFY(gui::comesTrue([&] { return rbpf.state() == QProcess::NotRunning; }, 60000));
        QVERIFY2(rbpf.exitCode() == 0, rbpf.readAllStandardError().constData());
    }

    const std::string board_ = qEnvironmentVariable("RBPF_TEST_BOARD", QStringLiteral("native")).toStdString();
};

QTEST_MAIN(Debugging)
#include "debugging_test.moc"
