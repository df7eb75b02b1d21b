// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/navigation.hpp"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <algorithm>
#include <map>

#include "ide/app/docks.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/build_model.hpp"
#include "ide/views/picker.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/text_places.hpp"
#include "ide/views/uses_view.hpp"

namespace rbpf::app {

namespace {

using model::LanguageModel;
using support::Result;

constexpr std::size_t kMostVisited = 100;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

Navigation::Navigation(Workbench& bench, LanguageModel& model, std::function<void()> sync, QObject* parent)
    : QObject(parent), bench_(bench), model_(model), sync_(std::move(sync)), uses_(new views::UsesView) {
    bench.docks.addBeside(tr("Problems"), tr("References"), uses_, Arrangement::OnDemand);
    connect(uses_, &views::UsesView::chosen, this,
            [this](const QString& file, unsigned line, unsigned column) { bench_.jump(file, line, column); });
    QMenu* menu = bench.menus.go;
    definition_ = addCommand(menu, tr("To its &definition"), Qt::Key_F12, [this] { goToDefinition(); },
                             tr("Go to where the name at the caret is defined; so does Ctrl and a click"));
    references_ = addCommand(menu, tr("Find &references"), Qt::SHIFT | Qt::Key_F12, [this] { findReferences(); },
                             tr("List where the name at the caret is used"));
    back_ = addCommand(menu, tr("&Back"), Qt::ALT | Qt::Key_Left, [this] { back(); },
                       tr("To where the last jump came from"));
    back_->setEnabled(false);
    menu->addSeparator();
    addCommand(menu, tr("To a symbol of the &file…"), Qt::CTRL | Qt::SHIFT | Qt::Key_O, [this] { symbolInFile(); });
    addCommand(menu, tr("To a symbol of the &project…"), Qt::CTRL | Qt::Key_T, [this] { symbolInProject(); });
    menu->addSeparator();
    rename_ = addCommand(bench.menus.edit, tr("Re&name…"), Qt::Key_F2, [this] { rename(); },
                         tr("Rename what the caret is on, in all files of the project"));
    connect(&bench.builds, &model::BuildModel::folderChanged, this, [this] {
        visited_.clear();
        back_->setEnabled(false);
        uses_->clear();
    });
}

void Navigation::tell(const support::Error& error) {
    bench_.tell(words(error.message), words(error.hint), false);
}

QString Navigation::wordAtCaret() const {
    const views::CodeEditor* editor = bench_.editors.current();
    int line = 0;
    int column = 0;
    editor->getCursorPosition(&line, &column);
    return editor->wordAtLineIndex(line, column);
}

void Navigation::go(const support::SourceRange& range) {
    if (const views::CodeEditor* editor = bench_.editors.current()) {
        visited_.push_back(views::caretOf(*editor));
        if (visited_.size() > kMostVisited) {
            visited_.erase(visited_.begin());
        }
        back_->setEnabled(true);
    }
    bench_.jump(words(range.file), range.line, range.column);
}

void Navigation::back() {
    if (!visited_.empty()) {
        const language::Place place = visited_.back();
        visited_.pop_back();
        back_->setEnabled(!visited_.empty());
        bench_.jump(words(place.file), place.line, place.column);
    }
}

void Navigation::goToDefinition() {
    const views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr) {
        return;
    }
    sync_();
    model_.definition(views::caretOf(*editor), [this, word = wordAtCaret()](const Result<LanguageModel::Ranges>& found) {
        if (!found) {
            tell(found.error());
        } else if (found->empty()) {
            bench_.tell(word.isEmpty() ? tr("There is no name at the caret") : tr("No definition of %1 is known").arg(word), {}, false);
        } else {
            go(found->front());
        }
    });
}

void Navigation::findReferences() {
    const views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr) {
        return;
    }
    sync_();
    model_.references(views::caretOf(*editor), [this, word = wordAtCaret()](const Result<std::vector<LanguageModel::Use>>& found) {
        if (!found) {
            tell(found.error());
        } else if (found->empty()) {
            bench_.tell(tr("There is no name at the caret whose uses are known"), {}, false);
        } else {
            uses_->show(word, words(bench_.builds.folder().string()), *found);
            bench_.docks.show(tr("References"));
        }
    });
}

