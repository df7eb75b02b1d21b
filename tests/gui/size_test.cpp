// SPDX-License-Identifier: GPL-3.0-or-later
// What a script costs, where, since when; and what this Studio is made of.
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScreen>
#include <QProgressBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTextBrowser>

#include "ide/views/bytecode_view.hpp"
#include "ide/views/cost_tree.hpp"
#include "ide/views/size_history_view.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/treemap.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

namespace {

constexpr const char* kSource = R"(#include <rbpf/rbpf.h>
#include <string.h>

static uint32_t seen;

__attribute__((noinline)) static uint32_t mix(const char *text)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < strlen(text); i++) {
        sum = sum * 31 + (uint32_t)text[i];
    }
    return sum;
}

int hello(const char *context)
{
    seen++;
    return (int)mix(context) + (int)seen;
}
)";

QTreeWidgetItem* row(const QTreeWidget& tree, const QString& name) {
    const auto found = tree.findItems(name, Qt::MatchExactly | Qt::MatchRecursive);
    return found.isEmpty() ? nullptr : found.front();
}

} // namespace

class Size : public gui::StudioTest {
    Q_OBJECT

    views::SizeView& size() { return *window().findChild<views::SizeView*>(); }
    views::CostTree& tree() { return *window().findChild<views::CostTree*>(); }
    QString bar(const QString& name) { return qobject_cast<QProgressBar*>(gui::find(size(), name))->text(); }

