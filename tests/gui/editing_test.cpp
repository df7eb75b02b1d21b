// SPDX-License-Identifier: GPL-3.0-or-later
// What an editor does for its user: two views of a text, tabs by keyboard, and files that change, vanish or cannot be
// written behind its back.
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTabWidget>
#include <QTreeWidget>

#include "ide/views/compare_dialog.hpp"
#include "ide/views/notice_area.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;

class Editing : public gui::StudioTest {
    Q_OBJECT

private:
    static QByteArray content(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// As another program would.
    static bool write(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
    }
    [[nodiscard]] bool isAsked(const QString& words) {
        return std::ranges::any_of(editors().notices().findChildren<QLabel*>(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(words);
        });
    }
    [[nodiscard]] QStringList openFiles() {
        QStringList names;
        for (const views::CodeEditor* editor : editors().editors()) {
            names << QFileInfo(editor->path()).fileName();
        }
        return names;
    }
    void typeAtTop(const QString& text) {
        hands().press(QStringLiteral("Ctrl+Home"));
        hands().type(text);
    }
    /// Opened by its name.
    void quickOpen(const QString& name) {
        hands().press(QStringLiteral("Ctrl+P"));
        QVERIFY(gui::comesTrue([] { return QApplication::activePopupWidget() != nullptr; }));
        hands().type(name);
        hands().press(QStringLiteral("Return"));
        QVERIFY(gui::comesTrue([&] {
            return editors().current() != nullptr && !editors().current()->isLoading() &&
                   QFileInfo(editors().current()->path()).fileName().startsWith(name);
        }));
    }

private Q_SLOTS:
    void initTestCase() {
        openWindow();
        folder_ = openTemplate(QStringLiteral("counter"));
        QVERIFY(!folder_.isEmpty());
        QVERIFY(gui::comesTrue([this] { return editors().current() != nullptr && !editors().current()->isLoading(); }));
        source_ = editors().current()->path();
        original_ = content(source_);
        QVERIFY(!original_.isEmpty());
    }

    void twoViewsShareOneText() {
        hands().press(QStringLiteral("Ctrl+\\"));
        QCOMPARE(editors().editors().size(), std::size_t{2});
        views::CodeEditor* first = editors().editors()[0];
        views::CodeEditor* second = editors().editors()[1];
        QCOMPARE(editors().current(), second);
        typeAtTop(QStringLiteral("int both;\n"));
        QVERIFY(first->text().startsWith(QStringLiteral("int both;")));
        QVERIFY(first->isModified() && second->isModified());
        hands().photograph(QStringLiteral("split"));
        hands().press(QStringLiteral("Ctrl+W")); // no question: the text is still open
        QCOMPARE(editors().editors().size(), std::size_t{1});
        QVERIFY(editors().current()->text().startsWith(QStringLiteral("int both;")));
        while (editors().current()->isModified()) {
            hands().press(QStringLiteral("Ctrl+Z"));
        }
        QCOMPARE(editors().current()->text().toUtf8(), original_);
    }

    void tabsByKeyboard() {
        quickOpen(QStringLiteral("README"));
        quickOpen(QStringLiteral("rbpf.json"));
        QCOMPARE(openFiles(), QStringList({QFileInfo(source_).fileName(), QStringLiteral("README.md"), QStringLiteral("rbpf.json")}));
        hands().press(QStringLiteral("Ctrl+Tab"));
        QCOMPARE(editors().current()->path(), source_);
        hands().press(QStringLiteral("Ctrl+PgUp"));
        QVERIFY(editors().current()->path().endsWith(QStringLiteral("rbpf.json")));
        hands().press(QStringLiteral("Ctrl+W"));
        QCOMPARE(openFiles().size(), 2);
        hands().press(QStringLiteral("Ctrl+Shift+T"));
        QVERIFY(gui::comesTrue([this] { return openFiles().size() == 3 && !editors().current()->isLoading(); }));
        hands().press(QStringLiteral("Ctrl+G"));
        QVERIFY(gui::comesTrue([] { return QApplication::activeModalWidget() != nullptr; }));
        hands().type(QStringLiteral("3\n"));
        QVERIFY(gui::comesTrue([this] { return editors().current()->currentLine() == 3; }));
        hands().press(QStringLiteral("Ctrl+W"));
        hands().press(QStringLiteral("Ctrl+W"));
        QCOMPARE(openFiles().size(), 1);
    }

    void findsAndReplacesInFiles() {
        hands().press(QStringLiteral("Ctrl+Shift+F"));
        auto* tree = qobject_cast<QTreeWidget*>(gui::find(window(), QStringLiteral("Found")));
        QVERIFY(tree != nullptr);
        hands().type(QStringLiteral("key_count\n"));
        QVERIFY(gui::comesTrue([&] { return tree->topLevelItemCount() == 1 && tree->topLevelItem(0)->childCount() >= 2; }));
        const int count = tree->topLevelItem(0)->childCount();
        hands().click(gui::find(window(), QStringLiteral("Replace with")));
        hands().type(QStringLiteral("KEY_TOTAL\n"));
        QVERIFY(gui::comesTrue([&] {
            return tree->topLevelItemCount() == 1 && tree->topLevelItem(0)->child(0)->text(2).contains(QStringLiteral("KEY_TOTAL"));
        }));
        hands().photograph(QStringLiteral("find-in-files"));
        hands().click(gui::find(window(), QStringLiteral("Replace the ticked")));
        QVERIFY(gui::comesTrue([this] { return editors().current()->isModified(); }));
        QCOMPARE(editors().current()->text().count(QStringLiteral("KEY_TOTAL")), count);
        QVERIFY(!editors().current()->text().contains(QStringLiteral("KEY_COUNT")));
        QCOMPARE(content(source_), original_); // until it is saved
        hands().press(QStringLiteral("Ctrl+Z")); // one step takes all of it back
        QCOMPARE(editors().current()->text().toUtf8(), original_);
    }

    void aFileThatChangedOnDiskIsReadAgain() {
        QVERIFY(write(source_, original_ + "/* by another program */\n"));
        QVERIFY(gui::comesTrue([this] { return editors().current()->text().contains(QStringLiteral("another program")); }));
        QVERIFY(!editors().current()->isModified());
        QVERIFY(write(source_, original_));
        QVERIFY(gui::comesTrue([this] { return editors().current()->text().toUtf8() == original_; }));
    }

    void aFileThatChangedInBothIsAskedAbout() {
        typeAtTop(QStringLiteral("// mine\n"));
        QVERIFY(write(source_, "// theirs\n" + original_));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("Another program changed")); }));
        QVERIFY(editors().current()->text().startsWith(QStringLiteral("// mine")));
        // Unanswered, nothing is overwritten.
        hands().press(QStringLiteral("Ctrl+S"));
        hands().photograph(QStringLiteral("changed-on-disk"));
        QVERIFY(content(source_).startsWith("// theirs"));
        hands().click(gui::find(editors().notices(), QStringLiteral("Compare")));
        QVERIFY(gui::comesTrue([this] { return window().findChild<views::CompareDialog*>() != nullptr; }));
        auto* compare = window().findChild<views::CompareDialog*>();
        QVERIFY(gui::comesTrue([&] { return compare->isVisible(); }));
        const QString differences = compare->findChild<QPlainTextEdit*>()->toPlainText();
        QVERIFY(differences.contains(QStringLiteral("-// theirs")) && differences.contains(QStringLiteral("+// mine")));
        hands().photograph(QStringLiteral("compare"));
        compare->reject();
        hands().click(gui::find(editors().notices(), QStringLiteral("Reload")));
        QVERIFY(editors().current()->text().startsWith(QStringLiteral("// theirs")));
        hands().press(QStringLiteral("Ctrl+Z"));
        QVERIFY(editors().current()->text().startsWith(QStringLiteral("// mine"))); // not lost either
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([this] { return content(source_).startsWith("// mine"); }));
        QVERIFY(write(source_, original_));
        QVERIFY(gui::comesTrue([this] { return editors().current()->text().toUtf8() == original_; }));
    }

    void aFileThatVanishedIsStillHere() {
        QVERIFY(QFile::remove(source_));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("no longer on disk")); }));
        hands().photograph(QStringLiteral("vanished"));
        hands().click(gui::find(editors().notices(), QStringLiteral("Save it again")));
        QVERIFY(gui::comesTrue([this] { return content(source_) == original_; }));
        QVERIFY(gui::comesTrue([this] { return !isAsked(QStringLiteral("no longer on disk")); }));
    }

    void aFolderThatVanishedIsMadeAgain() {
        QVERIFY(QDir(folder_).removeRecursively());
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("no longer on disk")); }));
        typeAtTop(QStringLiteral("// still here\n"));
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([this] { return content(source_).startsWith("// still here"); }));
    }

    void whatIsNoTextIsRefused() {
        const QString binary = folder_ + QStringLiteral("/binary.c");
        QVERIFY(write(binary, QByteArray("a\0b", 3)));
        const QString latin = folder_ + QStringLiteral("/latin.c");
        QVERIFY(write(latin, "// caf\xe9\n"));
        const QString huge = folder_ + QStringLiteral("/huge.c");
        QVERIFY(write(huge, QByteArray(5 * 1024 * 1024, ' ')));
        for (const QString& path : {binary, latin, huge}) {
            editors().open(path);
            QVERIFY(gui::comesTrue([&] { return editors().editorOf(path) == nullptr; }));
        }
        QCOMPARE(openFiles().size(), 1);
        QCOMPARE(content(latin), QByteArray("// caf\xe9\n"));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    QString folder_, source_;
    QByteArray original_;
};

QTEST_MAIN(Editing)
#include "editing_test.moc"
