// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/editor_tabs.hpp"

#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QTabBar>
#include <QVBoxLayout>

#include "ide/views/find_bar.hpp"
#include "ide/views/notice_area.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::views {

namespace {

/// More is no source file, and the editor would stall on it.
constexpr qint64 kMostBytes = 4 * 1024 * 1024;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

EditorTabs::EditorTabs(QWidget* parent) : QWidget(parent), notices_(new NoticeArea), tabs_(new QTabWidget), find_(new FindBar) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(notices_);
    layout->addWidget(tabs_, 1);
    layout->addWidget(find_);
    tabs_->setTabsClosable(true);
    tabs_->setMovable(true);
    tabs_->setDocumentMode(true);
    tabs_->setAccessibleName(tr("Open files"));
    connect(tabs_, &QTabWidget::tabCloseRequested, this, &EditorTabs::closeTab);
    connect(tabs_, &QTabWidget::currentChanged, this, [this] {
        find_->setEditor(current());
        Q_EMIT currentChanged();
    });
    connect(find_, &FindBar::closed, this, [this] {
        find_->hide();
        if (current() != nullptr) {
            current()->setFocus();
        }
    });
    connect(&watcher_, &QFileSystemWatcher::fileChanged, this, &EditorTabs::onDiskChange);
}

CodeEditor* EditorTabs::open(const QString& given) {
    const QString path = QDir::cleanPath(QFileInfo(given).absoluteFilePath());
    if (CodeEditor* editor = editorOf(path)) {
        tabs_->setCurrentWidget(editor);
        return editor;
    }
    if (QFileInfo(path).size() > kMostBytes) {
        Q_EMIT failed(tr("%1 is larger than 4 MB").arg(path), tr("that is no script; another editor may open it"));
        return nullptr;
    }
    const auto text = support::readText(path.toStdString());
    if (!text) {
        Q_EMIT failed(words(text.error().message), words(text.error().hint));
        return nullptr;
    }
    if (text->find('\0') != std::string::npos) {
        Q_EMIT failed(tr("%1 is a binary file").arg(path), tr("images are shown as bytecode after a build"));
        return nullptr;
    }
    return add(path, words(*text));
}

CodeEditor* EditorTabs::add(const QString& path, const QString& text) {
    auto* editor = new CodeEditor(path);
    editor->setText(text);
    editor->setModified(false);
    editor->setReadOnly(false);
    connect(editor, &QsciScintilla::modificationChanged, this, [this, editor] { title(editor); });
    connect(editor, &QsciScintilla::textChanged, this, &EditorTabs::edited);
    connect(editor, &CodeEditor::breakpointClicked, this,
            [this, editor](unsigned line) { Q_EMIT breakpointClicked(editor->path(), line); });
    Q_EMIT opened(editor);
    tabs_->setCurrentIndex(tabs_->addTab(editor, QString()));
    tabs_->setTabToolTip(tabs_->indexOf(editor), path);
    title(editor);
    watcher_.addPath(path);
    editor->setFocus();
    return editor;
}

void EditorTabs::restoreText(const QString& path, const QString& text) {
    CodeEditor* editor = QFileInfo::exists(path) ? open(path) : add(path, QString());
    if (editor != nullptr) {
        editor->selectAll();
        editor->replaceSelectedText(text);
    }
}

CodeEditor* EditorTabs::current() const {
    return qobject_cast<CodeEditor*>(tabs_->currentWidget());
}

std::vector<CodeEditor*> EditorTabs::editors() const {
    std::vector<CodeEditor*> all;
    for (int index = 0; index < tabs_->count(); ++index) {
        all.push_back(qobject_cast<CodeEditor*>(tabs_->widget(index)));
    }
    return all;
}

CodeEditor* EditorTabs::editorOf(const QString& path) const {
    for (CodeEditor* editor : editors()) {
        if (editor->path() == path) {
            return editor;
        }
    }
    return nullptr;
}

std::map<std::string, std::string> EditorTabs::unsaved() const {
    std::map<std::string, std::string> contents;
    for (const CodeEditor* editor : editors()) {
        if (editor->isModified()) {
            contents[editor->path().toStdString()] = editor->text().toStdString();
        }
    }
    return contents;
}

