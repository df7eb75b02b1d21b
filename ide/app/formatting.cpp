// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/formatting.hpp"

#include <QTimer>
#include <memory>

#include "ide/app/workbench.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/preferences.hpp"
#include "ide/views/text_places.hpp"

namespace rbpf::app {

namespace {

/// A save waits no longer than this for one text's layout.
constexpr int kPatienceMs = 1500;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

Formatting::Formatting(Workbench& bench, model::LanguageModel& model, std::function<void()> sync, QObject* parent)
    : QObject(parent), bench_(bench), model_(model), sync_(std::move(sync)) {
    addCommand(bench.menus.edit, tr("Fo&rmat the file"), Qt::CTRL | Qt::SHIFT | Qt::Key_I, [this] { formatCurrent(); },
               tr("Lay the text out as the project's .clang-format says"));
    bench.beforeSave = [this](Editors editors, std::function<void()> save) { beforeSave(std::move(editors), std::move(save)); };
}

void Formatting::formatCurrent() {
    views::CodeEditor* editor = bench_.editors.current();
    if (editor == nullptr || !model::LanguageModel::knows(editor->path())) {
        return;
    }
    sync_();
    model_.format(editor->path(), [this, editor = QPointer(editor)](const support::Result<model::LanguageModel::Edits>& edits) {
        if (!edits) {
            bench_.tell(words(edits.error().message), words(edits.error().hint), false);
        } else if (editor) {
            views::apply(*editor, *edits);
            bench_.tell(edits->empty() ? tr("The layout is as .clang-format says") : tr("The file was laid out anew"), {}, false);
        }
    });
}

void Formatting::beforeSave(Editors editors, std::function<void()> save) {
    std::erase_if(editors, [](const QPointer<views::CodeEditor>& one) {
        return !one || one->isLoading() || !one->isModified() || !model::LanguageModel::knows(one->path());
    });
    if (editors.empty() || !views::Preferences::load().formatsOnSave) {
        save();
        return;
    }
    const QPointer<views::CodeEditor> editor = editors.back();
    editors.pop_back();
    // The answer or the end of patience, whichever is first: what comes second changes nothing.
    const auto isOver = std::make_shared<bool>(false);
    const auto goOn = [this, isOver, editors = std::move(editors), save = std::move(save)](const QString& trouble) {
        *isOver = true;
        if (!trouble.isEmpty()) {
            bench_.tell(tr("Saved without being laid out: %1").arg(trouble), {}, false);
        }
        beforeSave(editors, save);
    };
    QTimer::singleShot(kPatienceMs, this, [isOver, goOn] {
        if (!*isOver) {
            goOn(tr("clangd takes too long"));
        }
    });
    sync_();
    model_.format(editor->path(), [isOver, goOn, editor](const support::Result<model::LanguageModel::Edits>& edits) {
        if (*isOver) {
            return;
        }
        if (edits && editor) {
            views::apply(*editor, *edits);
        }
        goOn(edits ? QString() : words(edits.error().message));
    });
}

} // namespace rbpf::app