void Navigation::rename() {
    const views::CodeEditor* editor = bench_.editors.current();
    const QString from = editor != nullptr ? wordAtCaret() : QString();
    if (from.isEmpty()) {
        bench_.tell(tr("There is no name at the caret to rename"), {}, false);
        return;
    }
    auto* dialog = new QInputDialog(&bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename"));
    dialog->setLabelText(tr("New name of %1, in all files of the project:").arg(from));
    dialog->setTextValue(from);
    dialog->setAccessibleName(tr("Rename"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, from, place = views::caretOf(*editor)](const QString& given) {
        const QString to = given.trimmed();
        if (to.isEmpty() || to == from) {
            return;
        }
        sync_();
        model_.rename(place, to.toStdString(), [this, from, to](const Result<LanguageModel::Edits>& edits) {
            if (edits) {
                applyRename(from, to, *edits);
            } else {
                tell(edits.error());
            }
        });
    });
    dialog->open();
}

void Navigation::applyWhenLoaded(views::CodeEditor& editor, const LanguageModel::Edits& edits) {
    if (!editor.isLoading()) {
        views::apply(editor, edits);
        return;
    }
    auto* once = new QObject(&editor);
    connect(&bench_.editors, &views::EditorTabs::loaded, once, [once, &editor, edits](const views::CodeEditor* loaded) {
        if (loaded == &editor) {
            views::apply(editor, edits);
            once->deleteLater();
        }
    });
}

/// Each file's edits are one change in its editor: to be undone, looked at and saved like any other.
void Navigation::applyRename(const QString& from, const QString& to, const LanguageModel::Edits& edits) {
    std::map<std::string, LanguageModel::Edits> files;
    for (const support::FixIt& one : edits) {
        files[one.range.file].push_back(one);
    }
    const std::string folder = bench_.builds.folder().string() + "/";
    for (const auto& [file, some] : files) {
        if (!file.starts_with(folder)) {
            bench_.tell(tr("%1 is not the project's to rename: it stands in %2 too").arg(from, words(file)), {}, false);
            return;
        }
    }
    const QPointer<views::CodeEditor> before = bench_.editors.current();
    for (const auto& [file, some] : files) {
        if (views::CodeEditor* editor = bench_.editors.open(words(file))) {
            applyWhenLoaded(*editor, some);
        }
    }
    if (before) {
        bench_.editors.open(before->path());
    }
    bench_.tell(tr("%1 is %2 now, in %n place(s); nothing is saved yet", nullptr, static_cast<int>(edits.size())).arg(from, to), {}, false);
}

void Navigation::symbolInFile() {
    const views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr) {
        return;
    }
    sync_();
    model_.symbols(editor->path(), [this](const Result<std::vector<language::Symbol>>& found) {
        if (found) {
            choose(tr("Symbols of the file"), *found, false);
        } else {
            tell(found.error());
        }
    });
}

void Navigation::symbolInProject() {
    sync_();
    model_.projectSymbols([this](const Result<std::vector<language::Symbol>>& found) {
        if (found) {
            choose(tr("Symbols of the project"), *found, true);
        } else {
            tell(found.error());
        }
    });
}

void Navigation::choose(const QString& what, std::vector<language::Symbol> symbols, bool withFiles) {
    if (symbols.empty()) {
        bench_.tell(tr("There are no symbols"), {}, false);
        return;
    }
    if (withFiles) {
        std::ranges::stable_sort(symbols, {}, &language::Symbol::name);
    }
    std::vector<views::Picker::Entry> entries;
    for (const language::Symbol& one : symbols) {
        const QString detail = withFiles ? QFileInfo(words(one.range.file)).fileName() : words(one.detail);
        entries.push_back({QString(static_cast<int>(one.depth) * 4, QLatin1Char(' ')) + words(one.name), detail,
                           [this, range = one.range] { go(range); }});
    }
    views::Picker::open({what, tr("Type a part of a symbol's name")}, std::move(entries), &bench_.window);
}

} // namespace rbpf::app
