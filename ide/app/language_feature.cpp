// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/language_feature.hpp"

#include <QAction>
#include <QFileInfo>
#include <QMainWindow>
#include <QMenu>
#include <QMouseEvent>

#include "ide/app/formatting.hpp"
#include "ide/app/navigation.hpp"
#include "ide/app/workbench.hpp"
#include "ide/model/build_model.hpp"
#include "ide/views/call_tip.hpp"
#include "ide/views/completion.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/hover.hpp"
#include "ide/views/notice_area.hpp"

namespace rbpf::app {

namespace {

using Base = QsciScintillaBase;

/// Of typing, before clangd looks for mistakes.
constexpr int kPauseMs = 150;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

LanguageFeature::LanguageFeature(Workbench& bench, QObject* parent) : QObject(parent), bench_(bench) {
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, &LanguageFeature::sync);
    connect(&bench.editors, &views::EditorTabs::opened, this, &LanguageFeature::attach);
    connect(&bench.editors, &views::EditorTabs::loaded, this, &LanguageFeature::sync);
    connect(&bench.editors, &views::EditorTabs::saved, &model_, &model::LanguageModel::refresh);
    connect(&bench.builds, &model::BuildModel::folderChanged, this, [this] {
        trouble_.reset();
        model_.setProject(bench_.builds.folder());
        pause_.start();
    });
    connect(&model_, &model::LanguageModel::trouble, this, &LanguageFeature::tellTrouble);
    connect(&model_, &model::LanguageModel::findingsChanged, this, [this](const QString& file) {
        if (wantsFixes_ && wantsFixes_->path() == file) {
            showFixes(*std::exchange(wantsFixes_, nullptr));
        }
    });

    QMenu* edit = bench.menus.edit;
    edit->addSeparator();
    addCommand(edit, tr("C&omplete"), Qt::CTRL | Qt::Key_Space, [this] { complete(); },
               tr("List what may stand here"));
    addCommand(edit, tr("&Parameters"), Qt::CTRL | Qt::SHIFT | Qt::Key_Space, [this] { help(); },
               tr("Show what the function being called takes"));
    addCommand(edit, tr("&Mend…"), Qt::ALT | Qt::Key_Return, [this] { offerFixes(); },
               tr("List changes that mend a mistake in this line"));
    auto* navigation = new Navigation(bench_, model_, [this] { sync(); }, this);
    rename_ = navigation->renameCommand();
    definition_ = navigation->definitionCommand();
    references_ = navigation->referencesCommand();
    new Formatting(bench_, model_, [this] { sync(); }, this);
    addCommand(bench.menus.go, tr("Restart the &language server"), {}, [this] {
        trouble_.reset();
        bench_.editors.notices().remove(QStringLiteral("clangd"));
        model_.restart();
    }, tr("Start clangd anew"));
}

void LanguageFeature::attach(views::CodeEditor* editor) {
    if (!model::LanguageModel::knows(editor->path())) {
        return;
    }
    attached_.insert(editor);
    auto* completion = new views::Completion(*editor, model_);
    auto* tip = new views::CallTip(*editor, model_);
    new views::Hover(*editor, model_);
    connect(completion, &views::Completion::calls, tip, &views::CallTip::ask);
    connect(completion, &views::Completion::refused, this, [this](const QString& message) {
        if (trouble_) {
            bench_.tell(words(trouble_->message), words(trouble_->hint), false);
        } else {
            bench_.tell(message, {}, false);
        }
    });
    connect(editor, &QsciScintilla::textChanged, &pause_, qOverload<>(&QTimer::start));
    connect(editor, &QsciScintilla::textChanged, &model_, &model::LanguageModel::touch);
    connect(editor, &views::CodeEditor::menuOpens, this,
            [this, editor](QMenu* menu, unsigned line) { fillMenu(*editor, *menu, line); });
    editor->viewport()->installEventFilter(this);
    connect(editor, &QObject::destroyed, this, [this, editor, path = editor->path()] {
        attached_.remove(editor);
        const bool isOpen = std::ranges::any_of(attached_, [&](const views::CodeEditor* one) { return one->path() == path; });
        if (!isOpen) {
            model_.close(path);
        }
    });
}

void LanguageFeature::sync() {
    for (const views::CodeEditor* editor : std::as_const(attached_)) {
        if (!editor->isLoading()) {
            model_.setText(editor->path(), views::bytesOf(*editor));
        }
    }
}

void LanguageFeature::tellTrouble(const QString& message, const QString& hint, bool isOff) {
    if (!isOff) {
        bench_.tell(message, hint, false);
        return;
    }
    trouble_ = support::Error{support::ErrorKind::Link, message.toStdString(), hint.toStdString()};
    bench_.editors.notices().show(QStringLiteral("clangd"), hint.isEmpty() ? message : tr("%1: %2").arg(message, hint),
                                  {{tr("&Try again"), [this] {
                                        trouble_.reset();
                                        model_.restart();
                                    }}});
}

void LanguageFeature::complete() {
    if (views::CodeEditor* editor = bench_.editors.current()) {
        if (auto* completion = editor->findChild<views::Completion*>()) {
            completion->ask();
        }
    }
}

void LanguageFeature::help() {
    if (views::CodeEditor* editor = bench_.editors.current()) {
        if (auto* tip = editor->findChild<views::CallTip*>()) {
            tip->ask();
        }
    }
}

std::vector<language::Fix> LanguageFeature::fixesAt(const views::CodeEditor& editor, unsigned line) const {
    std::vector<language::Fix> fixes;
    const auto findings = model_.findings(editor.path());
    for (const language::Finding& one : findings.value_or(std::vector<language::Finding>())) {
        if (one.range.line <= line && line <= one.range.endLine) {
            fixes.insert(fixes.end(), one.fixes.begin(), one.fixes.end());
        }
    }
    return fixes;
}

void LanguageFeature::offerFixes() {
    views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr || !model::LanguageModel::knows(editor->path())) {
        return;
    }
    sync();
    if (trouble_) {
        bench_.tell(words(trouble_->message), words(trouble_->hint), false);
    } else if (model_.findings(editor->path())) {
        showFixes(*editor);
    } else {
        wantsFixes_ = editor;
    }
}

