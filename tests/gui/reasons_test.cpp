// SPDX-License-Identifier: GPL-3.0-or-later
// Why a script costs what it costs: loop by loop, and from where its code is reached.
#include <QLabel>
#include <QProgressBar>
#include <QTabBar>
#include <QTreeWidget>

#include "ide/views/bytecode_view.hpp"
#include "ide/views/reasons_view.hpp"
#include "ide/views/size_view.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

namespace {

constexpr const char* kSource = R"(#include <rbpf/loop_bound.h>
#include <rbpf/rbpf.h>
#include <rbpf/sec.h>
#include <rbpf/store.h>
#include <string.h>

uint32_t forgotten(uint32_t value)
{
    return value + 1;
}

static inline uint32_t once(const char *text)
{
    return (uint32_t)strlen(text) * 3;
}

__attribute__((noinline)) static uint32_t mix(const volatile char *text)
{
    uint32_t sum = 0;
    RBPF_LOOP_BOUND(64)
    while (*text != 0) {
        sum = sum * 31 + (uint32_t)*text++;
    }
    return sum;
}

SEC("timer/1000")
int hello(const char *context)
{
    uint32_t seen = 0;
    bpf_fetch_local(1, &seen);
    bpf_store_local(1, seen + 1);
    return (int)(mix(context) + seen);
}

SEC("timer/5000")
int waits(const volatile char *context)
{
    uint32_t turns = 0;
    bpf_fetch_local(1, &turns);
    while (*context != 0) {
        turns++;
    }
    return (int)(turns + once((const char *)context));
}
)";

} // namespace

class Reasons : public gui::StudioTest {
    Q_OBJECT

