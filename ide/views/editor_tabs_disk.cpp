// SPDX-License-Identifier: GPL-3.0-or-later
// What the editors do about what happens on disk.
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>

#include "ide/views/compare_dialog.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/notice_area.hpp"

namespace rbpf::views {

namespace {

/// One notice a file and kind.
QString diskKey(const QString& path) {
    return QStringLiteral("disk ") + path;
}

QString saveKey(const QString& path) {
    return QStringLiteral("save ") + path;
}

} // namespace

void EditorTabs::onLoaded(const QString& path, const QString& text) {
    const std::vector<CodeEditor*> all = views(path);
    if (all.empty()) {
        files_.forget(path); // closed meanwhile
        return;
    }
    all.front()->load(text);
    for (std::size_t other = 1; other < all.size(); ++other) {
        all[other]->shareLoaded();
    }
    if (const auto after = afterLoad_.extract(path)) {
        after.mapped()(*all.front());
    }
    Q_EMIT loaded(all.front());
    Q_EMIT currentChanged(); // what is shown beside the text has had no lines to stand at
}

void EditorTabs::onRefused(const QString& path, const QString& message, const QString& hint) {
    for (CodeEditor* editor : views(path)) {
        close(editor);
    }
    Q_EMIT failed(message, hint);
}

void EditorTabs::whenLoaded(const QString& path, std::function<void(CodeEditor&)> act) {
    CodeEditor* editor = open(path);
    if (editor->isLoading()) {
        afterLoad_[path] = std::move(act);
    } else {
        act(*editor);
    }
}

void EditorTabs::restoreText(const QString& path, const QString& text, std::function<void()> then) {
    const auto put = [text, then = std::move(then)](CodeEditor& editor) {
        editor.replaceAll(text);
        then();
    };
    if (editorOf(path) != nullptr || QFileInfo::exists(path)) {
        whenLoaded(path, put);
    } else {
        CodeEditor* editor = add(active_, path, nullptr);
        files_.adopt(path);
        gone_.insert(path);
        onLoaded(path, QString());
        put(*editor);
        title(path);
        open(path);
    }
}

void EditorTabs::onSaved(const QString& path, const QString& text) {
    CodeEditor* editor = editorOf(path);
    if (editor == nullptr) {
        files_.forget(path); // a copy
        return;
    }
    gone_.erase(path);
    if (editor->text() == text) { // else there was more typed meanwhile
        editor->setModified(false);
    }
    forgetTrouble(path);
    title(path);
    Q_EMIT saved(path);
}

void EditorTabs::forgetTrouble(const QString& path) {
    notices_->remove(diskKey(path));
    notices_->remove(saveKey(path));
}

void EditorTabs::onNotSaved(const QString& path, const QString& message, const QString& hint) {
    notices_->show(saveKey(path), tr("Not saved: %1. The text is still here.").arg(message),
                   {{tr("&Try again"), [this, path] { save(editorOf(path)); }},
                    {tr("Save a &copy…"), [this, path] { copyTo(path); }, true}});
    Q_EMIT failed(message, hint.isEmpty() ? tr("the text is still in the editor: make room or save a copy elsewhere") : hint);
}

void EditorTabs::copyTo(const QString& path) {
    const CodeEditor* editor = editorOf(path);
    const QString place = QFileDialog::getSaveFileName(this, tr("Save a copy"), path);
    if (editor != nullptr && !place.isEmpty() && place != path) {
        files_.save({{place.toStdString(), editor->text().toStdString()}}, {});
    }
}

void EditorTabs::onChanged(const QString& path, const QString& text) {
    CodeEditor* editor = editorOf(path);
    if (editor == nullptr) {
        return;
    }
    gone_.erase(path);
    const auto take = [this, path, text] {
        if (CodeEditor* here = editorOf(path)) {
            here->replaceAll(text); // Undo brings back what was here
            here->setModified(false);
            files_.accept(path);
            title(path);
            Q_EMIT currentChanged();
        }
    };
    if (!editor->isModified() || editor->text() == text) {
        take();
        notices_->remove(diskKey(path));
        return;
    }
    notices_->show(diskKey(path),
                   tr("Another program changed %1, and so did you. Which text is to stay?").arg(QFileInfo(path).fileName()),
                   {{tr("&Reload"), take},
                    {tr("&Keep mine"),
                     [this, path] {
                         files_.accept(path);
                         save(editorOf(path));
                     }},
                    {tr("&Compare"),
                     [this, path, text] {
                         if (const CodeEditor* here = editorOf(path)) {
                             CompareDialog::open(QFileInfo(path).fileName(), text, here->text(), this);
                         }
                     },
                     true}});
}

void EditorTabs::onGone(const QString& path) {
    if (editorOf(path) == nullptr) {
        return;
    }
    gone_.insert(path);
    title(path);
    notices_->show(diskKey(path),
                   QFileInfo::exists(QFileInfo(path).absolutePath())
                       ? tr("%1 is no longer on disk; its text is still here.").arg(QFileInfo(path).fileName())
                       : tr("The folder of %1 is no longer on disk; the text is still here.").arg(QFileInfo(path).fileName()),
                   {{tr("&Save it again"), [this, path] { save(editorOf(path)); }},
                    {tr("&Close it"), [this, path] {
                         for (CodeEditor* editor : views(path)) {
                             close(editor);
                         }
                         Q_EMIT edited();
                     }}});
    Q_EMIT edited();
}

} // namespace rbpf::views
