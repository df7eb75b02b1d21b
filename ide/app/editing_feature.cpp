// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/editing_feature.hpp"

#include <QAction>
#include <QFileInfo>
#include <QInputDialog>
#include <QMainWindow>
#include <QMenu>

#include "ide/app/workbench.hpp"
#include "ide/model/background.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/project_files.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/picker.hpp"

namespace rbpf::app {

EditingFeature::EditingFeature(Workbench& bench, QObject* parent) : QObject(parent), bench_(bench) {
    views::EditorTabs& editors = bench.editors;
    QMenu* file = bench.menus.file;
    file->addSeparator();
    addCommand(file, tr("Close &tab"), QKeySequence(Qt::CTRL | Qt::Key_W), [&editors] { editors.closeCurrent(); });
    addCommand(file, tr("&Reopen closed tab"), Qt::CTRL | Qt::SHIFT | Qt::Key_T, [&editors] { editors.reopenClosed(); });
    QMenu* go = bench.menus.go;
    addCommand(go, tr("&File…"), Qt::CTRL | Qt::Key_P, [this] { askFile(); }, tr("Opens a file of the project by its name"));
    addCommand(go, tr("&Line…"), Qt::CTRL | Qt::Key_G, [this] { askLine(); });
    addCommand(go, tr("&Next tab"), {}, [&editors] { editors.nextTab(true); })
        ->setShortcuts({Qt::CTRL | Qt::Key_Tab, Qt::CTRL | Qt::Key_PageDown});
    addCommand(go, tr("&Previous tab"), {}, [&editors] { editors.nextTab(false); })
        ->setShortcuts({Qt::CTRL | Qt::SHIFT | Qt::Key_Tab, Qt::CTRL | Qt::SHIFT | Qt::Key_Backtab, Qt::CTRL | Qt::Key_PageUp});
    QMenu* view = bench.menus.view;
    view->addSeparator();
    addCommand(view, tr("&Split side by side"), Qt::CTRL | Qt::Key_Backslash, [&editors] { editors.split(Qt::Horizontal); },
               tr("Shows the current file a second time, beside"));
    addCommand(view, tr("Split &below"), {}, [&editors] { editors.split(Qt::Vertical); },
               tr("Shows the current file a second time, below"));
    addCommand(view, tr("Othe&r side of the split"), Qt::CTRL | Qt::ALT | Qt::Key_Backslash, [&editors] { editors.otherGroup(); });
    addCommand(view, tr("&End the split"), {}, [&editors] { editors.unsplit(); });
    view->addSeparator();
}

void EditingFeature::askLine() {
    views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr) {
        return;
    }
    auto* dialog = new QInputDialog(&bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to line"));
    dialog->setLabelText(tr("&Line, 1 to %1").arg(editor->lines()));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, editor->lines());
    dialog->setIntValue(static_cast<int>(editor->currentLine()));
    connect(dialog, &QInputDialog::intValueSelected, editor,
            [editor](int line) { editor->goTo(static_cast<unsigned>(line)); });
    dialog->open();
}

void EditingFeature::askFile() {
    if (!bench_.builds.isOpen()) {
        bench_.tell(tr("There is no project to look for files in"), tr("File › Open project, or File › New project"), true);
        return;
    }
    model::inBackground(this, [folder = bench_.builds.folder()] { return model::projectFiles(folder); },
                        [this](const std::vector<std::string>& files) {
                            std::vector<views::Picker::Entry> entries;
                            for (const std::string& one : files) {
                                const QString path = QString::fromStdString(one);
                                const QFileInfo info(path);
                                entries.push_back({info.fileName(), info.path() == QLatin1String(".") ? QString() : info.path(),
                                                   [this, path] { bench_.jump(path, 0, 0); }});
                            }
                            views::Picker::open({tr("Files"), tr("Type a part of a file's name")}, std::move(entries),
                                                &bench_.window);
                        });
}

} // namespace rbpf::app
