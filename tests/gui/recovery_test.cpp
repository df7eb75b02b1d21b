// SPDX-License-Identifier: GPL-3.0-or-later
// Studio as a program of its own is killed while somebody types into it; the next one has the text.
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

#include "sdk/project/templates.hpp"
#include "tests/gui/hands.hpp"

using namespace rbpf;

namespace {

/// The most that may be lost, milliseconds.
constexpr qint64 kMostLostMs = 2000;

QByteArray content(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What Studios keep for a crash, all together.
QByteArray kept() {
    QByteArray all;
    QDirIterator files(qEnvironmentVariable("XDG_STATE_HOME") + QStringLiteral("/rbpf/studio/recovery"), QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString file = files.next();
        all += file.endsWith(QStringLiteral(".lock")) ? QByteArray() : content(file);
    }
    return all;
}

/// rbpf-studio on a project; it ends with the test.
class Studio {
public:
    explicit Studio(const QString& folder) {
        process_.start(qEnvironmentVariable("RBPF_BIN") + QStringLiteral("/rbpf-studio"), {folder});
        hands_ = std::make_unique<gui::Hands>(QFileInfo(folder).fileName());
    }
    ~Studio() { kill(); }
    [[nodiscard]] gui::Hands& hands() { return *hands_; }
    void kill() {
        process_.kill(); // SIGKILL
        process_.waitForFinished();
    }

private:
    QProcess process_;
    std::unique_ptr<gui::Hands> hands_;
};

} // namespace

class Recovery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        folder_ = QDir::home().filePath(QStringLiteral("hello"));
        QVERIFY(project::create("hello", folder_.toStdString()));
        const QStringList sources = QDir(folder_ + QStringLiteral("/src")).entryList({QStringLiteral("*.c")});
        QVERIFY(!sources.isEmpty());
        source_ = folder_ + QStringLiteral("/src/") + sources.front();
        original_ = content(source_);
    }

    void whatIsTypedIsKeptAtOnce() {
        Studio studio(folder_);
        // The file is open once a key reaches it.
        QVERIFY(gui::comesTrue([&] {
            studio.hands().type(QStringLiteral("/"));
            return kept().contains("/");
        }));
        studio.hands().type(QStringLiteral("/ the first line\n"));
        studio.hands().type(QStringLiteral("int precious;\n"));
        QElapsedTimer since;
        since.start();
        QVERIFY(gui::comesTrue([] { return kept().contains("int precious;"); }));
        QVERIFY2(since.elapsed() <= kMostLostMs, qPrintable(QString::number(since.elapsed())));
        QCOMPARE(content(source_), original_);
        studio.kill();
        QCOMPARE(content(source_), original_);
    }

    void theNextStudioHasIt() {
        Studio studio(folder_);
        // Alt+R: Recover. It answers once the offer is there.
        QVERIFY(gui::comesTrue([&] {
            studio.hands().press(QStringLiteral("Alt+R"));
            studio.hands().press(QStringLiteral("Ctrl+S"));
            return content(source_).contains("int precious;");
        }));
        QVERIFY2(content(source_).endsWith(original_), content(source_).constData());
        studio.hands().photograph(QStringLiteral("recovered"));
        QVERIFY(gui::comesTrue([] { return !kept().contains("precious"); })); // it is saved
        studio.kill();
    }

    void whatIsGivenUpIsGone() {
        {
            Studio studio(folder_);
            QVERIFY(gui::comesTrue([&] {
                studio.hands().type(QStringLiteral("@"));
                return kept().contains("@");
            }));
        }
        Studio studio(folder_);
        // Alt+I: Discard.
        QVERIFY(gui::comesTrue([&] {
            studio.hands().press(QStringLiteral("Alt+I"));
            return kept().isEmpty();
        }));
        QVERIFY(!content(source_).contains('@'));
    }

private:
    QString folder_, source_;
    QByteArray original_;
};

QTEST_MAIN(Recovery)
#include "recovery_test.moc"
