// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/project_maker.hpp"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "ide/app/new_project.hpp"
#include "ide/model/background.hpp"
#include "sdk/project/project.hpp"

namespace rbpf::app {

ProjectMaker::ProjectMaker(QWidget& window, Tell tell) : window_(window), tell_(std::move(tell)) {}

void ProjectMaker::listTemplates(std::function<void(const std::vector<project::Template>&)> then) {
    model::inBackground(this, [] { return project::templates(); },
                        [this, then = std::move(then)](const support::Result<std::vector<project::Template>>& templates) {
                            if (templates) {
                                then(*templates);
                            } else {
                                tell_(QString::fromStdString(templates.error().message), QString::fromStdString(templates.error().hint), true);
                            }
                        });
}

void ProjectMaker::ask(const QString& chosen, Then then) {
    listTemplates([this, chosen, then = std::move(then)](const std::vector<project::Template>& templates) {
        QStringList names;
        for (const project::Template& one : templates) {
            names << QString::fromStdString(one.name);
        }
        auto* dialog = new NewProject(names, chosen, &window_);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QDialog::accepted, this, [this, dialog, then] { make(dialog->templateName(), dialog->folder(), then); });
        dialog->open();
    });
}

void ProjectMaker::make(const QString& templateName, const QString& folder, Then then) {
    model::inBackground(
        this, [name = templateName.toStdString(), folder = folder.toStdString()] { return project::create(name, folder); },
        [this, folder, then = std::move(then)](const support::Result<std::string>& created) {
            if (created) {
                then(folder);
            } else {
                tell_(QString::fromStdString(created.error().message), QString::fromStdString(created.error().hint), true);
            }
        });
}

void ProjectMaker::makeFirst(Then then) {
    const QDir data(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation));
    const QString folder = data.filePath(QStringLiteral("first-script"));
    if (QFileInfo::exists(QDir(folder).filePath(QString::fromLatin1(project::kConfigName)))) {
        then(folder);
    } else {
        make(QString::fromLatin1(kFirstTemplate), folder, std::move(then));
    }
}

} // namespace rbpf::app
