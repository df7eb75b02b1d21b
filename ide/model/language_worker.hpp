// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that speaks with clangd. It reads the project's files itself: what is open in no editor is told to clangd
// too, so that references and renaming reach the whole project.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "sdk/language/client.hpp"
#include "sdk/project/project.hpp"

namespace rbpf::model {

/// C, by its name.
[[nodiscard]] bool isSource(const std::filesystem::path& path);

/// Made on any thread, moved to its own; everything but post() is called there.
class LanguageWorker : public QObject {
    Q_OBJECT
public:
    LanguageWorker();
    ~LanguageWorker() override;

    /// Runs on the worker's thread. Any thread.
    void post(std::function<void(LanguageWorker&)> task);

    /// Ends what is known of another project; empty: none.
    void setProject(const std::filesystem::path& folder);
    void restart();
    void setText(const std::string& file, std::string text);
    /// The file is open in no editor any more: what is on disk counts.
    void close(const std::string& file);
    /// Reads rbpf.json and the files that are open in no editor again.
    void refresh();

    /// Null while no project is open.
    [[nodiscard]] language::Client* client() { return client_.get(); }
    /// To be called after something was asked.
    void watch();

Q_SIGNALS:
    void findings(const QString& file, const std::vector<rbpf::language::Finding>& findings);
    /// clangd cannot be started, or has ended. `isOff`: nothing can be asked until restart().
    void trouble(const QString& message, const QString& hint, bool isOff);

private:
    void start(bool again);
    void readProject();

    std::filesystem::path folder_;
    project::Project project_;
    std::unique_ptr<language::Client> client_;
    std::set<std::string> inEditors_;
    std::unique_ptr<QSocketNotifier> reading_, writing_;
    QTimer due_;
};

} // namespace rbpf::model
