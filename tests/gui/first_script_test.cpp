// SPDX-License-Identifier: GPL-3.0-or-later
// A first quarter of an hour with Studio: try it, step, step back, change a variable, make a mistake, see it, fix it,
// deploy. On the native board.
#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QStatusBar>
#include <QTest>
#include <QTreeWidget>

#include "ide/app/main_window.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/problems_view.hpp"
#include "ide/views/theme.hpp"
#include "tests/gui/hands.hpp"
#include "tests/gui/stall_watch.hpp"

using namespace rbpf;
using model::DebugModel;

class FirstScript : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QCoreApplication::setOrganizationName(QStringLiteral("rbpf"));
        QCoreApplication::setApplicationName(QStringLiteral("rbpf-studio"));
        views::applyAppearance(views::Appearance::Light);
        window_ = std::make_unique<app::MainWindow>();
        window_->move(0, 0);
        window_->show();
        QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
        hands_ = std::make_unique<gui::Hands>(*window_);
        editors_ = window_->findChild<views::EditorTabs*>();
    }

    void welcomes() {
        auto* templates = window_->findChild<QWidget*>();
        QVERIFY(gui::comesTrue([&] { return gui::find(*window_, QStringLiteral("Templates")) != nullptr; }));
        templates = gui::find(*window_, QStringLiteral("Templates"));
        QVERIFY(gui::comesTrue([&] { return qobject_cast<QAbstractItemView*>(templates)->model()->rowCount() >= 5; }));
        hands_->photograph(QStringLiteral("welcome-light"));
    }

    void oneClickLeadsToAStoppedScript() {
        hands_->click(gui::find(*window_, QStringLiteral("Try it on a virtual board now")));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped; }, 60000));
        const auto shot = debug().snapshot();
        QCOMPARE(shot->stop.cause, RBPF_CAUSE_ENTRY);
        QVERIFY(editors_->current() != nullptr);
        QCOMPARE(editors_->current()->currentLine(), shot->stop.location.line);
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
        hands_->photograph(QStringLiteral("debugging-light"));
        step(QStringLiteral("Alt+F10"));
        QCOMPARE(line(), second);
        QVERIFY(!debug().snapshot()->stop.position.live);
        hands_->photograph(QStringLiteral("in-the-past-light"));
        views::applyAppearance(views::Appearance::Dark);
        hands_->photograph(QStringLiteral("in-the-past-dark"));
        views::applyAppearance(views::Appearance::Light);
    }

    void endsTheSession() {
        hands_->press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void aMistakeShowsWhileTyping() {
        auto* problems = window_->findChild<views::ProblemsView*>();
        auto* editor = editors_->current();
        QVERIFY(editor != nullptr);
        hands_->click(editor->viewport(), QPoint(300, 40));
        hands_->press(QStringLiteral("Ctrl+Home"));
        hands_->type(QStringLiteral("int broken = nothing;\n"));
        QVERIFY(gui::comesTrue([&] { return problems->errors() > 0; }));
        QVERIFY(problems->topLevelItem(0)->text(0).contains(QStringLiteral("nothing")));
        hands_->photograph(QStringLiteral("mistake-light"));
        for (int change = 0; change < 40 && problems->errors() > 0; ++change) {
            hands_->press(QStringLiteral("Ctrl+Z"));
            if (!editor->text().contains(QStringLiteral("broken"))) {
                break;
            }
        }
        QVERIFY(gui::comesTrue([&] { return problems->errors() == 0; }));
    }

    void deploysWithOneKey() {
        hands_->press(QStringLiteral("Ctrl+U"));
        QVERIFY(gui::comesTrue([&] { return window_->statusBar()->currentMessage().contains(QStringLiteral("runs in slot")); }));
        QVERIFY(gui::comesTrue([&] {
            const auto* board = window_->boards().selectedBoard();
            return board != nullptr && !board->slots.empty() && board->slots[0].state != "empty";
        }));
        hands_->photograph(QStringLiteral("deployed-light"));
    }

    void aBreakpointStopsTheNextRun() {
        auto* editor = editors_->current();
        editor->goTo(18);
        hands_->press(QStringLiteral("F9"));
        QCOMPARE(debug().breakpoints().size(), std::size_t{1});
        hands_->press(QStringLiteral("Ctrl+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped; }, 60000));
        QCOMPARE(debug().snapshot()->stop.cause, RBPF_CAUSE_BREAKPOINT);
        QCOMPARE(debug().snapshot()->stop.location.line, 18U);
        const auto& locals = debug().snapshot()->locals;
        QVERIFY(std::ranges::any_of(locals, [](const model::ValueRow& row) { return row.name == QStringLiteral("m"); }));
        hands_->photograph(QStringLiteral("breakpoint-light"));
        views::applyAppearance(views::Appearance::Dark);
        hands_->photograph(QStringLiteral("breakpoint-dark"));
        views::applyAppearance(views::Appearance::Light);
        hands_->press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Off; }));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(watch_.longestMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(watch_.longestMs())));
    }

    void cleanup() {
        if (QTest::currentTestFailed()) {
            hands_->photograph(QStringLiteral("failed-") + QString::fromLatin1(QTest::currentTestFunction()));
        }
    }

    void cleanupTestCase() {
        hands_.reset();
        window_.reset();
    }

private:
    DebugModel& debug() { return window_->debug(); }
    void step(const QString& keys) {
        const auto before = debug().snapshot();
        hands_->press(keys);
        QVERIFY(gui::comesTrue([&] { return debug().state() == DebugModel::State::Stopped && debug().snapshot() != before; }));
    }

    std::unique_ptr<app::MainWindow> window_;
    std::unique_ptr<gui::Hands> hands_;
    views::EditorTabs* editors_ = nullptr;
    gui::StallWatch watch_;
};

QTEST_MAIN(FirstScript)
#include "first_script_test.moc"
