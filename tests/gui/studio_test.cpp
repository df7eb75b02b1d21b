// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/studio_test.hpp"

#include <QDir>
#include <QFile>
#include <QScreen>
#include <unistd.h>

#include "ide/views/theme.hpp"
#include "sdk/project/templates.hpp"

namespace rbpf::gui {

using model::DebugModel;

void StudioTest::openWindow() {
    QCoreApplication::setOrganizationName(QStringLiteral("rbpf"));
    QCoreApplication::setApplicationName(QStringLiteral("rbpf-studio"));
    views::applyAppearance(views::Appearance::Light);
    window_ = std::make_unique<app::MainWindow>();
    window_->move(0, 0);
    window_->resize(window_->screen()->availableSize());
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    hands_ = std::make_unique<Hands>(*window_);
}

void StudioTest::closeWindow() {
    hands_.reset();
    window_.reset();
}

QString StudioTest::openTemplate(const QString& name) {
    const QString folder = QDir::home().filePath(name);
    const auto created = project::create(name.toStdString(), folder.toStdString());
    if (!created) {
        qWarning("%s", created.error().message.c_str());
        return {};
    }
    window_->openPath(folder);
    const bool isBuilt = comesTrue([this] { return window_->builds().lastGood() != nullptr; });
    return isBuilt ? folder : QString();
}

void StudioTest::build() {
    const auto last = window_->builds().last();
    hands().press(QStringLiteral("Ctrl+B"));
    QVERIFY(comesTrue([&] { return window_->builds().last() != last && !window_->builds().isBuilding(); }));
}

bool StudioTest::comesToAStop() {
    return comesTrue([this] { return debug().state() == DebugModel::State::Stopped; }, 60000);
}

void StudioTest::step(const QString& keys) {
    const auto before = debug().snapshot();
    hands_->press(keys);
    QVERIFY(comesTrue([&] { return debug().state() == DebugModel::State::Stopped && debug().snapshot() != before; }));
}

pid_t StudioTest::clangd() {
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile status(QStringLiteral("/proc/%1/status").arg(entry));
        if (status.open(QIODevice::ReadOnly)) {
            const QByteArray text = status.readAll();
            if (text.startsWith("Name:\tclangd") && text.contains("\nPPid:\t" + QByteArray::number(::getpid()) + "\n")) {
                return entry.toInt();
            }
        }
    }
    return -1;
}

void StudioTest::cleanup() {
    if (QTest::currentTestFailed() && hands_) {
        hands_->photograph(QStringLiteral("failed-") + QString::fromLatin1(QTest::currentTestFunction()));
    }
}

} // namespace rbpf::gui
