// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/editor_tabs.hpp"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QMessageBox>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ide/views/find_bar.hpp"
#include "ide/views/notice_area.hpp"

namespace rbpf::views {

namespace {

constexpr std::size_t kMostClosed = 20;

CodeEditor* editorIn(const QTabWidget* group, int index) {
    return qobject_cast<CodeEditor*>(group->widget(index));
}

EditorState::File placeIn(const CodeEditor* editor) {
    int line = 0;
    int column = 0;
    editor->getCursorPosition(&line, &column);
    return {editor->path(), static_cast<unsigned>(line) + 1, static_cast<unsigned>(column) + 1};
}

} // namespace

EditorTabs::EditorTabs(QWidget* parent)
    : QWidget(parent), notices_(new NoticeArea), splitter_(new QSplitter), find_(new FindBar) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(notices_);
    layout->addWidget(splitter_, 1);
    layout->addWidget(find_);
    splitter_->setChildrenCollapsible(false);
    active_ = addGroup();
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget*, const QWidget* now) {
        if (QTabWidget* group = groupOf(now)) {
            activate(group);
        }
    });
    connect(find_, &FindBar::closed, this, [this] {
        find_->hide();
        focusText();
    });
    connect(notices_, &NoticeArea::answered, this, &EditorTabs::focusText);
    connect(&files_, &model::SourceFiles::loaded, this, &EditorTabs::onLoaded);
    connect(&files_, &model::SourceFiles::refused, this, &EditorTabs::onRefused);
    connect(&files_, &model::SourceFiles::saved, this, &EditorTabs::onSaved);
    connect(&files_, &model::SourceFiles::notSaved, this, &EditorTabs::onNotSaved);
    connect(&files_, &model::SourceFiles::changed, this, &EditorTabs::onChanged);
    connect(&files_, &model::SourceFiles::gone, this, &EditorTabs::onGone);
}

QTabWidget* EditorTabs::addGroup() {
    auto* group = new QTabWidget;
    group->setTabsClosable(true);
    group->setMovable(true);
    group->setDocumentMode(true);
    group->setAccessibleName(tr("Open files"));
    splitter_->addWidget(group);
    connect(group, &QTabWidget::tabCloseRequested, this, [this, group](int index) { askAndClose(editorIn(group, index)); });
    connect(group, &QTabWidget::currentChanged, this, [this, group] {
        if (group == active_) {
            find_->setEditor(current());
            Q_EMIT currentChanged();
        }
    });
    return group;
}

QTabWidget* EditorTabs::groupOf(const QWidget* inside) const {
    for (int index = 0; index < splitter_->count(); ++index) {
        QWidget* group = splitter_->widget(index);
        if (inside != nullptr && (inside == group || group->isAncestorOf(inside))) {
            return qobject_cast<QTabWidget*>(group);
        }
    }
    return nullptr;
}

void EditorTabs::activate(QTabWidget* group) {
    if (group != active_) {
        active_ = group;
        find_->setEditor(current());
        Q_EMIT currentChanged();
    }
}

CodeEditor* EditorTabs::open(const QString& path) {
    CodeEditor* editor = bring(path);
    editor->setFocus();
    return editor;
}

CodeEditor* EditorTabs::bring(const QString& given) {
    const QString path = QDir::cleanPath(QFileInfo(given).absoluteFilePath());
    CodeEditor* editor = editorOf(path);
    if (editor == nullptr) {
        editor = add(active_, path, nullptr);
        files_.load(path);
    }
    QTabWidget* group = groupOf(editor);
    group->setCurrentWidget(editor);
    activate(group);
    return editor;
}

CodeEditor* EditorTabs::add(QTabWidget* group, const QString& path, CodeEditor* sameText) {
    auto* editor = new CodeEditor(path);
    if (sameText != nullptr) {
        editor->setDocument(sameText->document());
    } else {
        editor->setLoading();
    }
    connect(editor, &QsciScintilla::modificationChanged, this, [this, editor] { title(editor->path()); });
    connect(editor, &QsciScintilla::textChanged, this, &EditorTabs::edited);
    connect(editor, &CodeEditor::breakpointClicked, this,
            [this, editor](unsigned line) { Q_EMIT breakpointClicked(editor->path(), line); });
    Q_EMIT opened(editor);
    group->addTab(editor, QString());
    title(path);
    return editor;
}

CodeEditor* EditorTabs::current() const {
    return qobject_cast<CodeEditor*>(active_->currentWidget());
}

std::vector<CodeEditor*> EditorTabs::editors() const {
    std::vector<CodeEditor*> all;
    for (int side = 0; side < splitter_->count(); ++side) {
        const auto* group = qobject_cast<QTabWidget*>(splitter_->widget(side));
        for (int index = 0; index < group->count(); ++index) {
            all.push_back(editorIn(group, index));
        }
    }
    return all;
}

