// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/language_worker.hpp"

#include <algorithm>

#include "sdk/project/compile_commands.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace {

namespace fs = std::filesystem;

/// More files, or longer ones, are no project of scripts; their features stop at what is open.
constexpr std::size_t kMostFiles = 200;
constexpr std::uintmax_t kMostBytes = 4 * 1024 * 1024;

bool isSource(const fs::path& path) {
    return path.extension() == ".c" || path.extension() == ".h";
}

/// The sources that rbpf.json names and what else lies in the folder.
std::set<std::string> filesOf(const project::Project& project) {
    std::set<std::string> files;
    for (const fs::path& source : project.sources) {
        files.insert(source.string());
    }
    std::error_code code;
    fs::recursive_directory_iterator at(project.folder, fs::directory_options::skip_permission_denied, code);
    for (; !code && at != fs::recursive_directory_iterator() && files.size() < kMostFiles; at.increment(code)) {
        const fs::path& path = at->path();
        const std::string name = path.filename().string();
        if (at->is_directory(code)) {
            if (name == "build" || name.starts_with('.') || at.depth() > 8) {
                at.disable_recursion_pending();
            }
        } else if (isSource(path)) {
            files.insert(path.string());
        }
    }
    return files;
}

} // namespace

LanguageWorker::LanguageWorker() : due_(this) {
    due_.setSingleShot(true);
    connect(&due_, &QTimer::timeout, this, &LanguageWorker::watch);
}

LanguageWorker::~LanguageWorker() = default;

void LanguageWorker::post(std::function<void(LanguageWorker&)> task) {
    QMetaObject::invokeMethod(this, [this, task = std::move(task)] { task(*this); }, Qt::QueuedConnection);
}

void LanguageWorker::setProject(const fs::path& folder) {
    reading_.reset();
    writing_.reset();
    due_.stop();
    client_.reset();
    inEditors_.clear();
    folder_ = folder;
    if (folder_.empty()) {
        return;
    }
    readProject();
    client_ = std::make_unique<language::Client>(
        folder_.string(), [this](const std::string& file) { return project::compileCommand(project_, file); },
        language::Ears{[this](const std::string& file, const std::vector<language::Finding>& found) {
                           Q_EMIT findings(QString::fromStdString(file), found);
                       },
                       [this](const support::Error& error, bool isFinal) {
                           Q_EMIT trouble(QString::fromStdString(error.message), QString::fromStdString(error.hint),
                                          isFinal);
                       }});
    start(false);
    refresh();
}

void LanguageWorker::restart() {
    if (client_) {
        start(true);
        watch();
    }
}

void LanguageWorker::start(bool again) {
    if (const auto started = again ? client_->restart() : client_->start(); !started) {
        Q_EMIT trouble(QString::fromStdString(started.error().message), QString::fromStdString(started.error().hint), true);
    }
}

/// One with mistakes in it is taken for one without settings.
void LanguageWorker::readProject() {
    auto loaded = project::load(folder_);
    project_ = loaded && loaded->project ? std::move(*loaded->project) : project::Project{folder_, {}, {}, {}};
}

void LanguageWorker::refresh() {
    if (!client_) {
        return;
    }
    const auto command = project::compileCommand(project_, {});
    readProject();
    if (project::compileCommand(project_, {}) != command) {
        client_->commandsChanged();
    }
    const std::set<std::string> files = filesOf(project_);
    for (const std::string& file : files) {
        std::error_code code;
        if (!inEditors_.contains(file) && fs::file_size(file, code) <= kMostBytes && !code) {
            if (auto text = support::readText(file)) {
                client_->setText(file, std::move(*text));
            }
        }
    }
    std::vector<std::string> gone;
    for (const auto& [file, document] : client_->documents().all()) {
        if (!files.contains(file) && !inEditors_.contains(file)) {
            gone.push_back(file);
        }
    }
    for (const std::string& file : gone) {
        client_->close(file);
    }
    watch();
}

void LanguageWorker::setText(const std::string& file, std::string text) {
    if (client_ && isSource(file)) {
        inEditors_.insert(file);
        client_->setText(file, std::move(text));
        watch();
    }
}

void LanguageWorker::close(const std::string& file) {
    if (inEditors_.erase(file) > 0) {
        refresh();
    }
}

void LanguageWorker::watch() {
    if (!client_) {
        return;
    }
    client_->service();
    const int descriptor = client_->descriptor();
    if (!reading_ || reading_->socket() != descriptor) {
        reading_.reset();
        writing_.reset();
        if (descriptor < 0) {
            return;
        }
        reading_ = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
        writing_ = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Write);
        connect(reading_.get(), &QSocketNotifier::activated, this, &LanguageWorker::watch);
        connect(writing_.get(), &QSocketNotifier::activated, this, &LanguageWorker::watch);
    }
    writing_->setEnabled(client_->isWriting());
    if (const auto due = client_->due()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - language::Clock::now());
        due_.start(std::max(left, std::chrono::milliseconds(0)));
    } else {
        due_.stop();
    }
}

} // namespace rbpf::model
