// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/recovery_feature.hpp"

#include <QFileInfo>

#include "ide/app/workbench.hpp"
#include "ide/model/build_model.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/notice_area.hpp"

namespace rbpf::app {

using model::KeptText;
using model::RecoveryJournal;

RecoveryFeature::RecoveryFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench),
      journal_(new RecoveryJournal([&editors = bench.editors] { return editors.unsaved(); }, this)) {
    connect(&bench.builds, &model::BuildModel::folderChanged, this, [this] {
        bench_.editors.notices().clear();
        journal_->setProject(QString::fromStdString(bench_.builds.folder().string()));
    });
    connect(&bench.editors, &views::EditorTabs::edited, journal_, &RecoveryJournal::touch);
    connect(&bench.editors, &views::EditorTabs::saved, journal_, &RecoveryJournal::touch);
    connect(&bench.editors, &views::EditorTabs::closedAll, journal_, &RecoveryJournal::flush);
    connect(journal_, &RecoveryJournal::failed, this,
            [this](const QString& message, const QString& hint) { bench_.tell(message, hint, true); });
    connect(journal_, &RecoveryJournal::found, this, &RecoveryFeature::offer);
    connect(journal_, &RecoveryJournal::shared, this, [this](const QStringList& others) {
        bench_.editors.notices().show(
            QStringLiteral("shared"),
            tr("This project is open in another Studio too (%1). What one saves, the other will offer to reload; "
               "text that is changed in both will be asked about.")
                .arg(others.join(QStringLiteral("; "))),
            {{tr("&Understood"), [] {}}});
    });
}

void RecoveryFeature::offer(const std::vector<KeptText>& left) {
    if (left.size() == 1) {
        offerOne(left.front());
        return;
    }
    const auto each = [left](const std::function<void(const KeptText&)>& act) {
        return [left, act] {
            for (const KeptText& kept : left) {
                act(kept);
            }
        };
    };
    bench_.editors.notices().show(
        QStringLiteral("recovery"), tr("Studio ended before the text of %n file(s) was saved.", nullptr, static_cast<int>(left.size())),
        {{tr("&Recover all"), each([this](const KeptText& kept) { recover(kept); })},
         {tr("Each by &itself"), each([this](const KeptText& kept) { offerOne(kept); })},
         {tr("D&iscard all"), each([this](const KeptText& kept) { journal_->forget(kept); })}});
}

void RecoveryFeature::offerOne(const KeptText& kept) {
    bench_.editors.notices().show(
        QStringLiteral("recovery ") + QString::fromStdString(kept.entry.string()),
        tr("Studio ended before the text of %1 was saved; it was kept at %2.").arg(QFileInfo(kept.path).fileName(), kept.when),
        {{tr("&Recover"), [this, kept] { recover(kept); }},
         {tr("D&iscard"), [this, kept] { journal_->forget(kept); }}});
}

void RecoveryFeature::recover(const KeptText& kept) {
    // First it is kept anew, then the old copy goes.
    bench_.editors.restoreText(kept.path, kept.text, [this, kept] {
        journal_->flush();
        journal_->forget(kept);
    });
}

} // namespace rbpf::app