std::vector<CodeEditor*> EditorTabs::views(const QString& path) const {
    std::vector<CodeEditor*> found = editors();
    std::erase_if(found, [&](const CodeEditor* editor) { return editor->path() != path; });
    return found;
}

CodeEditor* EditorTabs::editorOf(const QString& path) const {
    CodeEditor* found = nullptr;
    for (CodeEditor* editor : views(path)) {
        if (found == nullptr || groupOf(editor) == active_) {
            found = editor;
        }
    }
    return found;
}

std::map<std::string, std::string> EditorTabs::unsaved() const {
    std::map<std::string, std::string> contents;
    for (const CodeEditor* editor : editors()) {
        if (!editor->isLoading() && (editor->isModified() || gone_.contains(editor->path()))) {
            contents.try_emplace(editor->path().toStdString(), editor->text().toStdString());
        }
    }
    return contents;
}

void EditorTabs::save(CodeEditor* editor) {
    if (editor != nullptr && !editor->isLoading() && (editor->isModified() || gone_.contains(editor->path()))) {
        files_.save({{editor->path().toStdString(), editor->text().toStdString()}}, {});
    }
}

void EditorTabs::saveAll(std::function<void()> then) {
    auto contents = unsaved();
    if (!contents.empty()) {
        files_.save(std::move(contents), std::move(then));
    } else if (then) {
        then();
    }
}

void EditorTabs::whenMayClose(std::function<void()> then) {
    const auto contents = unsaved();
    if (contents.empty()) {
        then();
        return;
    }
    QStringList names;
    for (const auto& [path, text] : contents) {
        names << QFileInfo(QString::fromStdString(path)).fileName();
    }
    ask(names, [this, then] { saveAll(then); }, then);
}

void EditorTabs::ask(const QStringList& names, std::function<void()> save, std::function<void()> discard) {
    auto* box = new QMessageBox(QMessageBox::Question, tr("Unsaved changes"),
                                tr("Save the changes to %1?").arg(names.join(QStringLiteral(", "))),
                                QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QMessageBox::buttonClicked, this,
            [box, save = std::move(save), discard = std::move(discard)](QAbstractButton* chosen) {
                const auto answer = box->standardButton(chosen);
                if (answer == QMessageBox::Save) {
                    save();
                } else if (answer == QMessageBox::Discard) {
                    discard();
                }
            });
    box->open();
}

void EditorTabs::closeAll() {
    Q_EMIT closesAll();
    for (CodeEditor* editor : editors()) {
        close(editor);
    }
    closed_.clear();
    notices_->clear();
    Q_EMIT closedAll();
}

void EditorTabs::close(CodeEditor* editor) {
    const QString path = editor->path();
    QTabWidget* group = groupOf(editor);
    group->removeTab(group->indexOf(editor));
    editor->hide();
    editor->setParent(nullptr);
    editor->deleteLater();
    if (views(path).empty()) {
        files_.forget(path);
        gone_.erase(path);
        afterLoad_.erase(path);
    }
    if (group->count() == 0) {
        removeGroup(group);
    }
}

/// The last one stays.
void EditorTabs::removeGroup(QTabWidget* group) {
    if (splitter_->count() == 1) {
        return;
    }
    group->setParent(nullptr);
    group->deleteLater();
    if (active_ == group) {
        active_ = qobject_cast<QTabWidget*>(splitter_->widget(0));
        find_->setEditor(current());
        Q_EMIT currentChanged();
    }
    focusText();
}

void EditorTabs::askAndClose(CodeEditor* editor) {
    if (editor == nullptr) {
        return;
    }
    const QString path = editor->path();
    const auto closeNow = [this, guard = QPointer<CodeEditor>(editor)] {
        if (guard) {
            closed_.push_back(placeIn(guard));
            if (closed_.size() > kMostClosed) {
                closed_.erase(closed_.begin());
            }
            close(guard);
            focusText();
            Q_EMIT edited();
        }
    };
    if (views(path).size() > 1 || !unsaved().contains(path.toStdString())) {
        closeNow();
        return;
    }
    ask({QFileInfo(path).fileName()},
        [this, closeNow, guard = QPointer<CodeEditor>(editor)] {
            if (guard) {
                files_.save({{guard->path().toStdString(), guard->text().toStdString()}}, closeNow);
            }
        },
        closeNow);
}

void EditorTabs::focusText() {
    if (current() != nullptr) {
        current()->setFocus();
    }
}

void EditorTabs::closeCurrent() {
    askAndClose(current());
}

void EditorTabs::reopenClosed() {
    if (!closed_.empty()) {
        const EditorState::File last = closed_.back();
        closed_.pop_back();
        open(last.path)->goTo(last.line, last.column);
    }
}

void EditorTabs::nextTab(bool forwards) {
    if (const int count = active_->count(); count > 0) {
        active_->setCurrentIndex((active_->currentIndex() + (forwards ? 1 : count - 1)) % count);
        focusText();
    }
}