bool EditorTabs::save(CodeEditor* editor) {
    if (editor == nullptr || !editor->isModified()) {
        return true;
    }
    watcher_.removePath(editor->path());
    const auto written =
        support::writeAtomically(editor->path().toStdString(), std::string_view(editor->text().toStdString()));
    watcher_.addPath(editor->path());
    if (!written) {
        Q_EMIT failed(words(written.error().message),
                    written.error().hint.empty() ? tr("the text is still in the editor; free some space or save again")
                                                 : words(written.error().hint));
        return false;
    }
    editor->setModified(false);
    Q_EMIT saved(editor->path());
    return true;
}

bool EditorTabs::saveAll() {
    bool areAll = true;
    for (CodeEditor* editor : editors()) {
        areAll = save(editor) && areAll;
    }
    return areAll;
}

bool EditorTabs::mayClose() {
    const auto contents = unsaved();
    if (contents.empty()) {
        return true;
    }
    QStringList names;
    for (const auto& [path, text] : contents) {
        names << QFileInfo(words(path)).fileName();
    }
    const auto answer = QMessageBox::question(this, tr("Unsaved changes"),
                                              tr("Save the changes to %1?").arg(names.join(QStringLiteral(", "))),
                                              QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    return answer == QMessageBox::Discard || (answer == QMessageBox::Save && saveAll());
}

void EditorTabs::closeAll() {
    while (tabs_->count() > 0) {
        QWidget* editor = tabs_->widget(0);
        tabs_->removeTab(0);
        delete editor;
    }
    if (!watcher_.files().isEmpty()) {
        watcher_.removePaths(watcher_.files());
    }
    Q_EMIT closedAll();
}

void EditorTabs::closeTab(int index) {
    auto* editor = qobject_cast<CodeEditor*>(tabs_->widget(index));
    if (editor->isModified()) {
        const auto answer = QMessageBox::question(this, tr("Unsaved changes"),
                                                  tr("Save the changes to %1?").arg(QFileInfo(editor->path()).fileName()),
                                                  QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
        if (answer == QMessageBox::Cancel || (answer == QMessageBox::Save && !save(editor))) {
            return;
        }
    }
    watcher_.removePath(editor->path());
    tabs_->removeTab(index);
    editor->deleteLater();
    Q_EMIT edited();
}

void EditorTabs::title(CodeEditor* editor) {
    tabs_->setTabText(tabs_->indexOf(editor),
                      QFileInfo(editor->path()).fileName() + (editor->isModified() ? QStringLiteral(" •") : QString()));
}

/// What was not edited here is read again; what was is asked about.
void EditorTabs::onDiskChange(const QString& path) {
    CodeEditor* editor = editorOf(path);
    if (editor == nullptr) {
        return;
    }
    if (!QFileInfo::exists(path)) {
        editor->setModified(true); // the editor's text is the only one left
        Q_EMIT failed(tr("%1 was deleted on disk").arg(path), tr("Save writes it again"));
        return;
    }
    watcher_.addPath(path); // a file that was replaced is no longer watched
    const auto text = support::readText(path.toStdString());
    if (!text || words(*text) == editor->text()) {
        return;
    }
    if (editor->isModified() &&
        QMessageBox::question(this, tr("Changed on disk"),
                              tr("%1 was changed by another program. Take that version and lose the changes made here?")
                                  .arg(QFileInfo(path).fileName())) != QMessageBox::Yes) {
        return;
    }
    const unsigned line = editor->currentLine();
    editor->setText(words(*text));
    editor->setModified(false);
    editor->goTo(line);
}

void EditorTabs::putAbove(QWidget* card) {
    auto* column = qobject_cast<QVBoxLayout*>(layout());
    column->insertWidget(column->indexOf(tabs_), card);
}

void EditorTabs::showFind() {
    find_->setEditor(current());
    find_->open();
}

void EditorTabs::findNext(bool forwards) {
    find_->next(forwards);
}

} // namespace rbpf::views
