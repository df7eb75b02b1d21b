// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/source_files.hpp"

#include <QFileInfo>
#include <filesystem>
#include <optional>

#include "ide/model/background.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace {

namespace fs = std::filesystem;

/// More is no source file, and an editor would stall on it.
constexpr std::uintmax_t kMostBytes = 4U * 1024 * 1024;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

tl::unexpected<support::Error> refuse(const std::string& path, const char* why, const char* hint) {
    return support::fail(support::ErrorKind::Io, path + " " + why, hint);
}

} // namespace

support::Result<std::string> readSource(const std::string& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (fs::is_directory(status)) {
        return refuse(path, "is a folder", "open it with File › Open project");
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        return refuse(path, "is a device or a pipe", "only files can be edited");
    }
    if (fs::exists(status) && fs::file_size(path, code) > kMostBytes) {
        return refuse(path, "is larger than 4 MB", "that is no script; another editor may open it");
    }
    auto bytes = support::readText(path);
    if (!bytes) {
        return bytes;
    }
    if (bytes->find('\0') != std::string::npos) {
        return refuse(path, "is a binary file", "images are shown as bytecode after a build");
    }
    // What does not come back as it was would be damaged by the next save.
    if (words(*bytes).toStdString() != *bytes) {
        return refuse(path, "is not UTF-8 text", "iconv -f latin1 -t utf-8 converts it; saving it here would damage it");
    }
    return bytes;
}

SourceFiles::SourceFiles(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(1);
    connect(&watcher_, &QFileSystemWatcher::fileChanged, this, &SourceFiles::check);
    connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, &SourceFiles::checkFolder);
}

SourceFiles::~SourceFiles() {
    pool_.waitForDone();
}

void SourceFiles::load(const QString& path) {
    inBackground(pool_, this, [path = path.toStdString()] { return readSource(path); },
                 [this, path](const support::Result<std::string>& text) {
                     if (!text) {
                         Q_EMIT refused(path, words(text.error().message), words(text.error().hint));
                         return;
                     }
                     known_[path.toStdString()] = *text;
                     Q_EMIT loaded(path, words(*text));
                     check(path);
                 });
}

void SourceFiles::adopt(const QString& path) {
    known_[path.toStdString()].clear();
    gone_.insert(path.toStdString());
}

void SourceFiles::forget(const QString& path) {
    known_.erase(path.toStdString());
    foreign_.erase(path.toStdString());
    gone_.erase(path.toStdString());
    watcher_.removePath(path);
    const QString folder = QFileInfo(path).absolutePath();
    for (const auto& [other, text] : known_) {
        if (QFileInfo(words(other)).absolutePath() == folder) {
            return;
        }
    }
    watcher_.removePath(folder);
}

void SourceFiles::watch(const std::string& path) {
    // The folder too: a file that is replaced is another file, and one that comes back was not watched.
    watcher_.addPaths({words(path), QFileInfo(words(path)).absolutePath()});
}

struct SourceFiles::Outcome {
    std::string path, text;
    std::optional<std::string> known;
    support::Result<void> written;
    std::optional<std::string> foreign; ///< another program's text: ours was not written
};

void SourceFiles::save(Texts texts, std::function<void()> then) {
    std::vector<Outcome> wanted;
    for (auto& [path, text] : texts) {
        const auto known = known_.find(path);
        wanted.push_back({path, text, known != known_.end() ? std::optional(known->second) : std::nullopt, {}, {}});
        // A second save() before this one ends starts from this text.
        known_[path] = std::move(text);
    }
    inBackground(
        pool_, this,
        [wanted = std::move(wanted)]() mutable {
            for (Outcome& one : wanted) {
                const auto onDisk = readSource(one.path);
                if (one.known && onDisk && *onDisk != *one.known && *onDisk != one.text) {
                    one.foreign = *onDisk;
                } else {
                    one.written = support::writeAtomically(one.path, std::string_view(one.text));
                }
            }
            return std::move(wanted);
        },
        [this, then = std::move(then)](const std::vector<Outcome>& outcomes) {
            bool areAll = true;
            for (const Outcome& one : outcomes) {
                const bool isWritten = one.written && !one.foreign;
                areAll = areAll && isWritten;
                if (isWritten) {
                    foreign_.erase(one.path);
                    gone_.erase(one.path);
                    Q_EMIT saved(words(one.path), words(one.text));
                    check(words(one.path));
                    continue;
                }
                if (one.known) {
                    known_[one.path] = *one.known;
                } else {
                    known_.erase(one.path);
                }
                if (one.foreign) {
                    foreign_.erase(one.path); // told again: it stands in the way
                    tellChanged(one.path, *one.foreign);
                } else {
                    Q_EMIT notSaved(words(one.path), words(one.written.error().message), words(one.written.error().hint));
                }
            }
            if (areAll && then) {
                then();
            }
        });
}

void SourceFiles::accept(const QString& path) {
    if (const auto foreign = foreign_.extract(path.toStdString())) {
        known_[foreign.key()] = foreign.mapped();
    }
}

void SourceFiles::tellChanged(const std::string& path, const std::string& text) {
    const auto [told, isNew] = foreign_.try_emplace(path, text);
    if (isNew || told->second != text) {
        told->second = text;
        Q_EMIT changed(words(path), words(text));
    }
}

void SourceFiles::checkFolder(const QString& folder) {
    std::vector<std::string> paths;
    for (const auto& [path, text] : known_) {
        if (QFileInfo(words(path)).absolutePath() == folder) {
            paths.push_back(path);
        }
    }
    for (const std::string& path : paths) {
        check(words(path));
    }
}

void SourceFiles::check(const QString& path) {
    if (!known_.contains(path.toStdString())) {
        return;
    }
    struct Seen {
        bool exists = false;
        support::Result<std::string> text;
    };
    watch(path.toStdString()); // it may be another file by the same name; first, so that no change goes unseen
    inBackground(
        pool_, this,
        [path = path.toStdString()] {
            std::error_code code;
            return Seen{fs::exists(path, code) || code, readSource(path)};
        },
        [this, path](const Seen& seen) {
            const std::string name = path.toStdString();
            const auto known = known_.find(name);
            if (known == known_.end()) {
                return; // closed meanwhile
            }
            if (!seen.exists) {
                if (gone_.insert(name).second) {
                    Q_EMIT gone(path);
                }
                return;
            }
            const bool isBack = gone_.erase(name) > 0;
            if (seen.text && *seen.text != known->second) {
                tellChanged(name, *seen.text);
            } else if (isBack) {
                Q_EMIT saved(path, words(known->second));
            }
        });
}

} // namespace rbpf::model