void EditorTabs::split(Qt::Orientation orientation) {
    CodeEditor* editor = current();
    if (splitter_->count() > 1 && splitter_->orientation() != orientation) {
        splitter_->setOrientation(orientation);
        return;
    }
    if (editor == nullptr || editor->isLoading()) {
        return;
    }
    splitter_->setOrientation(orientation);
    const EditorState::File place = placeIn(editor);
    QTabWidget* group = addGroup();
    CodeEditor* second = add(group, place.path, editor);
    splitter_->setSizes(QList<int>(splitter_->count(), 1000));
    activate(group);
    second->goTo(place.line, place.column);
}

/// The files of the other groups come to the first one.
void EditorTabs::unsplit() {
    const QString shown = current() != nullptr ? current()->path() : QString();
    auto* first = qobject_cast<QTabWidget*>(splitter_->widget(0));
    active_ = first;
    while (splitter_->count() > 1) {
        auto* group = qobject_cast<QTabWidget*>(splitter_->widget(1));
        while (CodeEditor* editor = editorIn(group, 0)) {
            if (views(editor->path()).size() > 1) {
                group->removeTab(0);
                delete editor;
            } else {
                const QString path = editor->path();
                first->addTab(editor, QString());
                title(path);
            }
        }
        delete group;
    }
    if (CodeEditor* editor = editorOf(shown)) {
        first->setCurrentWidget(editor);
        editor->setFocus();
    }
    find_->setEditor(current());
    Q_EMIT currentChanged();
}

void EditorTabs::otherGroup() {
    auto* next = qobject_cast<QTabWidget*>(splitter_->widget((splitter_->indexOf(active_) + 1) % splitter_->count()));
    if (next->currentWidget() != nullptr) {
        next->currentWidget()->setFocus();
        activate(next);
    }
}

void EditorTabs::title(const QString& path) {
    for (CodeEditor* editor : views(path)) {
        QTabWidget* group = groupOf(editor);
        const int index = group->indexOf(editor);
        const bool isGone = gone_.contains(path);
        group->setTabText(index, QFileInfo(path).fileName() + (isGone                   ? tr(" (not on disk)")
                                                               : editor->isModified() ? QStringLiteral(" •")
                                                                                      : QString()));
        group->setTabToolTip(index, QDir::toNativeSeparators(path));
    }
}

void EditorTabs::renamed(const QString& from, const QString& to) {
    for (CodeEditor* editor : views(from)) {
        editor->setPath(to);
    }
    if (!views(to).empty()) {
        forgetTrouble(from);
        const bool isKept = unsaved().contains(to.toStdString());
        files_.forget(from);
        gone_.erase(from);
        if (isKept) {
            files_.adopt(to); // the text here wins over what is there
        } else {
            files_.load(to);
        }
        title(to);
        Q_EMIT edited();
        Q_EMIT currentChanged();
    }
}

EditorState EditorTabs::state() const {
    EditorState state;
    state.orientation = splitter_->orientation();
    state.active = splitter_->indexOf(active_);
    for (int side = 0; side < splitter_->count(); ++side) {
        const auto* group = qobject_cast<QTabWidget*>(splitter_->widget(side));
        EditorState::Group& saved = state.groups.emplace_back();
        saved.current = group->currentIndex();
        for (int index = 0; index < group->count(); ++index) {
            saved.files.push_back(placeIn(editorIn(group, index)));
        }
    }
    return state;
}

void EditorTabs::restore(const EditorState& state) {
    splitter_->setOrientation(state.orientation);
    for (std::size_t side = 0; side < state.groups.size(); ++side) {
        QTabWidget* group = side < static_cast<std::size_t>(splitter_->count())
                                ? qobject_cast<QTabWidget*>(splitter_->widget(static_cast<int>(side)))
                                : addGroup();
        for (const EditorState::File& file : state.groups[side].files) {
            CodeEditor* sameText = editorOf(file.path);
            CodeEditor* editor = add(group, file.path, sameText);
            if (sameText == nullptr) {
                files_.load(file.path);
            } else if (sameText->isLoading()) {
                editor->setLoading();
            }
            editor->goTo(file.line, file.column);
        }
        group->setCurrentIndex(state.groups[side].current);
    }
    splitter_->setSizes(QList<int>(splitter_->count(), 1000));
    if (auto* group = qobject_cast<QTabWidget*>(splitter_->widget(state.active))) {
        activate(group);
    }
    focusText();
}

void EditorTabs::putAbove(QWidget* card) {
    auto* column = qobject_cast<QVBoxLayout*>(layout());
    column->insertWidget(column->indexOf(splitter_), card);
}

void EditorTabs::showFind() {
    find_->setEditor(current());
    find_->open();
}

void EditorTabs::findNext(bool forwards) {
    find_->next(forwards);
}

} // namespace rbpf::views
