// SPDX-License-Identifier: GPL-3.0-or-later
// What clangd gives the editor, by keys and mouse: completion, documentation, ways to definitions and uses, renaming,
// layout, mending; and that its end is not the editor's.
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QStatusBar>
#include <QToolTip>
#include <QTreeWidget>
#include <csignal>

#include "ide/views/completion_popup.hpp"
#include "ide/views/text_places.hpp"
#include "ide/views/uses_view.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;
using Base = QsciScintillaBase;

class Language : public gui::StudioTest {
    Q_OBJECT

    views::CodeEditor& editor() { return *editors().current(); }
    views::CompletionPopup& popup() { return *editor().findChild<views::CompletionPopup*>(); }
    /// The line, counted from 1, with this in it.
    unsigned lineOf(const QString& text) {
        for (int line = 0; line < editor().lines(); ++line) {
            if (editor().text(line).contains(text)) {
                return static_cast<unsigned>(line) + 1;
            }
        }
        return 0;
    }
    /// Waits until it stands there: keys take their time through the X server.
    void write(const QString& text) {
        hands().type(text);
        const QString last = text.section(QLatin1Char('\n'), -1);
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).contains(last); }));
    }
    QString lineAt(unsigned line) { return editor().text(static_cast<int>(line) - 1).trimmed(); }
    /// Puts the caret behind the first letter of `name` in the line with `text`.
    void putCaret(const QString& text, const QString& name) {
        const unsigned line = lineOf(text);
        QVERIFY(line > 0);
        editor().goTo(line, static_cast<unsigned>(editor().text(static_cast<int>(line) - 1).indexOf(name)) + 2);
    }
    QPoint placeOf(const QString& text, const QString& name) {
        const unsigned line = lineOf(text);
        const auto column = static_cast<unsigned>(editor().text(static_cast<int>(line) - 1).indexOf(name)) + 3;
        const long position = views::positionOf(editor(), line, column);
        return {static_cast<int>(editor().SendScintilla(Base::SCI_POINTXFROMPOSITION, 0UL, position)),
                static_cast<int>(editor().SendScintilla(Base::SCI_POINTYFROMPOSITION, 0UL, position)) + 5};
    }
    /// Chooses `label` in the list of completions, asking again while clangd is still reading headers.
    bool choose(const std::string& label) {
        for (int round = 0; round < 20; ++round) {
            if (!gui::comesTrue([&] { return popup().isVisible(); }, 1000)) {
                hands().press(QStringLiteral("Ctrl+Space"));
                continue;
            }
            for (int row = 0; row < 10; ++row) {
                if (popup().chosen() != nullptr && popup().chosen()->label == label) {
                    return true;
                }
                hands().press(QStringLiteral("Down"));
            }
            hands().press(QStringLiteral("Escape"));
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        folder_ = openTemplate(QStringLiteral("thermostat"));
        QVERIFY(!folder_.isEmpty());
        QVERIFY(gui::comesTrue([&] { return editors().current() != nullptr && lineOf(QStringLiteral("switch_heating")) > 0; }));
    }

    void typingABindingListsItWithItsDocumentation() {
        const unsigned line = lineOf(QStringLiteral("phydat_t reading;")) + 1;
        editor().goTo(line - 1);
        hands().press(QStringLiteral("End"));
        write(QStringLiteral("\nbpf_sa"));
        QVERIFY(choose("bpf_saul_reg_read"));
        const auto* text = qobject_cast<QLabel*>(gui::find(popup(), QStringLiteral("What the chosen completion does")));
        QVERIFY(text != nullptr && text->text().contains(QStringLiteral("Reads a device")));
        hands().photograph(QStringLiteral("completion"));
        hands().press(QStringLiteral("Return"));
        QVERIFY(gui::comesTrue([&] { return lineAt(line) == QStringLiteral("bpf_saul_reg_read()"); }));
        QVERIFY(gui::comesTrue([&] { return editor().SendScintilla(Base::SCI_CALLTIPACTIVE) != 0; }));
        write(QStringLiteral("sensor, "));
        QVERIFY(gui::comesTrue([&] { return editor().SendScintilla(Base::SCI_CALLTIPACTIVE) != 0; }));
        hands().photograph(QStringLiteral("call-tip"));
        hands().type(QStringLiteral("&reading"));
        hands().press(QStringLiteral("Escape"));
        hands().press(QStringLiteral("End"));
        hands().type(QStringLiteral(";"));
        QVERIFY(gui::comesTrue([&] { return lineAt(line) == QStringLiteral("bpf_saul_reg_read(sensor, &reading);"); }));
    }

    void fieldsComeAfterAPoint() {
        write(QStringLiteral("\nreading."));
        QVERIFY(choose("scale"));
        hands().press(QStringLiteral("Tab"));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()) == QStringLiteral("reading.scale"); }));
        write(QStringLiteral(" = 0;"));
    }

    void returnIsANewLineWhenNothingWasChosen() {
        const int lines = editor().lines();
        hands().type(QStringLiteral("\n// reading.\n"));
        QVERIFY(gui::comesTrue([&] { return editor().lines() == lines + 2; }));
    }

    void restingOnABindingExplainsIt() {
        editor().goTo(lineOf(QStringLiteral("temperature < target()")));
        hands().point(editor().viewport(), placeOf(QStringLiteral("!sensor ||"), QStringLiteral("bpf_saul_reg_read")));
        QVERIFY(gui::comesTrue([] { return QToolTip::text().contains(QStringLiteral("Reads a device")); }));
        QVERIFY(QToolTip::text().contains(QStringLiteral("phydat_t&nbsp;*reading")));
        hands().photograph(QStringLiteral("hover"));
    }

    void f12GoesToTheDefinitionAndBack() {
        putCaret(QStringLiteral("temperature = tenths"), QStringLiteral("tenths("));
        const unsigned from = editor().currentLine();
        hands().press(QStringLiteral("F12"));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).startsWith(QStringLiteral("static int32_t tenths")); }));
        hands().press(QStringLiteral("Alt+Left"));
        QVERIFY(gui::comesTrue([&] { return editor().currentLine() == from; }));
        putCaret(QStringLiteral("!sensor ||"), QStringLiteral("bpf_saul_reg_read"));
        hands().press(QStringLiteral("F12"));
        QVERIFY(gui::comesTrue([&] {
            return editor().path().endsWith(QStringLiteral("bindings.def")) &&
                   lineAt(editor().currentLine()).contains(QStringLiteral("saul_reg_read"));
        }));
        hands().press(QStringLiteral("Alt+Left"));
        QVERIFY(gui::comesTrue([&] { return editor().path().endsWith(QStringLiteral("control.c")); }));
    }

    void controlAndAClickGoToTheDefinition() {
        editor().goTo(lineOf(QStringLiteral("return switch_heating(wanted)")));
        hands().controlClick(editor().viewport(), placeOf(QStringLiteral("return switch_heating(wanted)"), QStringLiteral("switch_heating")));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).startsWith(QStringLiteral("static int switch_heating")); }));
        hands().press(QStringLiteral("Alt+Left"));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).startsWith(QStringLiteral("return switch_heating")); }));
    }

    void theMenuOfAPlaceOffersWhatHelpsThere() {
        editor().goTo(lineOf(QStringLiteral("return switch_heating(wanted)")));
        QVERIFY(hands().choose(editor().viewport(), placeOf(QStringLiteral("return switch_heating(wanted)"), QStringLiteral("switch_heating")),
                               QStringLiteral("To its definition")));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).startsWith(QStringLiteral("static int switch_heating")); }));
        hands().press(QStringLiteral("Alt+Left"));
    }

    void usesAreListedOverFiles() {
        putCaret(QStringLiteral("temperature < target()"), QStringLiteral("target()"));
        hands().press(QStringLiteral("Shift+F12"));
        auto* uses = window().findChild<views::UsesView*>();
        QVERIFY(gui::comesTrue([&] { return uses->topLevelItemCount() == 2; }));
        int rows = 0;
        for (int index = 0; index < uses->topLevelItemCount(); ++index) {
            rows += uses->topLevelItem(index)->childCount();
        }
        QCOMPARE(rows, 4);
        hands().photograph(QStringLiteral("references"));
    }

    void renamingReachesEveryFileAndIsOneUndoInEach() {
        putCaret(QStringLiteral("temperature < target()"), QStringLiteral("target()"));
        hands().press(QStringLiteral("F2"));
        QVERIFY(gui::comesTrue([&] { return window().findChild<QInputDialog*>() != nullptr; }));
        hands().photograph(QStringLiteral("rename"));
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("aimed_at\n"));
        QVERIFY(gui::comesTrue([&] { return lineOf(QStringLiteral("temperature < aimed_at()")) > 0; }));
        QCOMPARE(editor().text().count(QStringLiteral("aimed_at(")), 3);
        auto* header = editors().editorOf(folder_ + QStringLiteral("/src/settings.h"));
        QVERIFY(header != nullptr);
        QVERIFY(gui::comesTrue([&] { return header->text().contains(QStringLiteral("int32_t aimed_at(void);")); }));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return !editor().text().contains(QStringLiteral("aimed_at")); }));
        editors().open(header->path());
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return !header->text().contains(QStringLiteral("aimed_at")); }));
        editors().open(folder_ + QStringLiteral("/src/control.c"));
    }

    void aNameThatIsNoneIsRefusedInWords() {
        putCaret(QStringLiteral("temperature < target()"), QStringLiteral("target()"));
        const QString before = editor().text();
        hands().press(QStringLiteral("F2"));
        QVERIFY(gui::comesTrue([&] { return window().findChild<QInputDialog*>() != nullptr; }));
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(QStringLiteral("not a name\n"));
        QVERIFY(gui::comesTrue([&] { return window().statusBar()->currentMessage().contains(QStringLiteral("identifier"), Qt::CaseInsensitive); }));
        QCOMPARE(editor().text(), before);
    }

    void aNameOfTheSdkIsNotRenamed() {
        putCaret(QStringLiteral("phydat_t level"), QStringLiteral("phydat_t"));
        const QString before = editor().text();
        hands().press(QStringLiteral("F2"));
        QVERIFY(gui::comesTrue([&] { return window().findChild<QInputDialog*>() != nullptr; }));
        hands().press(QStringLiteral("Ctrl+A"));
        window().statusBar()->clearMessage();
        hands().type(QStringLiteral("mine_t\n"));
        QVERIFY(gui::comesTrue([&] { return window().statusBar()->currentMessage().contains(QStringLiteral("rename"), Qt::CaseInsensitive); }));
        QCOMPARE(editor().text(), before);
    }

    void theFileIsLaidOut() {
        const unsigned line = lineOf(QStringLiteral("return switch_heating(wanted)"));
        editor().goTo(line);
        hands().press(QStringLiteral("End"));
        write(QStringLiteral("\nif(wanted==heating){return 0 ;}"));
        hands().press(QStringLiteral("Escape"));
        hands().press(QStringLiteral("Ctrl+Shift+I"));
        QVERIFY(gui::comesTrue([&] { return lineOf(QStringLiteral("    if (wanted == heating) {")) > 0; }));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return lineOf(QStringLiteral("if(wanted==heating)")) > 0; }));
    }

    void aMisspeltNameIsMended() {
        const unsigned line = lineOf(QStringLiteral("reading.scale = 0;"));
        editor().goTo(line);
        hands().press(QStringLiteral("End"));
        write(QStringLiteral("\nraeding.scale = 1;"));
        hands().press(QStringLiteral("Alt+Return"));
        QVERIFY(gui::comesTrue([] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()) != nullptr; }));
        hands().photograph(QStringLiteral("mend"));
        hands().press(QStringLiteral("Return"));
        QVERIFY(gui::comesTrue([&] { return lineAt(line + 1) == QStringLiteral("reading.scale = 1;"); }));
    }

    void aMisspeltBindingIsMended() {
        const unsigned line = lineOf(QStringLiteral("reading.scale = 1;"));
        editor().goTo(line);
        hands().press(QStringLiteral("End"));
        write(QStringLiteral("\nbpf_saul_reg_raed(sensor, &reading);"));
        hands().press(QStringLiteral("Alt+Return"));
        QVERIFY(gui::comesTrue([] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()) != nullptr; }));
        hands().press(QStringLiteral("Return"));
        QVERIFY(gui::comesTrue([&] { return lineAt(line + 1).startsWith(QStringLiteral("bpf_saul_reg_read(")); }));
    }

    void symbolsOfTheProjectAreFoundByTyping() {
        hands().press(QStringLiteral("Ctrl+T"));
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("Symbols of the project")) != nullptr; }));
        hands().photograph(QStringLiteral("symbols"));
        hands().type(QStringLiteral("get_sta\n"));
        QVERIFY(gui::comesTrue([&] {
            return editor().path().endsWith(QStringLiteral("status.c")) &&
                   lineAt(editor().currentLine()).startsWith(QStringLiteral("static int get_status"));
        }));
        editors().open(folder_ + QStringLiteral("/src/control.c"));
        hands().press(QStringLiteral("Ctrl+Shift+O"));
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("Symbols of the file")) != nullptr; }));
        hands().type(QStringLiteral("tenths\n"));
        QVERIFY(gui::comesTrue([&] { return lineAt(editor().currentLine()).startsWith(QStringLiteral("static int32_t tenths")); }));
    }

    void clangdMayBeKilled() {
        const pid_t first = clangd();
        QVERIFY(first > 0);
        ::kill(first, SIGKILL);
        QVERIFY(gui::comesTrue([&] { return clangd() > 0 && clangd() != first; }));
        const unsigned line = lineOf(QStringLiteral("reading.scale = 1;"));
        editor().goTo(line);
        hands().press(QStringLiteral("End"));
        write(QStringLiteral("\nbpf_stor"));
        QVERIFY(choose("bpf_store_local"));
        hands().press(QStringLiteral("Escape"));
    }

    void clangdMayHang() {
        const pid_t first = clangd();
        QVERIFY(first > 0);
        QVERIFY(::kill(first, SIGSTOP) == 0);
        editor().goTo(lineOf(QStringLiteral("bpf_stor\n")));
        hands().press(QStringLiteral("End"));
        hands().press(QStringLiteral("Ctrl+Space"));
        // Typing goes on meanwhile; one that was stopped is not waited for for ever.
        hands().type(QStringLiteral("e"));
        QVERIFY(gui::comesTrue([&] { return clangd() > 0 && clangd() != first; }, 40000));
        QVERIFY(gui::comesTrue([&] { return window().statusBar()->currentMessage().contains(QStringLiteral("clangd no longer answered")); }));
        QVERIFY(lineOf(QStringLiteral("bpf_store")) > 0);
        hands().press(QStringLiteral("BackSpace"));
        QVERIFY(choose("bpf_store_local"));
        hands().press(QStringLiteral("Escape"));
    }

    void itCanBeRestartedFromThePalette() {
        const pid_t first = clangd();
        hands().press(QStringLiteral("Ctrl+Shift+P"));
        QVERIFY(gui::comesTrue([&] { return gui::find(window(), QStringLiteral("Commands")) != nullptr; }));
        hands().type(QStringLiteral("restart the lang\n"));
        QVERIFY(gui::comesTrue([&] { return clangd() > 0 && clangd() != first; }));
        editor().goTo(lineOf(QStringLiteral("bpf_stor\n")));
        hands().press(QStringLiteral("End"));
        QVERIFY(choose("bpf_store_local"));
        hands().press(QStringLiteral("Escape"));
    }

    void withoutClangdASentenceSaysWhatToDo() {
        qputenv("RBPF_CLANGD", "/no/clangd");
        ::kill(clangd(), SIGKILL);
        QVERIFY(gui::comesTrue([&] {
            const auto labels = editors().findChildren<QLabel*>();
            return std::ranges::any_of(labels, [](const QLabel* one) { return one->isVisible() && one->text().contains(QStringLiteral("/no/clangd")); });
        }));
        hands().press(QStringLiteral("Ctrl+Space"));
        QVERIFY(gui::comesTrue([&] { return window().statusBar()->currentMessage().contains(QStringLiteral("/no/clangd")); }));
        hands().photograph(QStringLiteral("no-clangd"));
        qunsetenv("RBPF_CLANGD");
        hands().click(gui::find(editors(), QStringLiteral("Try again")));
        editor().goTo(lineOf(QStringLiteral("bpf_stor\n")));
        hands().press(QStringLiteral("End"));
        QVERIFY(choose("bpf_store_local"));
        hands().press(QStringLiteral("Escape"));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    QString folder_;
};

QTEST_MAIN(Language)
#include "language_test.moc"
