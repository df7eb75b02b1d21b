// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong around Studio: a project file with mistakes, a disk that is full or read-only, another Studio on the
// project, another debugger on the board. And the panel of the project's files, which must not make trouble.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QStatusBar>

#include "ide/views/notice_area.hpp"
#include "ide/views/problems_view.hpp"
#include "ide/views/project_view.hpp"
#include "sdk/project/templates.hpp"
#include "tests/gui/small_disk.hpp"
#include "tests/gui/studio_test.hpp"

using namespace rbpf;
using model::DebugModel;

namespace {

constexpr unsigned kDiskKilobytes = 1024;

QString disk() {
    return QDir::home().filePath(QStringLiteral("disk"));
}

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Of the texts that running Studios keep: one a project.
int locks() {
    QDirIterator found(qEnvironmentVariable("XDG_STATE_HOME") + QStringLiteral("/rbpf/studio/recovery"), {QStringLiteral("*.lock")},
                       QDir::Files, QDirIterator::Subdirectories);
    int count = 0;
    for (; found.hasNext(); found.next()) {
        ++count;
    }
    return count;
}

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size();
}

} // namespace

class Trouble : public gui::StudioTest {
    Q_OBJECT
public:
    explicit Trouble(std::string noDisk) : noDisk_(std::move(noDisk)) {}

private:
    [[nodiscard]] bool isAsked(const QString& words) {
        return std::ranges::any_of(editors().notices().findChildren<QLabel*>(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(words);
        });
    }
    [[nodiscard]] bool isTold(const QString& words) { return window().statusBar()->currentMessage().contains(words); }
    [[nodiscard]] views::ProjectView& files() { return *window().findChild<views::ProjectView*>(); }
    /// Types into the box that is open, over what it offers, and accepts.
    void answer(const QString& text) {
        QVERIFY(gui::comesTrue([] {
            const QWidget* box = QApplication::activeModalWidget();
            return box != nullptr && box->findChild<QLineEdit*>() != nullptr && box->findChild<QLineEdit*>()->hasFocus();
        }));
        hands().press(QStringLiteral("Ctrl+A"));
        hands().type(text + QLatin1Char('\n'));
        QVERIFY(gui::comesTrue([] { return QApplication::activeModalWidget() == nullptr; }));
    }
    void typeAtTop(const QString& text) {
        hands().click(editors().current());
        hands().press(QStringLiteral("Ctrl+Home"));
        hands().type(text);
    }
    void open(const QString& folder) {
        window().openPath(folder);
        QVERIFY(gui::comesTrue([this, folder] {
            return window().builds().lastGood() != nullptr && editors().current() != nullptr &&
                   !editors().current()->isLoading() && editors().current()->path().startsWith(folder);
        }));
    }

private Q_SLOTS:
    void initTestCase() {
        if (!noDisk_.empty()) {
            QSKIP(noDisk_.c_str());
        }
        openWindow();
        folder_ = disk() + QStringLiteral("/counter");
        QVERIFY(project::create("counter", folder_.toStdString()));
    }

