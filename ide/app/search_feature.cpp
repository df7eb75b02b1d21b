// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/search_feature.hpp"

#include <QAction>
#include <QFileInfo>
#include <QMenu>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/background.hpp"
#include "ide/model/build_model.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/search_view.hpp"

namespace rbpf::app {

SearchFeature::SearchFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), view_(new views::SearchView) {
    bench.docks.addBeside(tr("Problems"), tr("Search"), view_, Arrangement::OnDemand);
    addCommand(bench.menus.edit, tr("Find in fi&les"), Qt::CTRL | Qt::SHIFT | Qt::Key_F, [this] {
        const views::CodeEditor* editor = bench_.editors.current();
        const QString selected = editor != nullptr ? editor->selectedText() : QString();
        bench_.docks.show(tr("Search"));
        view_->open(selected.contains(QLatin1Char('\n')) ? QString() : selected);
    });
    connect(view_, &views::SearchView::searched, this, &SearchFeature::search);
    connect(view_, &views::SearchView::replaced, this, &SearchFeature::replace);
    connect(view_, &views::SearchView::activated, this,
            [this](const QString& path, unsigned line, unsigned column) { bench_.jump(path, line, column); });
    connect(&bench.builds, &model::BuildModel::folderChanged, view_, &views::SearchView::clear);
}

void SearchFeature::search(const model::Search& search) {
    if (!bench_.builds.isOpen()) {
        view_->say(tr("There is no project to search."));
        return;
    }
    model::inBackground(
        this,
        [folder = bench_.builds.folder(), open = bench_.editors.unsaved(), search] { return model::findInFiles(folder, open, search); },
        [this, asked = ++asked_](support::Result<model::Found> found) {
            if (asked != asked_) {
                return;
            }
            if (found) {
                view_->show(std::move(*found));
            } else {
                view_->say(tr("No regular expression: %1").arg(QString::fromStdString(found.error().message)));
            }
        });
}

/// As a change of the editor's text; a text that has changed since it was searched stays as it is.
void SearchFeature::replace(const QString& path, const QString& before, const QString& after) {
    bench_.editors.whenLoaded(path, [this, path, before, after](views::CodeEditor& editor) {
        if (editor.text() == before) {
            editor.replaceAll(after);
        } else {
            bench_.tell(tr("%1 has changed since it was searched; nothing is replaced there").arg(QFileInfo(path).fileName()),
                        tr("search again"), true);
        }
    });
}

} // namespace rbpf::app
