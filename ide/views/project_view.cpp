// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/project_view.hpp"

#include <QAction>
#include <QFileInfo>
#include <QFileSystemModel>
#include <QKeyEvent>
#include <QMenu>

namespace rbpf::views {

ProjectView::ProjectView(QWidget* parent)
    : QTreeView(parent), newFile_(new QAction(tr("New &file…"), this)), newFolder_(new QAction(tr("New f&older…"), this)),
      rename_(new QAction(tr("&Rename…"), this)), remove_(new QAction(tr("&Move to the wastebasket"), this)) {
    setAccessibleName(tr("Project files"));
    setHeaderHidden(true);
    setContextMenuPolicy(Qt::CustomContextMenu);
    rename_->setShortcut(Qt::Key_F2);
    remove_->setShortcut(QKeySequence::Delete);
    for (QAction* action : {newFile_, newFolder_, rename_, remove_}) {
        action->setShortcutContext(Qt::WidgetShortcut);
        addAction(action);
    }
    connect(this, &QWidget::customContextMenuRequested, this, &ProjectView::showMenu);
    connect(newFile_, &QAction::triggered, this, [this] { Q_EMIT newFileAsked(chosenFolder()); });
    connect(newFolder_, &QAction::triggered, this, [this] { Q_EMIT newFolderAsked(chosenFolder()); });
    const auto onChosen = [this](void (ProjectView::*ask)(const QString&)) {
        return [this, ask] {
            if (const QString path = chosen(); !path.isEmpty()) {
                Q_EMIT (this->*ask)(path);
            }
        };
    };
    connect(rename_, &QAction::triggered, this, onChosen(&ProjectView::renameAsked));
    connect(remove_, &QAction::triggered, this, onChosen(&ProjectView::removeAsked));
    const auto onFile = [this](void (ProjectView::*tell)(const QString&)) {
        return [this, tell](const QModelIndex& index) {
            if (model_ != nullptr && !model_->isDir(index)) {
                Q_EMIT (this->*tell)(model_->filePath(index));
            }
        };
    };
    connect(this, &QTreeView::clicked, this, onFile(&ProjectView::fileClicked));
    connect(this, &QTreeView::activated, this, onFile(&ProjectView::fileActivated));
}

void ProjectView::show(const QString& folder) {
    const QFileSystemModel* old = model_;
    model_ = nullptr;
    if (!folder.isEmpty()) {
        model_ = new QFileSystemModel(this);
        model_->setNameFilters({QStringLiteral("*.c"), QStringLiteral("*.h"), QStringLiteral("*.json"), QStringLiteral("*.md")});
        model_->setNameFilterDisables(false);
    }
    setModel(model_);
    delete old;
    if (model_ != nullptr) {
        setRootIndex(model_->setRootPath(folder));
        for (int column = 1; column < model_->columnCount(); ++column) {
            hideColumn(column);
        }
    }
}

void ProjectView::select(const QString& path) {
    if (model_ != nullptr) {
        setCurrentIndex(model_->index(path));
        scrollTo(currentIndex());
    }
}

QAction* ProjectView::actionOf(const QKeyEvent& event) const {
    for (QAction* action : actions()) {
        if (!action->shortcut().isEmpty() && action->shortcut() == QKeySequence(event.keyCombination())) {
            return action;
        }
    }
    return nullptr;
}

/// The panel's keys are the panel's while it has the focus, whatever they are elsewhere.
bool ProjectView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && actionOf(*static_cast<QKeyEvent*>(event)) != nullptr) {
        event->accept();
        return true;
    }
    return QTreeView::event(event);
}

void ProjectView::keyPressEvent(QKeyEvent* event) {
    if (QAction* action = actionOf(*event)) {
        action->trigger();
    } else {
        QTreeView::keyPressEvent(event);
    }
}

QString ProjectView::chosen() const {
    return model_ != nullptr && currentIndex().isValid() ? model_->filePath(currentIndex()) : QString();
}

QString ProjectView::chosenFolder() const {
    const QString path = chosen();
    if (path.isEmpty()) {
        return model_ != nullptr ? model_->rootPath() : QString();
    }
    return model_->isDir(currentIndex()) ? path : QFileInfo(path).absolutePath();
}

void ProjectView::showMenu(const QPoint& place) {
    if (model_ == nullptr) {
        return;
    }
    setCurrentIndex(indexAt(place)); // none: beside all files, so for the project's folder
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({newFile_, newFolder_});
    if (currentIndex().isValid()) {
        menu->addSeparator();
        menu->addActions({rename_, remove_});
    }
    menu->popup(viewport()->mapToGlobal(place));
}

} // namespace rbpf::views
