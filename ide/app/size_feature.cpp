// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/size_feature.hpp"

#include <QDateTime>
#include <QLocale>
#include <QPlainTextEdit>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/size_history.hpp"
#include "ide/views/bytecode_view.hpp"
#include "ide/views/size_view.hpp"
#include "ide/views/theme.hpp"
#include "sdk/analyse/report.hpp"

namespace rbpf::app {

namespace {

constexpr int kMostLines = 5000;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

QString line(const support::Diagnostic& one) {
    const QString kind = one.severity == support::Severity::Error     ? SizeFeature::tr("error")
                         : one.severity == support::Severity::Warning ? SizeFeature::tr("warning")
                                                                      : SizeFeature::tr("note");
    const QString place = one.range.file.empty() ? QString()
                                                 : QStringLiteral("%1:%2:%3: ").arg(words(one.range.file)).arg(one.range.line).arg(one.range.column);
    return QStringLiteral("  %1%2: %3").arg(place, kind, words(one.message)) +
           (one.hint.empty() ? QString() : QStringLiteral(" — ") + words(one.hint));
}

} // namespace

SizeFeature::SizeFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), history_(new model::SizeHistory(this)), log_(new QPlainTextEdit) {
    log_->setReadOnly(true);
    log_->setMaximumBlockCount(kMostLines);
    log_->setFont(views::codeFont());
    log_->setLineWrapMode(QPlainTextEdit::NoWrap);
    log_->setAccessibleName(tr("What the builds say"));
    log_->setPlaceholderText(tr("What each build (Ctrl+B) says stands here."));
    bench_.docks.addBeside(tr("Problems"), tr("Build log"), log_, Arrangement::OnDemand);
    addCommand(bench_.menus.build, tr("Build &log"), Qt::CTRL | Qt::SHIFT | Qt::Key_L,
               [this] { bench_.docks.show(tr("Build log")); }, tr("What each build took and gave"));

    connect(&bench_.builds, &model::BuildModel::folderChanged, this, [this] {
        log_->clear();
        history_->setFolder(bench_.builds.folder());
    });
    connect(&bench_.builds, &model::BuildModel::started, this, [this](bool written) {
        if (written) {
            building_.start();
        }
    });
    connect(&bench_.builds, &model::BuildModel::finished, this, [this](bool written) {
        if (written) {
            onFinished();
        }
    });
    connect(&bench_.builds, &model::BuildModel::failed, this, [this](const QString& message, const QString& hint) {
        log(hint.isEmpty() ? message : tr("%1 — %2").arg(message, hint));
    });
    connect(history_, &model::SizeHistory::changed, this, [this] { bench_.size.showHistory(history_->points()); });
    connect(history_, &model::SizeHistory::failed, this,
            [this](const QString& message, const QString& hint) { bench_.tell(message, hint, false); });
    connect(&bench_.size, &views::SizeView::codeActivated, this, [this](std::uint32_t offset) {
        bench_.docks.show(tr("Bytecode"));
        bench_.bytecode.goTo(offset);
    });
}

void SizeFeature::onFinished() {
    const project::BuildResult& result = bench_.builds.last()->result;
    const QString time = tr("%1 ms").arg(building_.elapsed());
    log(result.ok ? tr("%1 (%2%3)").arg(words(analyse::summary(result.size)), time, result.upToDate ? tr(", nothing had changed") : QString())
                  : tr("The build failed (%1)").arg(time));
    for (const support::Diagnostic& one : result.diagnostics) {
        log_->appendPlainText(line(one));
        for (const support::Diagnostic& note : one.notes) {
            log_->appendPlainText(line(note));
        }
    }
    if (!result.ok) {
        return;
    }
    const analyse::SizeReport& size = result.size;
    history_->add({QDateTime::currentMSecsSinceEpoch(), size.image, size.text, size.instructions, size.stack, size.data + size.bss});
}

void SizeFeature::log(const QString& text) {
    log_->appendPlainText(QLocale::c().toString(QDateTime::currentDateTime(), QStringLiteral("HH:mm:ss  ")) + text);
}

} // namespace rbpf::app