    void aProjectFileWithMistakesIsShownAtTheMistake() {
        const QString config = folder_ + QStringLiteral("/rbpf.json");
        const QByteArray good = content(config);
        QVERIFY(write(config, "{\n  \"name\": \"counter\",\n  \"budget\": \"much\"\n}\n"));
        window().openPath(folder_);
        QVERIFY(gui::comesTrue([&] {
            return editors().current() != nullptr && editors().current()->path() == config && editors().current()->currentLine() == 3;
        }));
        const auto* problems = window().findChild<views::ProblemsView*>();
        QVERIFY(gui::comesTrue([&] { return problems->errors() > 0; }));
        hands().photograph(QStringLiteral("project-mistake"));
        hands().click(editors().current());
        hands().press(QStringLiteral("Ctrl+A"));
        hands().press(QStringLiteral("Delete"));
        hands().type(QString::fromUtf8(good));
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([&] { return problems->errors() == 0 && window().builds().lastGood() != nullptr; }));
    }

    void onAFullDiskNothingIsLost() {
        open(folder_);
        editors().open(folder_ + QStringLiteral("/src/counter.c"));
        QVERIFY(gui::comesTrue([this] { return !editors().current()->isLoading(); }));
        source_ = editors().current()->path();
        const QByteArray original = content(source_);
        QVERIFY(!original.isEmpty());
        const std::string ballast = disk().toStdString() + "/ballast";
        const QStringList before = QDir(QFileInfo(source_).absolutePath()).entryList(QDir::AllEntries | QDir::Hidden);
        QVERIFY(gui::fill(ballast));
        typeAtTop(QStringLiteral("// precious\n"));
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("the disk is full")); }));
        hands().photograph(QStringLiteral("disk-full"));
        QCOMPARE(content(source_), original);
        QCOMPARE(QDir(QFileInfo(source_).absolutePath()).entryList(QDir::AllEntries | QDir::Hidden), before);
        QVERIFY(editors().current()->isModified());
        QVERIFY(QFile::remove(QString::fromStdString(ballast)));
        hands().click(gui::find(editors().notices(), QStringLiteral("Try again")));
        QVERIFY(gui::comesTrue([&] { return content(source_) == "// precious\n" + original; }));
        QVERIFY(gui::comesTrue([this] { return !isAsked(QStringLiteral("the disk is full")); }));
    }

    void aBuildThatCannotBeWrittenSaysSo() {
        const std::string ballast = disk().toStdString() + "/ballast";
        QVERIFY(QDir(folder_ + QStringLiteral("/build")).removeRecursively());
        QVERIFY(gui::fill(ballast));
        hands().press(QStringLiteral("Ctrl+B"));
        QVERIFY(gui::comesTrue([this] { return isTold(QStringLiteral("the disk is full")); }));
        QVERIFY(QFile::remove(QString::fromStdString(ballast)));
        hands().press(QStringLiteral("Ctrl+B"));
        QVERIFY(gui::comesTrue([this] { return QFileInfo::exists(folder_ + QStringLiteral("/build/counter.rbpf")); }));
    }

    void aReadOnlyFolderIsSaid() {
        QVERIFY(gui::setReadOnly(disk().toStdString(), true));
        typeAtTop(QStringLiteral("// more\n"));
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("read-only")); }));
        hands().photograph(QStringLiteral("read-only"));
        QVERIFY(content(source_).startsWith("// precious"));
        QVERIFY(gui::setReadOnly(disk().toStdString(), false));
        hands().click(gui::find(editors().notices(), QStringLiteral("Try again")));
        QVERIFY(gui::comesTrue([this] { return content(source_).startsWith("// more\n// precious"); }));
    }

    void filesAreMadeRenamedAndRemoved() {
        const QString made = folder_ + QStringLiteral("/src/extra.c");
        const auto place = [this](const QString& name) -> QPoint {
            const QModelIndexList found = files().model()->match(files().rootIndex(), Qt::DisplayRole, name, 1,
                                                                 Qt::MatchExactly | Qt::MatchRecursive);
            return found.isEmpty() ? QPoint() : files().visualRect(found.front()).center();
        };
        QVERIFY(gui::comesTrue([&] { return !place(QStringLiteral("src")).isNull(); }));
        QVERIFY(hands().choose(files().viewport(), place(QStringLiteral("src")), QStringLiteral("New file")));
        answer(QStringLiteral("extra.c"));
        QVERIFY(gui::comesTrue([&] {
            return QFileInfo::exists(made) && editors().current()->path() == made && !editors().current()->isLoading();
        }));
        hands().type(QStringLiteral("static int unused;\n"));
        QVERIFY(editors().current()->isModified());
        // Its text, not saved yet, goes along.
        QVERIFY(gui::comesTrue([&] { return place(QStringLiteral("extra.c")).y() > 0; }));
        hands().click(files().viewport(), place(QStringLiteral("extra.c")));
        hands().press(QStringLiteral("F2"));
        answer(QStringLiteral("counter.c"));
        QVERIFY(gui::comesTrue([this] { return isTold(QStringLiteral("there is such a file already")); }));
        hands().press(QStringLiteral("F2")); // the panel has kept the keys
        answer(QStringLiteral("other.c"));
        const QString renamed = folder_ + QStringLiteral("/src/other.c");
        QVERIFY(gui::comesTrue([&] { return QFileInfo::exists(renamed) && editors().editorOf(renamed) != nullptr; }));
        QVERIFY(editors().editorOf(made) == nullptr);
        QCOMPARE(editors().editorOf(renamed)->text(), QStringLiteral("static int unused;\n"));
        editors().open(renamed);
        hands().press(QStringLiteral("Ctrl+S"));
        QVERIFY(gui::comesTrue([&] { return content(renamed) == "static int unused;\n"; }));
        QVERIFY(!isAsked(QStringLiteral("no longer on disk")));
        QVERIFY(gui::comesTrue([&] { return place(QStringLiteral("other.c")).y() > 0; }));
        hands().click(files().viewport(), place(QStringLiteral("other.c")));
        hands().press(QStringLiteral("Delete"));
        QVERIFY(gui::comesTrue([] { return QApplication::activeModalWidget() != nullptr; }));
        hands().photograph(QStringLiteral("remove"));
        hands().press(QStringLiteral("Alt+M"));
        QVERIFY(gui::comesTrue([&] { return !QFileInfo::exists(renamed); }));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("no longer on disk")); }));
        hands().click(gui::find(editors().notices(), QStringLiteral("Close it")));
        QVERIFY(gui::comesTrue([&] { return editors().editorOf(renamed) == nullptr; }));
    }

    void anotherDebuggerOnTheBoardIsSaidAndCanBeReplaced() {
        QProcess other;
        other.setProcessChannelMode(QProcess::MergedChannels);
        other.start(qEnvironmentVariable("RBPF_BIN") + QStringLiteral("/rbpf"), {QStringLiteral("debug"), folder_});
        QByteArray said;
        QVERIFY2(gui::comesTrue([&] { return (said += other.readAll()).contains("Debugging"); }), said.constData());
        hands().press(QStringLiteral("Ctrl+F5"));
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("Another debugger")); }));
        hands().photograph(QStringLiteral("seat-taken"));
        hands().click(gui::find(editors().notices(), QStringLiteral("Take the seat")));
        QVERIFY(gui::comesTrue([this] {
            return debug().state() != DebugModel::State::Off && debug().state() != DebugModel::State::Starting;
        }));
        hands().press(QStringLiteral("Shift+F5"));
        QVERIFY(gui::comesTrue([this] { return debug().state() == DebugModel::State::Off; }));
        other.kill();
        QVERIFY(gui::comesTrue([&] { return other.state() == QProcess::NotRunning; }));
    }

    void anotherStudioOnTheProjectIsSaid() {
        const QString shared = QDir::home().filePath(QStringLiteral("hello"));
        QVERIFY(project::create("hello", shared.toStdString()));
        const int before = locks();
        QProcess other;
        other.start(qEnvironmentVariable("RBPF_BIN") + QStringLiteral("/rbpf-studio"), {shared});
        QVERIFY(gui::comesTrue([&] { return locks() > before; })); // it has the project
        open(shared);
        window().raise(); // over the other
        QVERIFY(gui::comesTrue([this] { return isAsked(QStringLiteral("open in another Studio")); }));
        hands().photograph(QStringLiteral("two-studios"));
        other.kill();
        QVERIFY(gui::comesTrue([&] { return other.state() == QProcess::NotRunning; }));
    }

    void theWindowNeverBlocked() {
        QVERIFY2(longestStallMs() <= 100,
                 qPrintable(QStringLiteral("the event loop stood still for %1 ms").arg(longestStallMs())));
    }

    void cleanupTestCase() { closeWindow(); }

private:
    const std::string noDisk_;
    QString folder_, source_;
};

int main(int argc, char** argv) {
    const std::string noDisk = gui::mountSmallDisk(disk().toStdString(), kDiskKilobytes);
    QApplication application(argc, argv);
    Trouble test(noDisk);
    return QTest::qExec(&test, argc, argv);
}

#include "trouble_test.moc"
