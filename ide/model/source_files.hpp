// SPDX-License-Identifier: GPL-3.0-or-later
// The files that are open in editors, as they are on disk: read and written off the window's thread, in the order asked
// for, and watched. What another program wrote is never overwritten unasked.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::model {

/// UTF-8 text that an editor can show and write back byte by byte; else what is wrong with the file.
[[nodiscard]] support::Result<std::string> readSource(const std::string& path);

class SourceFiles : public QObject {
    Q_OBJECT
public:
    using Texts = std::map<std::string, std::string>; ///< by absolute path

    explicit SourceFiles(QObject* parent = nullptr);
    ~SourceFiles() override;

    /// Answers with loaded() or refused(); from then on the file is watched.
    void load(const QString& path);
    /// A file that is not there any more, or not yet; save() makes it.
    void adopt(const QString& path);
    void forget(const QString& path);

    /// Writes them, then tells what became of each, then calls `then` if all were written. A file that holds what
    /// another program wrote, and nobody has accepted, is not written: changed() tells.
    void save(Texts texts, std::function<void()> then);
    /// The user has seen what changed() told: the next save() may overwrite it.
    void accept(const QString& path);

Q_SIGNALS:
    void loaded(const QString& path, const QString& text);
    void refused(const QString& path, const QString& message, const QString& hint);
    /// The disk holds this text now.
    void saved(const QString& path, const QString& text);
    void notSaved(const QString& path, const QString& message, const QString& hint);
    /// By another program; `text` is what is there now.
    void changed(const QString& path, const QString& text);
    void gone(const QString& path);

private:
    struct Outcome;
    void watch(const std::string& path);
    void tellChanged(const std::string& path, const std::string& text);
    void check(const QString& path);
    void checkFolder(const QString& folder);

    Texts known_;                 ///< what the files held when last read or written here
    Texts foreign_;               ///< what another program wrote, told and not accepted
    std::set<std::string> gone_; ///< told so
    QFileSystemWatcher watcher_;
    QThreadPool pool_; ///< of one thread: what is saved last is what stays
};

} // namespace rbpf::model
