// SPDX-License-Identifier: GPL-3.0-or-later
// The open files. Knows what is not saved, and what changed on disk behind the editor.
#pragma once

#include <QFileSystemWatcher>
#include <QTabWidget>
#include <QTimer>
#include <QWidget>
#include <map>
#include <string>

#include "ide/views/code_editor.hpp"

namespace rbpf::views {

class FindBar;
class NoticeArea;

class EditorTabs : public QWidget {
    Q_OBJECT
public:
    explicit EditorTabs(QWidget* parent = nullptr);

    /// The editor of the file, opened if need be; null if it cannot be read (failed() says why).
    CodeEditor* open(const QString& path);
    [[nodiscard]] CodeEditor* current() const;
    [[nodiscard]] std::vector<CodeEditor*> editors() const;
    [[nodiscard]] CodeEditor* editorOf(const QString& path) const;
    /// Contents that differ from the disk's, by absolute path.
    [[nodiscard]] std::map<std::string, std::string> unsaved() const;

    /// False: it could not be written; failed() says why, and nothing is lost.
    bool save(CodeEditor* editor);
    bool saveAll();
    /// Asks about unsaved changes; false: the user would rather stay.
    [[nodiscard]] bool mayClose();
    void closeAll();
    /// Puts text into a file's editor as a change that can be undone; the file need not exist any more.
    void restoreText(const QString& path, const QString& text);
    /// Above the editors.
    [[nodiscard]] NoticeArea& notices() { return *notices_; }
    /// A widget of the whole width between the notices and the editors' tabs.
    void putAbove(QWidget* card);
    void showFind();
    void findNext(bool forwards);

Q_SIGNALS:
    void currentChanged();
    void edited();
    void closedAll();
    void saved(const QString& path);
    void breakpointClicked(const QString& path, unsigned line);
    /// An editor was made; its signals may be connected.
    void opened(rbpf::views::CodeEditor* editor);
    void failed(const QString& message, const QString& hint);

private:
    void closeTab(int index);
    CodeEditor* add(const QString& path, const QString& text);
    void title(CodeEditor* editor);
    void onDiskChange(const QString& path);

    NoticeArea* notices_;
    QTabWidget* tabs_;
    FindBar* find_;
    QFileSystemWatcher watcher_;
};

} // namespace rbpf::views
