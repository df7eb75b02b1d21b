// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/project_feature.hpp"

#include <QDir>
#include <QFileInfo>
#include <QInputDialog>
#include <QMainWindow>
#include <QMessageBox>
#include <QPushButton>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/background.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/project_changes.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/project_view.hpp"

namespace rbpf::app {

using views::ProjectView;

ProjectFeature::ProjectFeature(Workbench& bench, QObject* parent)
    : QObject(parent), bench_(bench), view_(new ProjectView) {
    bench.docks.add(tr("Project"), view_, Qt::LeftDockWidgetArea, Arrangement::Writing);
    connect(&bench.builds, &model::BuildModel::folderChanged, view_,
            [this] { view_->show(QString::fromStdString(bench_.builds.folder().string())); });
    connect(view_, &ProjectView::fileActivated, this, [this](const QString& path) { bench_.editors.open(path); });
    connect(view_, &ProjectView::fileClicked, this, [this](const QString& path) {
        bench_.editors.open(path);
        view_->setFocus();
    });
    connect(view_, &ProjectView::newFileAsked, this, [this](const QString& folder) {
        askName(tr("New file"), tr("&Name of the file, such as sensor.c"), QStringLiteral(".c"), [this, folder](const QString& name) {
            const QString path = QDir(folder).filePath(name);
            change([path = path.toStdString()] { return model::makeFile(path); }, [this, path] {
                view_->select(path);
                bench_.editors.open(path);
            });
        });
    });
    connect(view_, &ProjectView::newFolderAsked, this, [this](const QString& folder) {
        askName(tr("New folder"), tr("&Name of the folder"), {}, [this, folder](const QString& name) {
            const QString path = QDir(folder).filePath(name);
            change([path = path.toStdString()] { return model::makeFolder(path); }, [this, path] { view_->select(path); });
        });
    });
    connect(view_, &ProjectView::renameAsked, this, &ProjectFeature::rename);
    connect(view_, &ProjectView::removeAsked, this, &ProjectFeature::remove);
}

void ProjectFeature::askName(const QString& title, const QString& label, const QString& first,
                             std::function<void(const QString&)> take) {
    auto* dialog = new QInputDialog(&bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    dialog->setTextValue(first);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, take = std::move(take)](const QString& typed) {
        const QString name = typed.trimmed();
        if (const auto fits = model::checkName(name.toStdString()); !fits) {
            bench_.tell(QString::fromStdString(fits.error().message), QString::fromStdString(fits.error().hint), true);
            return;
        }
        take(name);
    });
    dialog->open();
}

void ProjectFeature::change(std::function<support::Result<void>()> work, std::function<void()> then) {
    model::inBackground(this, std::move(work), [this, then = std::move(then)](const support::Result<void>& done) {
        if (!done) {
            bench_.tell(QString::fromStdString(done.error().message), QString::fromStdString(done.error().hint), true);
            return;
        }
        then();
        bench_.builds.check();
    });
}

void ProjectFeature::rename(const QString& path) {
    const QFileInfo info(path);
    askName(tr("Rename"), tr("New &name of %1").arg(info.fileName()), info.fileName(), [this, path, info](const QString& name) {
        const QString to = QDir(info.absolutePath()).filePath(name);
        if (to == path) {
            return;
        }
        change([from = path.toStdString(), to = to.toStdString()] { return model::rename(from, to); }, [this, path, to] {
            for (const views::CodeEditor* editor : bench_.editors.editors()) {
                const QString open = editor->path();
                if (open == path || open.startsWith(path + QLatin1Char('/'))) {
                    bench_.editors.renamed(open, to + open.mid(path.size()));
                }
            }
            view_->select(to);
        });
    });
}

void ProjectFeature::remove(const QString& path) {
    auto* box = new QMessageBox(QMessageBox::Question, tr("Move to the wastebasket"),
                                tr("Move %1 to the wastebasket?").arg(QFileInfo(path).fileName()), QMessageBox::Cancel,
                                &bench_.window);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton* move = box->addButton(tr("&Move"), QMessageBox::AcceptRole);
    connect(move, &QPushButton::clicked, this,
            [this, path] { change([path = path.toStdString()] { return model::throwAway(path); }, [] {}); });
    box->open();
}

} // namespace rbpf::app
