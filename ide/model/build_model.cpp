// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/build_model.hpp"

#include "debugger/session/program.hpp"
#include "ide/cli/source_places.hpp"
#include "ide/model/background.hpp"

namespace rbpf::model {

namespace {

/// Of typing, before the costs are counted again.
constexpr int kPauseMs = 120;

support::Result<Built> buildAll(const std::filesystem::path& folder, const project::BuildOptions& options) {
    auto result = project::build(folder, options);
    if (!result) {
        return tl::unexpected(result.error());
    }
    Built built{std::move(*result), {}, {}};
    if (!built.result.ok) {
        return built;
    }
    const auto program = session::Program::create(built.result.image.bytes, built.result.debugElf);
    if (!program) {
        return tl::unexpected(program.error());
    }
    built.code = program->listing(0, UINT16_MAX);
    for (const session::Instruction& one : built.code) {
        if (one.location.line > 0) {
            LineCost& cost = built.costs[one.location.file][one.location.line];
            ++cost.instructions;
            cost.bytes += static_cast<unsigned>(one.bytes.size());
        }
    }
    return built;
}

} // namespace

BuildModel::BuildModel(QObject* parent) : QObject(parent) {
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, [this] { request(Job::Check); });
}

void BuildModel::setFolder(const std::filesystem::path& folder) {
    folder_ = folder;
    unsaved_.clear();
    last_ = lastGood_ = before_ = nullptr;
    running_ = next_ = std::nullopt;
    pause_.stop();
    ++generation_;
    Q_EMIT folderChanged();
}

void BuildModel::setUnsaved(std::map<std::string, std::string> unsaved) {
    unsaved_ = std::move(unsaved);
    check();
}

void BuildModel::setAutomatic(bool isAutomatic, int pauseMs) {
    isAutomatic_ = isAutomatic;
    pause_.setInterval(pauseMs);
}

void BuildModel::build() {
    pause_.stop();
    request(Job::Build);
}

void BuildModel::check() {
    if (isOpen() && isAutomatic_) {
        pause_.start();
    }
}

void BuildModel::request(Job job) {
    if (!isOpen()) {
        return;
    }
    if (running_) {
        next_ = next_ == Job::Build ? Job::Build : job;
        return;
    }
    start(job);
}

void BuildModel::start(Job job) {
    running_ = job;
    Q_EMIT started(job == Job::Build);
    project::BuildOptions options;
    options.places = cli::placesOf;
    if (job == Job::Check) {
        options.unsaved = unsaved_;
        options.write = false;
    }
    inBackground(
        this, [folder = folder_, options] { return buildAll(folder, options); },
        [this, job, generation = generation_](support::Result<Built> built) {
            if (generation == generation_) {
                take(job, std::move(built));
            }
        });
}

void BuildModel::take(Job job, support::Result<Built> built) {
    running_ = std::nullopt;
    if (built) {
        last_ = std::make_shared<const Built>(std::move(*built));
        if (last_->result.ok) {
            // A build of the same bytes is no change.
            if (!lastGood_ || lastGood_->result.image.bytes != last_->result.image.bytes) {
                before_ = lastGood_;
            }
            lastGood_ = last_;
        }
        Q_EMIT finished(job == Job::Build);
    } else {
        Q_EMIT failed(QString::fromStdString(built.error().message), QString::fromStdString(built.error().hint));
    }
    if (next_ && !running_) {
        const Job next = *next_;
        next_ = std::nullopt;
        start(next);
    }
}

} // namespace rbpf::model
