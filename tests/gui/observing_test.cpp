// SPDX-License-Identifier: GPL-3.0-or-later
// Boards are started, watched, asked and lost; what scripts do on them is triggered and observed.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QSlider>
#include <QTableWidget>
#include <QTreeWidget>
#include <algorithm>
#include <cmath>
#include <csignal>

#include "ide/model/plot_model.hpp"
#include "ide/views/boards_view.hpp"
#include "ide/views/console_view.hpp"
#include "ide/views/plot_view.hpp"
#include "ide/views/sensors_view.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

class Observing : public gui::StudioTest {
    Q_OBJECT

    QTreeWidget* tree() { return window().findChild<views::BoardsView*>()->findChild<QTreeWidget*>(); }
    QTreeWidgetItem* row(const QString& board) {
        const auto rows = tree()->findItems(board, Qt::MatchExactly);
        return rows.isEmpty() ? nullptr : rows.front();
    }
    bool isReady(const QString& board) {
        return gui::comesTrue([&] { return row(board) != nullptr && row(board)->text(1) == QStringLiteral("ready"); });
    }
    void clickRow(QTreeWidgetItem* item) {
        tree()->scrollToItem(item);
        hands().click(tree()->viewport(), tree()->visualItemRect(item).center());
    }
    QWidget* see(const QString& name) { return gui::find(window(), name); }
    /// A panel, by its command in the Board menu.
    void show(const QString& title) {
        window().findChild<QAction*>(title)->trigger();
    }
    /// Scrolls to a control in the sensors' panel, as the wheel would.
    void reach(const QString& name) {
        window().findChild<views::SensorsView*>()->findChild<QScrollArea*>()->ensureWidgetVisible(see(name));
        QCoreApplication::processEvents();
    }
    double reading(const QString& sensor) {
        auto* label = qobject_cast<QLabel*>(see(QStringLiteral("Reading of ") + sensor));
        return label != nullptr ? label->text().section(QLatin1Char(' '), 0, 0).toDouble() : -1000;
    }
    QString headline() {
        auto* label = qobject_cast<QLabel*>(see(QStringLiteral("Answer in short")));
        return label != nullptr ? label->text() : QString();
    }
    QString answer() { return qobject_cast<QPlainTextEdit*>(see(QStringLiteral("Answer")))->toPlainText(); }

private Q_SLOTS:
    void initTestCase() { openWindow(); }

    void aBoardIsStartedWithAClick() {
        QVERIFY(!openTemplate(QStringLiteral("coap-sensor")).isEmpty());
        hands().click(gui::find(window(), QStringLiteral("Start virtual board")));
        QVERIFY(isReady(QStringLiteral("native")));
        QCOMPARE(row(QStringLiteral("native"))->childCount(), 4);
    }

    void aRefreshKeepsSelectionAndExpansion() {
        QTreeWidgetItem* slot = row(QStringLiteral("native"))->child(2);
        clickRow(slot);
        QVERIFY(tree()->currentItem() == slot);
        hands().press(QStringLiteral("Ctrl+U"));
        QVERIFY(gui::comesTrue([&] { return row(QStringLiteral("native"))->child(0)->text(1) == QStringLiteral("coap-sensor 0.1.0"); }));
        QVERIFY(tree()->currentItem() == slot);
        row(QStringLiteral("native"))->child(0)->setExpanded(true);
        window().boards().refresh();
        QVERIFY(gui::comesTrue([&] { return row(QStringLiteral("native"))->child(0)->childCount() == 2; }));
        QVERIFY(row(QStringLiteral("native"))->child(0)->isExpanded());
        QCOMPARE(row(QStringLiteral("native"))->child(0)->child(1)->text(1), QStringLiteral("coap/sensor"));
        const auto* about = qobject_cast<QLabel*>(gui::find(window(), QStringLiteral("About the selected board")));
        QVERIFY(about->text().contains(QStringLiteral("Firmware")));
        QVERIFY(about->text().contains(QStringLiteral("debug")));
        hands().photograph(QStringLiteral("boards"));
    }