    /// A click on the dock's tab, or on one of the view's.
    void clickTab(QWidget& root, const QString& text) {
        for (QTabBar* bar : root.findChildren<QTabBar*>()) {
            for (int index = 0; index < bar->count(); ++index) {
                QString name = bar->tabText(index);
                if (bar->isVisible() && name.remove(QLatin1Char('&')) == text) {
                    hands().click(bar, bar->tabRect(index).center());
                    return;
                }
            }
        }
        QFAIL(qPrintable(QStringLiteral("there is no tab %1").arg(text)));
    }
    void clickRow(const QString& name) {
        QTreeWidgetItem* item = row(tree(), name);
        QVERIFY2(item != nullptr, qPrintable(name));
        tree().scrollToItem(item);
        const QRect place = tree().visualItemRect(item);
        hands().click(tree().viewport(), QPoint(place.left() + 12, place.center().y()));
    }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        folder_ = openTemplate(QStringLiteral("hello"));
        QVERIFY(!folder_.isEmpty());
        auto* editor = editors().current();
        QVERIFY(editor != nullptr);
        file_ = editor->path();
        editor->setText(QString::fromLatin1(kSource));
        hands().click(editor->viewport(), QPoint(300, 40));
        build();
        clickTab(window(), QStringLiteral("Size and cost"));
    }

    void thePanelsFitTheScreen() { QVERIFY(window().width() <= window().screen()->availableSize().width()); }

    void gaugesShowWhatTheImageTakes() {
        const auto& now = window().builds().lastGood()->result.size;
        QVERIFY(bar(QStringLiteral("Image")).startsWith(QString::number(now.image)));
        QCOMPARE(bar(QStringLiteral("Text")), QStringLiteral("%1 of %2").arg(now.text).arg(now.image));
        QCOMPARE(bar(QStringLiteral("Stack")), QStringLiteral("%1 of %2").arg(now.stack).arg(now.stackLimit));
        QVERIFY(bar(QStringLiteral("Data")).startsWith(QStringLiteral("4")));
        QVERIFY2(bar(QStringLiteral("Run")).contains(QStringLiteral("loop")), qPrintable(bar(QStringLiteral("Run"))));
    }

    void theTreeGoesFromFileToLineAndIntoTheSource() {
        QVERIFY(row(tree(), QStringLiteral("mix")) != nullptr);
        QCOMPARE(row(tree(), QStringLiteral("strlen"))->parent()->text(0), QStringLiteral("Library"));
        QCOMPARE(row(tree(), QStringLiteral("mix"))->parent()->text(0), QFileInfo(file_).fileName());
        clickRow(QStringLiteral("mix"));
        QVERIFY(gui::comesTrue([&] { return editors().current()->currentLine() == 7U || editors().current()->currentLine() == 6U; }));
        // By keys: open the function, go down to its first line.
        hands().click(tree().viewport(), tree().visualItemRect(row(tree(), QStringLiteral("mix"))).center());
        tree().setFocus();
        hands().press(QStringLiteral("Right"));
        QVERIFY(gui::comesTrue([&] { return row(tree(), QStringLiteral("mix"))->isExpanded(); }));
        QVERIFY(row(tree(), QStringLiteral("mix"))->childCount() >= 2);
        hands().photograph(QStringLiteral("size-functions"));
        clickRow(QStringLiteral("line 10"));
        QVERIFY(gui::comesTrue([&] { return editors().current()->currentLine() == 10U; }));
    }

    void whatHasNoSourceGoesToTheBytecode() {
        clickRow(QStringLiteral("strlen"));
        auto* code = window().findChild<views::BytecodeView*>();
        QVERIFY(gui::comesTrue([&] { return code->isVisible() && code->currentRow() > 0; }));
        clickTab(window(), QStringLiteral("Size and cost"));
    }

    void aBuildShowsWhatChangedAndStaysAsItWas() {
        QVERIFY(row(tree(), QStringLiteral("mix"))->isExpanded());
        auto* editor = editors().current();
        editor->goTo(10);
        hands().click(editor->viewport(), QPoint(300, 40));
        editor->setCursorPosition(9, editor->text(9).indexOf(QLatin1Char('3')));
        hands().type(QStringLiteral("seen + "));
        build();
        QVERIFY(row(tree(), QStringLiteral("mix"))->text(4).startsWith(QLatin1Char('+')));
        QVERIFY(row(tree(), QStringLiteral("strlen"))->text(4).isEmpty());
        QVERIFY(row(tree(), QStringLiteral("mix"))->isExpanded());
    }

    void theMapFillsItsPlaceAndLeadsToTheCode() {
        clickTab(size(), QStringLiteral("Map"));
        auto* map = window().findChild<views::Treemap*>();
        QVERIFY(map->isVisible());
        hands().photograph(QStringLiteral("size-map"));
        editors().current()->goTo(1);
        hands().click(map, QPoint(20, 20));
        QVERIFY(gui::comesTrue([&] { return editors().current()->currentLine() > 1U; }));
        QVERIFY(map->accessibleDescription().contains(QStringLiteral("mix")));
        map->setFocus();
        hands().press(QStringLiteral("Right"));
        QVERIFY(gui::comesTrue([&] { return !map->accessibleDescription().contains(QStringLiteral("mix")); }));
    }

    void historyKeepsTheBuilds() {
        clickTab(size(), QStringLiteral("History"));
        auto* history = window().findChild<views::SizeHistoryView*>();
        QVERIFY(history->isVisible());
        auto* editor = editors().current();
        hands().click(editor->viewport(), QPoint(300, 40));
        for (int number = 0; number < 3; ++number) {
            editor->setCursorPosition(9, editor->text(9).indexOf(QStringLiteral("seen")));
            hands().type(QStringLiteral("(seen / 3) + "));
            build();
        }
        const auto says = [history](const QString& words) {
            return history->findChild<QLabel*>()->text().contains(words);
        };
        QVERIFY(gui::comesTrue([&] { return says(QStringLiteral("6 builds")); }));
        hands().photograph(QStringLiteral("size-history"));
        // It outlives the window's project.
        hands().press(QStringLiteral("Ctrl+Shift+W"));
        QVERIFY(gui::comesTrue([&] { return says(QStringLiteral("none yet")); }));
        window().openPath(folder_);
        QVERIFY(gui::comesTrue([&] { return says(QStringLiteral("6 builds")); }));
    }

    void historyIsNotMisledByWhatItFinds() {
        const std::vector<model::SizePoint> points{{1000, 1, 2, 3, 4, 5}, {2000, 4000000000U, 0, 0, 0, 0}};
        QVERIFY(model::readSizePoints(model::writeSizePoints(points)) == points);
        for (const char* text : {"", "{", "[]", "{\"format\":2,\"builds\":[[1,2,3,4,5,6]]}", "{\"format\":1,\"builds\":[[1,2],7,null]}"}) {
            QVERIFY2(model::readSizePoints(text).empty(), text);
        }
        const auto clamped = model::readSizePoints("{\"format\":1,\"builds\":[[-1,-2,1e99,4,5,6]]}");
        QCOMPARE(clamped.size(), std::size_t{1});
        QCOMPARE(clamped[0].image, 0U);
        QVERIFY(model::readSizePoints(model::writeSizePoints({1000, points[0]})).size() == model::SizeHistory::kMost);
    }

    void theLogTellsOfEachBuild() {
        QVERIFY(gui::comesTrue([&] { return window().builds().lastGood() != nullptr && editors().current() != nullptr; }));
        hands().press(QStringLiteral("Ctrl+Shift+L"));
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("What the builds say")) != nullptr; }));
        auto* log = qobject_cast<QPlainTextEdit*>(gui::find(window(), QStringLiteral("What the builds say")));
        hands().click(editors().current()->viewport(), QPoint(300, 40));
        hands().press(QStringLiteral("Ctrl+Home"));
        hands().type(QStringLiteral("int broken = nothing;\n"));
        build();
        QVERIFY(gui::comesTrue([&] { return log->toPlainText().contains(QStringLiteral("The build failed")); }));
        QVERIFY(log->toPlainText().contains(QStringLiteral(":1:14: error: use of undeclared identifier 'nothing'")));
        hands().press(QStringLiteral("Ctrl+Shift+L"));
        hands().photograph(QStringLiteral("build-log"));
        editors().current()->undo();
        build();
    }

    void aboutNamesTheVersions() {
        for (QAction* action : window().findChildren<QAction*>()) {
            if (action->text() == QStringLiteral("&About rBPF Studio")) {
                action->trigger();
            }
        }
        QVERIFY(gui::comesTrue([&] { return QApplication::activeModalWidget() != nullptr; }));
        QWidget* dialog = QApplication::activeModalWidget();
        auto* text = dialog->findChild<QTextBrowser*>();
        QVERIFY(gui::comesTrue([&] { return text->toPlainText().contains(QStringLiteral("clangd version")); }));
        hands().photograph(QStringLiteral("about"));
        hands().click(gui::find(*dialog, QStringLiteral("Copy")));
        QVERIFY(gui::comesTrue([&] { return QApplication::clipboard()->text().contains(QStringLiteral("QScintilla")); }));
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("clang version 19")));
        hands().press(QStringLiteral("Esc"));
        QVERIFY(gui::comesTrue([&] { return QApplication::activeModalWidget() == nullptr; }));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100, qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    QString folder_, file_;
};

QTEST_MAIN(Size)
#include "size_test.moc"
