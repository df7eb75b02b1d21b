// SPDX-License-Identifier: GPL-3.0-or-later
// Boards are started, watched, asked and lost; what scripts do on them is triggered and observed.
#include <QLabel>
#include <QTreeWidget>

#include "ide/views/boards_view.hpp"
#include "ide/views/theme.hpp"
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
    void photographBoth(const QString& name) {
        hands().photograph(name + QStringLiteral("-light"));
        views::applyAppearance(views::Appearance::Dark);
        hands().photograph(name + QStringLiteral("-dark"));
        views::applyAppearance(views::Appearance::Light);
    }

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
        photographBoth(QStringLiteral("boards"));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }
};

QTEST_MAIN(Observing)
#include "observing_test.moc"
