// SPDX-License-Identifier: GPL-3.0-or-later
// Laying texts out when they are saved: only where it was asked for, and never at the price of a key.
#include <QCheckBox>
#include <QFile>
#include <QStatusBar>
#include <csignal>

#include "ide/views/preferences.hpp"
#include "ide/views/settings_dialog.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

namespace {

constexpr const char* kUgly = "static inline int  ugly( int a ){return a ;}\n";

} // namespace

class Formatting : public gui::StudioTest {
    Q_OBJECT

    views::CodeEditor& editor() { return *editors().current(); }
    QString onDisk() {
        QFile file(path_);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    bool becomes(const QString& text) {
        return gui::comesTrue([&] { return onDisk() == text && editor().text() == text && !editor().isModified(); });
    }
    /// A text that is not saved, with the caret at its start.
    void put(const QString& text) {
        editor().replaceAll(text);
        hands().click(editor().viewport(), QPoint(300, 40));
        hands().press(QStringLiteral("Ctrl+Home"));
        QVERIFY(gui::comesTrue([&] { return editor().currentLine() == 1U; }));
        QVERIFY(editor().isModified());
    }

private Q_SLOTS:
    void initTestCase() {
        views::Preferences().store();
        openWindow();
        folder_ = openTemplate(QStringLiteral("thermostat"));
        QVERIFY(!folder_.isEmpty());
        QVERIFY(gui::comesTrue([&] { return editors().current() != nullptr && !editor().isLoading() && clangd() > 0; }));
        path_ = editor().path();
        rest_ = editor().text();
    }

    void aSaveIsJustASaveUnlessItWasAskedFor() {
        put(QString::fromLatin1(kUgly) + rest_);
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(becomes(QString::fromLatin1(kUgly) + rest_));
    }

    void itIsChosenInTheSettings() {
        hands().press(QStringLiteral("Ctrl+,"));
        QVERIFY(gui::comesTrue([&] { return window().findChild<views::SettingsDialog*>() != nullptr; }));
        auto* dialog = window().findChild<views::SettingsDialog*>();
        QVERIFY(gui::comesTrue([&] { return gui::find(*dialog, QStringLiteral("Lay out C files when saving them")) != nullptr; }));
        auto* box = qobject_cast<QCheckBox*>(gui::find(*dialog, QStringLiteral("Lay out C files when saving them")));
        QVERIFY(!box->isChecked());
        hands().click(box, QPoint(8, box->height() / 2));
        QVERIFY(gui::comesTrue([] { return views::Preferences::load().formatsOnSave; }));
        hands().photograph(QStringLiteral("settings-format"));
        hands().press(QStringLiteral("Escape"));
        QVERIFY(gui::comesTrue([&] { return window().findChild<views::SettingsDialog*>() == nullptr; }));
    }

    void aSaveLaysOutAndIsOneStepToUndo() {
        const QString ugly = QString::fromLatin1(kUgly) + QString::fromLatin1(kUgly).replace(QStringLiteral("ugly"), QStringLiteral("second")) + rest_;
        put(ugly);
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([&] { return !editor().isModified() && onDisk() == editor().text(); }));
        const QString laid = editor().text();
        QVERIFY2(laid.startsWith(QStringLiteral("static inline int ugly(int a) { return a; }\n")), qPrintable(laid.left(200)));
        QVERIFY(laid.contains(QStringLiteral("static inline int second(int a) { return a; }\n")));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return editor().text() == ugly; }));
        hands().press(QStringLiteral("Ctrl+Y"));
        QVERIFY(gui::comesTrue([&] { return editor().text() == laid; }));
    }

    void saveAllLaysOutEveryText() {
        put(QString::fromLatin1(kUgly) + rest_);
        editors().open(folder_ + QStringLiteral("/src/status.c"));
        QVERIFY(gui::comesTrue([&] { return !editor().isLoading() && editor().path().endsWith(QStringLiteral("status.c")); }));
        put(QString::fromLatin1(kUgly).replace(QStringLiteral("ugly"), QStringLiteral("other")) + editor().text());
        hands().press(QStringLiteral("Ctrl+Shift+S"));
        QVERIFY(gui::comesTrue([&] { return editors().unsaved().empty(); }));
        QVERIFY(editor().text().startsWith(QStringLiteral("static inline int other(int a) {")));
        editors().open(path_);
        QVERIFY(editor().text().startsWith(QStringLiteral("static inline int ugly(int a) {")));
        QCOMPARE(onDisk(), editor().text());
    }

    void whatIsTypedMeanwhileStays() {
        put(QString::fromLatin1(kUgly) + rest_);
        QVERIFY(::kill(clangd(), SIGSTOP) == 0); // it takes its time
        hands().press(QStringLiteral("Ctrl+S"));
        hands().type(QStringLiteral("// typed\n"));
        const QString all = QStringLiteral("// typed\n") + QString::fromLatin1(kUgly) + rest_;
        QVERIFY(gui::comesTrue([&] { return editor().text() == all; }));
        QVERIFY(::kill(clangd(), SIGCONT) == 0);
        QVERIFY(becomes(all));
        QVERIFY(window().statusBar()->currentMessage().contains(QStringLiteral("without being laid out")));
    }

    void aClangdThatIsSilentHoldsNoSaveUp() {
        put(QString::fromLatin1(kUgly) + rest_);
        const pid_t silent = clangd();
        QVERIFY(::kill(silent, SIGSTOP) == 0);
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(becomes(QString::fromLatin1(kUgly) + rest_));
        QVERIFY(::kill(silent, SIGCONT) == 0);
        // Its late answer changes nothing: the next one, asked after it, finds the text as it was.
        hands().press(QStringLiteral("Ctrl+Shift+I"));
        QVERIFY(gui::comesTrue([&] { return editor().text().startsWith(QStringLiteral("static inline int ugly(int a) {")); }));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(gui::comesTrue([&] { return editor().text() == QString::fromLatin1(kUgly) + rest_; }));
    }

    void buildsSaveWhatIsThere() {
        put(QString::fromLatin1(kUgly).replace(QStringLiteral("ugly"), QStringLiteral("built")) + rest_);
        build();
        QVERIFY(onDisk().startsWith(QStringLiteral("static inline int  built( int a ){return a ;}\n")));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100, qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() {
        views::Preferences().store();
        closeWindow();
    }

private:
    QString folder_, path_, rest_;
};

QTEST_MAIN(Formatting)
#include "formatting_test.moc"
