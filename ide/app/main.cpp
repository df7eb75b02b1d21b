// SPDX-License-Identifier: GPL-3.0-or-later
// rBPF Studio.
#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>

#include "ide/app/main_window.hpp"
#include "ide/app/session_feature.hpp"
#include "ide/views/preferences.hpp"
#include "ide/views/theme.hpp"

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("rbpf-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("rBPF Studio"));
    QApplication::setOrganizationName(QStringLiteral("rbpf"));
    QApplication::setApplicationVersion(QStringLiteral(RBPF_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("rbpf-studio"));
    QIcon icon;
    icon.addFile(QStringLiteral(":/rbpf-studio-48.png"));
    icon.addFile(QStringLiteral(":/rbpf-studio-256.png"));
    QApplication::setWindowIcon(icon);
    QCommandLineParser options;
    options.setApplicationDescription(QApplication::translate(
        "main", "Write, measure, deploy and debug sandboxed eBPF scripts on microcontrollers."));
    options.addHelpOption();
    options.addVersionOption();
    const QCommandLineOption tryIt(QStringLiteral("try"),
                                   QApplication::translate("main", "Make a sample project and run it on a virtual board."));
    options.addOption(tryIt);
    options.addPositionalArgument(QStringLiteral("project"),
                                  QApplication::translate("main", "A project's folder, or a file in one."),
                                  QStringLiteral("[project]"));
    options.process(application);

    rbpf::views::applyAppearance(rbpf::views::Preferences::load().appearance);
    rbpf::app::MainWindow window;
    window.show();
    if (options.isSet(tryIt)) {
        window.tryIt();
    } else if (!options.positionalArguments().isEmpty()) {
        window.openPath(options.positionalArguments().front());
    } else if (const QString last = rbpf::app::SessionFeature::lastProject(); !last.isEmpty()) {
        window.openPath(last);
    }
    return QApplication::exec();
}
