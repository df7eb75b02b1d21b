// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/about_feature.hpp"

#include <QMainWindow>
#include <QMenu>
#include <QPointer>
#include <QSysInfo>

#include "ide/app/workbench.hpp"
#include "ide/model/background.hpp"
#include "ide/views/about_dialog.hpp"
#include "ide/views/scintilla.hpp"
#include "sdk/compile/compile.hpp"
#include "sdk/language/clangd.hpp"
#include "sdk/support/process.hpp"

namespace rbpf::app {

namespace {

QString firstLine(const std::string& text) {
    return QString::fromStdString(text.substr(0, text.find('\n'))).trimmed();
}

/// What the language server that would be started says of itself.
QString clangdVersion() {
    const auto program = language::findClangd();
    if (!program) {
        return firstLine(program.error().message + (program.error().hint.empty() ? "" : " — " + program.error().hint));
    }
    support::ProcessOptions options;
    options.deadline = std::chrono::seconds(10);
    const auto end = support::runProcess({{*program, "--version"}, {}, false}, options);
    const QString said = end && end->exitCode == 0 ? firstLine(end->out) : AboutFeature::tr("does not answer");
    return QStringLiteral("%1 (%2)").arg(said, QString::fromStdString(*program));
}

} // namespace

AboutFeature::AboutFeature(Workbench& bench, QObject* parent) : QObject(parent), bench_(bench) {
    addCommand(bench_.menus.help, tr("&About rBPF Studio"), {}, [this] { open(); }, tr("Versions and licences"));
}

void AboutFeature::open() {
    const QString clangd = tr("clangd");
    auto* dialog = new views::AboutDialog(
        QStringLiteral(RBPF_VERSION),
        {{tr("Qt"), QString::fromLatin1(qVersion()) == QLatin1String(QT_VERSION_STR)
                        ? QString::fromLatin1(qVersion())
                        : tr("%1, built with %2").arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR))},
         {tr("QScintilla"), QStringLiteral(QSCINTILLA_VERSION_STR)},
         {tr("Compiler"), QString::fromStdString(compile::compilerVersion())},
         {clangd, tr("is asked …")},
         {tr("System"), QStringLiteral("%1, %2").arg(QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture())}},
        &bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    model::inBackground(dialog, [] { return clangdVersion(); },
                        [dialog, clangd](const QString& version) { dialog->setPart(clangd, version); });
}

} // namespace rbpf::app
