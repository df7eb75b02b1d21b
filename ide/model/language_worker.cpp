// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/language_worker.hpp"

#include <algorithm>

#include "sdk/project/code_files.hpp"
#include "sdk/project/compile_commands.hpp"

namespace rbpf::model {

namespace {

namespace fs = std::filesystem;

} // namespace

bool isSource(const fs::path& path) {
    return path.extension() == ".c" || path.extension() == ".h";
}

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

void LanguageWorker::readProject() {
    project_ = project::loadOrDefault(folder_);
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
    const std::set<std::string> files = project::codeFiles(project_);
    for (const std::string& file : files) {
        if (!inEditors_.contains(file)) {
            if (auto text = project::readCode(file)) {
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
        if (descriptor >= 0) {
            reading_ = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Read);
            writing_ = std::make_unique<QSocketNotifier>(descriptor, QSocketNotifier::Write);
            connect(reading_.get(), &QSocketNotifier::activated, this, &LanguageWorker::watch);
            connect(writing_.get(), &QSocketNotifier::activated, this, &LanguageWorker::watch);
        }
    }
    if (writing_) {
        writing_->setEnabled(client_->isWriting());
    }
    if (const auto due = client_->due()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*due - language::Clock::now());
        due_.start(std::max(left, std::chrono::milliseconds(0)));
    } else {
        due_.stop();
    }
}

} // namespace rbpf::model