    void aRequestIsAnsweredInWords() {
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Send")) != nullptr; }));
        auto* target = qobject_cast<QComboBox*>(see(QStringLiteral("Target")));
        QVERIFY(gui::comesTrue([&] { return target->currentText() == QStringLiteral("/sensor"); }));
        hands().click(see(QStringLiteral("Send")));
        QVERIFY2(gui::comesTrue([&] { return headline().startsWith(QStringLiteral("2.05 Content, text/plain, 5 bytes, ")); }),
                 qPrintable(headline()));
        const double celsius = answer().toDouble();
        QVERIFY2(celsius > 19 && celsius < 24, qPrintable(answer()));
        hands().photograph(QStringLiteral("trigger"));
        hands().click(target->lineEdit());
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("/nowhere\n"));
        QVERIFY(gui::comesTrue([&] { return headline().startsWith(QStringLiteral("4.04 Not Found")); }));
    }

    void anEntryIsInvoked() {
        qobject_cast<QComboBox*>(see(QStringLiteral("What to send")))->setCurrentIndex(1);
        auto* target = qobject_cast<QComboBox*>(see(QStringLiteral("Target")));
        QCOMPARE(target->currentText(), QStringLiteral("slot 0: coap_resp"));
        hands().click(see(QStringLiteral("Send")));
        // It reads its request, and there is none.
        QVERIFY(gui::comesTrue([&] { return headline().startsWith(QStringLiteral("1 run")); }));
        QVERIFY2(answer().contains(QStringLiteral("fault")), qPrintable(answer()));
        qobject_cast<QComboBox*>(see(QStringLiteral("What to send")))->setCurrentIndex(0);
    }

    void theConsoleHearsTheBoardWithoutADebugger() {
        hands().press(QStringLiteral("Ctrl+Shift+M"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Filter of the console")) != nullptr; }));
        auto* text = window().findChild<views::ConsoleView*>()->findChild<QPlainTextEdit*>();
        QVERIFY(gui::comesTrue([&] { return text->toPlainText().contains(QStringLiteral("slot 0 (coap-sensor) faulted")); }));
        hands().click(see(QStringLiteral("Filter of the console")));
        hands().type(QStringLiteral("faulted"));
        QVERIFY(gui::comesTrue([&] { return text->toPlainText().startsWith(QStringLiteral("slot 0 (coap-sensor) faulted")); }));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("runs in slot")));
        hands().click(see(QStringLiteral("Times")), QPoint(8, 8));
        QVERIFY(gui::comesTrue([&] { return text->toPlainText().indexOf(QLatin1Char(':')) == 2; }));
        hands().photograph(QStringLiteral("console-filtered"));
        hands().click(see(QStringLiteral("Times")), QPoint(8, 8));
        hands().click(see(QStringLiteral("Filter of the console")));
        hands().press(QStringLiteral("Ctrl+A"));
        hands().press(QStringLiteral("Delete"));
        QVERIFY(gui::comesTrue([&] { return text->toPlainText().contains(QStringLiteral("runs in slot")); }));
    }

    void aSliderMovesWhatTheScriptReads() {
        show(QStringLiteral("Sensors"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Slider of temperature")) != nullptr; }));
        auto* slider = qobject_cast<QSlider*>(see(QStringLiteral("Slider of temperature")));
        hands().click(slider, QPoint(slider->width() - 3, slider->height() / 2));
        QVERIFY(gui::comesTrue([&] { return reading(QStringLiteral("temperature")) > 24; }));
        auto* value = qobject_cast<QDoubleSpinBox*>(see(QStringLiteral("Value of temperature")));
        hands().click(value->findChild<QLineEdit*>());
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("33.25\n"));
        QVERIFY(gui::comesTrue([&] { return reading(QStringLiteral("temperature")) == 33.25; }));
        hands().photograph(QStringLiteral("sensors"));
        reach(QStringLiteral("Set button"));
        hands().click(see(QStringLiteral("Set button")), QPoint(8, 8));
        QVERIFY(gui::comesTrue([&] { return reading(QStringLiteral("button")) == 1; }));
        reach(QStringLiteral("Set pin 0"));
        hands().click(see(QStringLiteral("Set pin 0")), QPoint(8, 8));
        auto* level = qobject_cast<QLabel*>(see(QStringLiteral("Level of pin 0")));
        QVERIFY(gui::comesTrue([&] { return level->text() == QStringLiteral("high"); }));
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Send")) != nullptr; }));
        auto* target = qobject_cast<QComboBox*>(see(QStringLiteral("Target")));
        QCOMPARE(target->currentText(), QStringLiteral("/sensor"));
        hands().click(see(QStringLiteral("Send")));
        QVERIFY(gui::comesTrue([&] { return answer() == QStringLiteral("33.25"); }));
    }

    void storesAreWrittenEditedAndEmptied() {
        show(QStringLiteral("Stores"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("New key")) != nullptr; }));
        auto* table = qobject_cast<QTableWidget*>(see(QStringLiteral("Stored values")));
        hands().click(see(QStringLiteral("New key")));
        hands().type(QStringLiteral("7"));
        hands().click(see(QStringLiteral("New value")));
        hands().type(QStringLiteral("0x2a\n"));
        QVERIFY(gui::comesTrue([&] { return table->rowCount() == 1; }));
        QCOMPARE(table->item(0, 2)->text(), QStringLiteral("42"));
        hands().photograph(QStringLiteral("stores"));
        const QPoint cell = table->visualItemRect(table->item(0, 2)).center();
        hands().click(table->viewport(), cell);
        hands().type(QStringLiteral("1234\n"));
        QVERIFY(gui::comesTrue([&] { return table->item(0, 3)->text() == QStringLiteral("0x4d2"); }));
        QVERIFY(gui::comesTrue([&] { return table->viewport()->findChild<QLineEdit*>() == nullptr; }));
        hands().click(see(QStringLiteral("Delete")));
        QVERIFY(gui::comesTrue([&] { return table->rowCount() == 0; }));
    }

    void thePlotShowsWhatIsSensedAndIsSaved() {
        show(QStringLiteral("Plot"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Plot")) != nullptr && see(QStringLiteral("Series"))->isEnabled(); }));
        auto* plot = window().findChild<model::PlotModel*>();
        // What a board would print.
        const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
        for (int i = 0; i < 20000; ++i) {
            plot->add(QStringLiteral("wave"), now - 20 + i / 1000.0, 20 + 8 * std::sin(i / 900.0));
        }
        // Drawn with each new value: the watch on the event loop has its say.
        const std::size_t before = plot->points(QStringLiteral("temperature")).size();
        QVERIFY(gui::comesTrue([&] { return plot->points(QStringLiteral("temperature")).size() >= before + 3; }));
        hands().photograph(QStringLiteral("plot"));
        const QStringList names{QStringLiteral("temperature"), QStringLiteral("wave")};
        const QList<QByteArray> table = plot->csv(names).split('\n');
        QCOMPARE(table.front(), QByteArray("time;temperature;wave"));
        QVERIFY(table.size() > 20000);
        QVERIFY(std::ranges::any_of(table, [](const QByteArray& row) { return row.split(';').value(1) == "33.25"; }));
        auto* view = window().findChild<views::PlotView*>();
        auto* pause = qobject_cast<QCheckBox*>(gui::find(*view, QStringLiteral("Pause")));
        hands().click(pause, QPoint(8, 8));
        QVERIFY(gui::comesTrue([&] { return pause->isChecked(); }));
        hands().click(gui::find(*view, QStringLiteral("Clear")));
        QVERIFY(gui::comesTrue([&] { return !plot->names().contains(QStringLiteral("wave")); }));
    }

    void aHaltedScriptAnswersLateOrNever() {
        editors().current()->goTo(18);
        hands().press(QStringLiteral("F9"));
        hands().press(QStringLiteral("F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == model::DebugModel::State::Running; }, 60000));
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Send")) != nullptr; }));
        hands().click(see(QStringLiteral("Send")));
        QVERIFY(comesToAStop());
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Cancel")) != nullptr; }));
        QVERIFY(headline().startsWith(QStringLiteral("Waiting")));
        QCOMPARE(row(QStringLiteral("native"))->text(1), QStringLiteral("being debugged"));
        hands().photograph(QStringLiteral("trigger-waiting"));
        hands().press(QStringLiteral("F5"));
        QVERIFY(gui::comesTrue([&] { return headline().startsWith(QStringLiteral("2.05")); }));
        hands().click(see(QStringLiteral("Send")));
        QVERIFY(comesToAStop());
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Cancel")) != nullptr; }));
        hands().click(see(QStringLiteral("Cancel")));
        QVERIFY(gui::comesTrue([&] { return headline() == QStringLiteral("cancelled"); }));
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == model::DebugModel::State::Off; }));
        QVERIFY(isReady(QStringLiteral("native")));
    }

    void aBoardThatDiesDuringARequestIsToldOf() {
        // Stopped, it takes the request and answers nothing; then it is killed.
        const int pid = window().boards().board(QStringLiteral("native"))->record.pid;
        QVERIFY(pid > 0);
        ::kill(pid, SIGSTOP);
        hands().press(QStringLiteral("Ctrl+Shift+R"));
        QVERIFY(gui::comesTrue([&] { return see(QStringLiteral("Send")) != nullptr; }));
        hands().click(see(QStringLiteral("Send")));
        QVERIFY(gui::comesTrue([&] { return headline().startsWith(QStringLiteral("Waiting")); }));
        ::kill(pid, SIGKILL);
        QVERIFY(gui::comesTrue([&] { return !headline().startsWith(QStringLiteral("Waiting")); }));
        QVERIFY2(headline().startsWith(QStringLiteral("no answer from the board: ")), qPrintable(headline()));
        QVERIFY(gui::comesTrue([&] { return row(QStringLiteral("native"))->text(1) == QStringLiteral("gone"); }));
        hands().photograph(QStringLiteral("board-gone"));
        hands().click(gui::find(window(), QStringLiteral("Start virtual board")));
        QVERIFY(isReady(QStringLiteral("native")));
    }

    void theWindowIsNotWiderThanTheScreen() { QVERIFY(window().width() <= 1280); }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }
};

QTEST_MAIN(Observing)
#include "observing_test.moc"
