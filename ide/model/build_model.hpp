// SPDX-License-Identifier: GPL-3.0-or-later
// The open project and its builds: on demand, and by itself a moment after the last key press. At most one build runs;
// what is asked for meanwhile is one more build after it.
#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "debugger/session/session.hpp"
#include "sdk/project/build.hpp"

namespace rbpf::model {

struct LineCost {
    unsigned instructions = 0;
    unsigned bytes = 0;
};

/// A build with what the window shows of it.
struct Built {
    project::BuildResult result;
    std::map<std::string, std::map<unsigned, LineCost>> costs; ///< by file as the debug information names it, and line
    std::vector<session::Instruction> code;
};

class BuildModel : public QObject {
    Q_OBJECT
public:
    explicit BuildModel(QObject* parent = nullptr);

    /// The folder with the rbpf.json; empty: no project.
    void setFolder(const std::filesystem::path& folder);
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] bool isOpen() const { return !folder_.empty(); }

    /// What stands in the editors but not on disk, by absolute path; a build in the background compiles this.
    void setUnsaved(std::map<std::string, std::string> unsaved);

    /// Whether check() does anything, and how long after the last key press.
    void setAutomatic(bool isAutomatic, int pauseMs);

    /// Builds what is on disk and writes the image.
    void build();
    /// Builds what is in the editors, for its diagnostics and costs; writes nothing.
    void check();

    /// Of the last build that ended, or null. `last()->result.ok` says whether the rest means anything.
    [[nodiscard]] std::shared_ptr<const Built> last() const { return last_; }
    /// The last one that was ok.
    [[nodiscard]] std::shared_ptr<const Built> lastGood() const { return lastGood_; }
    /// The good one before `lastGood()`: what changes are counted from.
    [[nodiscard]] std::shared_ptr<const Built> before() const { return before_; }
    [[nodiscard]] bool isBuilding() const { return running_.has_value(); }

Q_SIGNALS:
    void folderChanged();
    void started(bool written);
    /// `written`: by build(), the files are on disk.
    void finished(bool written);
    /// The build could not be tried: files cannot be read or written. What, and what to do.
    void failed(const QString& message, const QString& hint);

private:
    enum class Job {
        Check,
        Build
    };
    void request(Job job);
    void start(Job job);
    void take(Job job, support::Result<Built> built);

    std::filesystem::path folder_;
    std::map<std::string, std::string> unsaved_;
    std::shared_ptr<const Built> last_, lastGood_, before_;
    std::optional<Job> running_, next_;
    QTimer pause_;
    bool isAutomatic_ = true;
    unsigned generation_ = 0; ///< of the folder: a late result of another project is dropped
};

} // namespace rbpf::model