void LanguageFeature::showFixes(views::CodeEditor& editor) {
    const auto fixes = fixesAt(editor, editor.currentLine());
    if (fixes.empty()) {
        bench_.tell(tr("Nothing in this line can be mended by itself"), {}, false);
        return;
    }
    auto* menu = new QMenu(&editor);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(tr("Changes that mend this line"));
    for (const language::Fix& fix : fixes) {
        menu->addAction(words(fix.title), this, [this, fix] { applyFix(fix); });
    }
    menu->setActiveAction(menu->actions().front());
    const long caret = editor.SendScintilla(Base::SCI_GETCURRENTPOS);
    const int x = static_cast<int>(editor.SendScintilla(Base::SCI_POINTXFROMPOSITION, 0UL, caret));
    const int y = static_cast<int>(editor.SendScintilla(Base::SCI_POINTYFROMPOSITION, 0UL, caret));
    const int height = static_cast<int>(editor.SendScintilla(Base::SCI_TEXTHEIGHT, 0UL));
    menu->popup(editor.viewport()->mapToGlobal(QPoint(x, y + height)));
}

void LanguageFeature::applyFix(const language::Fix& fix) {
    for (views::CodeEditor* editor : bench_.editors.editors()) {
        if (!fix.edits.empty() && editor->path() == words(fix.edits.front().range.file)) {
            views::apply(*editor, fix.edits);
            return;
        }
    }
}

void LanguageFeature::fillMenu(views::CodeEditor& editor, QMenu& menu, unsigned line) {
    QAction* first = menu.actions().isEmpty() ? nullptr : menu.actions().front();
    for (const language::Fix& fix : fixesAt(editor, line)) {
        auto* action = new QAction(tr("Mend: %1").arg(words(fix.title)), &menu);
        connect(action, &QAction::triggered, this, [this, fix] { applyFix(fix); });
        menu.insertAction(first, action);
    }
    menu.insertActions(first, {definition_, references_, rename_});
    menu.insertSeparator(first);
}

bool LanguageFeature::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* press = static_cast<QMouseEvent*>(event);
        auto* editor = qobject_cast<views::CodeEditor*>(watched->parent());
        const bool isDefinition = press->button() == Qt::LeftButton && press->modifiers() == Qt::ControlModifier;
        // What the menu offers is about the name that was clicked.
        const bool isMenu = press->button() == Qt::RightButton && editor != nullptr && !editor->hasSelectedText();
        if (editor != nullptr && (isDefinition || isMenu)) {
            const QPoint at = press->position().toPoint();
            const long position = editor->SendScintilla(Base::SCI_POSITIONFROMPOINTCLOSE, static_cast<unsigned long>(at.x()),
                                                        static_cast<long>(at.y()));
            if (position >= 0) {
                editor->SendScintilla(Base::SCI_GOTOPOS, static_cast<unsigned long>(position));
                if (isDefinition) {
                    definition_->trigger();
                    return true;
                }
            }
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace rbpf::app
