// SPDX-License-Identifier: GPL-3.0-or-later
// The open files, in tabs, in one or more groups side by side. Knows what is not saved; what happens to the files on
// disk is asked about in a notice above the text, never in a box in front of it.
#pragma once

#include <QPointer>
#include <QWidget>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ide/model/source_files.hpp"
#include "ide/views/code_editor.hpp"

class QSplitter;
class QTabWidget;

namespace rbpf::views {

class FindBar;
class NoticeArea;

/// What is open, for a later start.
struct EditorState {
    struct File {
        QString path;
        unsigned line = 1, column = 1;
    };
    struct Group {
        std::vector<File> files;
        int current = 0;
    };
    std::vector<Group> groups;
    int active = 0;
    Qt::Orientation orientation = Qt::Horizontal;
};

class EditorTabs : public QWidget {
    Q_OBJECT
public:
    explicit EditorTabs(QWidget* parent = nullptr);

    /// The file's editor, opened if need be. Its text comes a moment later (loaded()); if it cannot be read, the tab goes
    /// again and failed() says why.
    CodeEditor* open(const QString& path);
    /// The same, but the keys stay where they are.
    CodeEditor* bring(const QString& path);
    [[nodiscard]] CodeEditor* current() const;
    /// All of them; a file that is open in two groups has two, on the same text.
    [[nodiscard]] std::vector<CodeEditor*> editors() const;
    [[nodiscard]] CodeEditor* editorOf(const QString& path) const;
    /// Contents that differ from the disk's, by absolute path.
    [[nodiscard]] std::map<std::string, std::string> unsaved() const;

    void save(CodeEditor* editor);
    /// `then` follows once everything is on disk, at once if it is; not at all if something could not be written, which
    /// a notice says. Nothing is lost.
    void saveAll(std::function<void()> then = {});
    /// Asks about unsaved changes, if there are any; `then` follows unless the user would rather stay.
    void whenMayClose(std::function<void()> then);
    void closeAll();
    /// Puts text into a file's editor as a change that can be undone; the file need not exist any more.
    void restoreText(const QString& path, const QString& text, std::function<void()> then);
    /// Opens the file and acts once its text is there.
    void whenLoaded(const QString& path, std::function<void(CodeEditor&)> act);
    /// The file has another name now.
    void renamed(const QString& from, const QString& to);

    void closeCurrent();
    void reopenClosed();
    void nextTab(bool forwards);
    /// The current file in a second group too; groups that are there are turned the asked way.
    void split(Qt::Orientation orientation);
    void unsplit();
    void otherGroup();

    [[nodiscard]] EditorState state() const;
    void restore(const EditorState& state);

    /// Above the editors.
    [[nodiscard]] NoticeArea& notices() { return *notices_; }
    /// A widget of the whole width between the notices and the editors' tabs.
    void putAbove(QWidget* card);
    void showFind();
    void findNext(bool forwards);

Q_SIGNALS:
    /// Another file, or another text in it from disk.
    void currentChanged();
    void edited();
    void closesAll(); ///< all are still there
    void closedAll();
    void saved(const QString& path);
    void breakpointClicked(const QString& path, unsigned line);
    /// An editor was made; its signals may be connected. Its text is not there yet.
    void opened(rbpf::views::CodeEditor* editor);
    void loaded(rbpf::views::CodeEditor* editor);
    void failed(const QString& message, const QString& hint);

private:
    CodeEditor* add(QTabWidget* group, const QString& path, CodeEditor* sameText);
    QTabWidget* addGroup();
    void removeGroup(QTabWidget* group);
    void activate(QTabWidget* group);
    [[nodiscard]] QTabWidget* groupOf(const QWidget* inside) const;
    [[nodiscard]] std::vector<CodeEditor*> views(const QString& path) const;
    void close(CodeEditor* editor);
    void ask(const QStringList& names, std::function<void()> save, std::function<void()> discard);
    void askAndClose(CodeEditor* editor);
    void focusText();
    void title(const QString& path);
    void copyTo(const QString& path);
    /// Takes back what was asked about the file on disk.
    void forgetTrouble(const QString& path);

    void onLoaded(const QString& path, const QString& text);
    void onRefused(const QString& path, const QString& message, const QString& hint);
    void onSaved(const QString& path, const QString& text);
    void onNotSaved(const QString& path, const QString& message, const QString& hint);
    void onChanged(const QString& path, const QString& text);
    void onGone(const QString& path);

    NoticeArea* notices_;
    QSplitter* splitter_;
    FindBar* find_;
    QTabWidget* active_ = nullptr;
    model::SourceFiles files_;
    std::set<QString> gone_; ///< open, and not on disk any more
    std::map<QString, std::function<void(CodeEditor&)>> afterLoad_;
    std::vector<EditorState::File> closed_;
};

} // namespace rbpf::views