    QTreeWidget& tree() { return *qobject_cast<QTreeWidget*>(gui::find(window(), QStringLiteral("Why it costs that"))); }
    QString told() { return qobject_cast<QLabel*>(gui::find(window(), QStringLiteral("The selected reason in full")))->text(); }
    void clickTab(QWidget& root, const QString& text) {
        for (QTabBar* bar : root.findChildren<QTabBar*>()) {
            for (int index = 0; index < bar->count(); ++index) {
                if (bar->isVisible() && bar->tabText(index).remove(QLatin1Char('&')) == text) {
                    hands().click(bar, bar->tabRect(index).center());
                    return;
                }
            }
        }
        QFAIL(qPrintable(QStringLiteral("there is no tab %1").arg(text)));
    }
    /// Below `parent`, by the start of its name.
    static QTreeWidgetItem* row(QTreeWidgetItem* parent, const QString& name) {
        for (int index = 0; parent != nullptr && index < parent->childCount(); ++index) {
            if (parent->child(index)->text(0).startsWith(name)) {
                return parent->child(index);
            }
        }
        return nullptr;
    }
    QTreeWidgetItem* row(const QStringList& path) {
        QTreeWidgetItem* at = tree().invisibleRootItem();
        for (const QString& name : path) {
            at = row(at, name);
        }
        return at;
    }
    void click(QTreeWidgetItem* item) {
        QVERIFY(item != nullptr);
        for (QTreeWidgetItem* above = item->parent(); above != nullptr; above = above->parent()) {
            above->setExpanded(true);
        }
        tree().scrollToItem(item);
        const QRect place = tree().visualItemRect(item);
        hands().click(tree().viewport(), QPoint(place.left() + 12, place.center().y()));
    }
    unsigned lineOf(const QString& text) {
        auto* editor = editors().current();
        for (int line = 0; line < editor->lines(); ++line) {
            if (editor->text(line).contains(text)) {
                return static_cast<unsigned>(line) + 1;
            }
        }
        return 0;
    }
    bool standsAt(const QString& text) {
        return gui::comesTrue([&] { return editors().current() != nullptr && editors().current()->currentLine() == lineOf(text); });
    }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        QVERIFY(!openTemplate(QStringLiteral("hello")).isEmpty());
        editors().current()->setText(QString::fromLatin1(kSource));
        hands().click(editors().current()->viewport(), QPoint(300, 40));
        build();
        QVERIFY(window().builds().last()->result.ok);
        clickTab(window(), QStringLiteral("Size and cost"));
        clickTab(*window().findChild<views::SizeView*>(), QStringLiteral("Why"));
    }

    void everyLoopSaysWhatIsKnownOfItAndLeadsToItsLine() {
        const auto* hello = row({QStringLiteral("Longest run"), QStringLiteral("hello")});
        const auto* waits = row({QStringLiteral("Longest run"), QStringLiteral("waits")});
        QVERIFY(hello != nullptr && waits != nullptr);
        QVERIFY2(hello->text(1).startsWith(QStringLiteral("≤ ")), qPrintable(hello->text(1)));
        QCOMPARE(waits->text(1), QStringLiteral("no bound"));
        QVERIFY(hello->isExpanded() && waits->isExpanded());

        auto* said = row({QStringLiteral("Longest run"), QStringLiteral("hello"), QStringLiteral("loop at")});
        click(said);
        QCOMPARE(said->text(1), QStringLiteral("64 turns (as said)"));
        QVERIFY(standsAt(QStringLiteral("while (*text != 0)")));
        QVERIFY2(told().contains(QStringLiteral("instructions a turn")), qPrintable(told()));

        auto* endless = row({QStringLiteral("Longest run"), QStringLiteral("waits"), QStringLiteral("loop at")});
        click(endless);
        QCOMPARE(endless->text(1), QStringLiteral("no bound"));
        QVERIFY(standsAt(QStringLiteral("while (*context != 0)")));
        QVERIFY(row({QStringLiteral("Longest run"), QStringLiteral("waits"), QStringLiteral("formula")})->toolTip(0).contains(QStringLiteral("× turns")));
        hands().photograph(QStringLiteral("reasons-loops"));
    }

    void theTimeOfABoundedRunIsEstimated() {
        const auto* time = row({QStringLiteral("Longest run"), QStringLiteral("hello"), QStringLiteral("time on")});
        QVERIFY(time != nullptr);
        QVERIFY2(time->text(1).endsWith(QStringLiteral(" ms")), qPrintable(time->text(1)));
        QVERIFY(time->toolTip(1).contains(QStringLiteral("estimated")));
        QVERIFY(row({QStringLiteral("Longest run"), QStringLiteral("waits"), QStringLiteral("time on")}) == nullptr);
    }

    void bindingsLeadToTheirCallsByKeysAlone() {
        click(row({QStringLiteral("Bindings"), QStringLiteral("bpf_fetch_local")}));
        auto* binding = row({QStringLiteral("Bindings"), QStringLiteral("bpf_fetch_local")});
        QCOMPARE(binding->text(1), QStringLiteral("2 calls"));
        QCOMPARE(binding->childCount(), 2);
        tree().setFocus();
        hands().press(QStringLiteral("Right"));
        hands().press(QStringLiteral("Down"));
        QVERIFY(gui::comesTrue([&] { return tree().currentItem() == binding->child(0); }));
        QVERIFY(told().contains(QStringLiteral("calls bpf_fetch_local")));
        hands().press(QStringLiteral("Return"));
        QVERIFY(standsAt(QStringLiteral("bpf_fetch_local(1, &seen)")));
    }

    void aLibraryFunctionTellsWhatReachesIt() {
        auto* from = row({QStringLiteral("Library functions"), QStringLiteral("strlen"), QStringLiteral("reached from waits")});
        click(from);
        QVERIFY(standsAt(QStringLiteral("strlen(text) * 3")));
        hands().photograph(QStringLiteral("reasons-code"));
        click(row({QStringLiteral("Library functions"), QStringLiteral("strlen")}));
        auto* code = window().findChild<views::BytecodeView*>();
        QVERIFY(gui::comesTrue([&] { return code->isVisible() && code->currentRow() > 0; }));
        clickTab(window(), QStringLiteral("Size and cost"));
    }

    void whatIsNotThereSaysWhy() {
        auto* gone = row({QStringLiteral("Not a function there"), QStringLiteral("forgotten")});
        click(gone);
        QCOMPARE(gone->text(1), QStringLiteral("left out"));
        QVERIFY(standsAt(QStringLiteral("uint32_t forgotten")));
        auto* inside = row({QStringLiteral("Not a function there"), QStringLiteral("once")});
        QCOMPARE(inside->text(1), QStringLiteral("in callers"));
    }

    void itStaysAsItWasWhenTheTextChanges() {
        auto* binding = row({QStringLiteral("Bindings"), QStringLiteral("bpf_store_local")});
        click(binding);
        hands().press(QStringLiteral("Right"));
        QVERIFY(gui::comesTrue([&] { return binding->isExpanded(); }));
        const auto last = window().builds().lastGood();
        editors().current()->goTo(lineOf(QStringLiteral("return (int)(mix(context) + seen)")));
        editors().current()->setFocus();
        hands().press(QStringLiteral("Home"));
        hands().type(QStringLiteral("seen *= 3;\n"));
        QVERIFY(gui::comesTrue([&] { return window().builds().lastGood() != last; }));
        QVERIFY(row({QStringLiteral("Bindings"), QStringLiteral("bpf_store_local")})->isExpanded());
        QCOMPARE(tree().currentItem()->text(0), QStringLiteral("bpf_store_local"));
    }

    void aLimitThatIsWrongIsNamedAtItsLoop() {
        auto* editor = editors().current();
        const unsigned line = lineOf(QStringLiteral("while (*text != 0)"));
        const auto last = window().builds().lastGood();
        editor->goTo(line - 1);
        editor->setFocus();
        hands().press(QStringLiteral("End"));
        hands().type(QStringLiteral("\nfor (volatile int i = 0; i < 1; i++) {}\nRBPF_LOOP_BOUND(2)\nfor (int i = 0; i < 5; i++) { sum += (uint32_t)*text; }\nRBPF_LOOP_BOUND(64)"));
        QVERIFY(gui::comesTrue([&] {
            return window().builds().lastGood() != last && !window().builds().isBuilding() &&
                   row({QStringLiteral("Longest run"), QStringLiteral("hello"), QStringLiteral("wrong limit")}) != nullptr;
        }));
        click(row({QStringLiteral("Longest run"), QStringLiteral("hello"), QStringLiteral("wrong limit")}));
        QVERIFY2(told().contains(QStringLiteral("at most 2 turns")), qPrintable(told()));
        QVERIFY(standsAt(QStringLiteral("for (int i = 0; i < 5")));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100, qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }
};

QTEST_MAIN(Reasons)
#include "reasons_test.moc"
