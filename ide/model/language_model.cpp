// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/language_model.hpp"

#include "sdk/support/files.hpp"

namespace rbpf::model {

namespace {

using support::ErrorKind;
using support::Result;
using Symbols = std::vector<language::Symbol>;

/// On the worker's thread.
std::vector<LanguageModel::Use> withLines(const LanguageModel::Ranges& ranges, const language::Client& client) {
    std::map<std::string, std::string> texts;
    std::vector<LanguageModel::Use> uses;
    for (const support::SourceRange& range : ranges) {
        const auto [at, isNew] = texts.try_emplace(range.file);
        if (isNew) {
            const auto* document = client.documents().find(range.file);
            at->second = document != nullptr ? document->text : support::readText(range.file).value_or("");
        }
        const std::string& text = at->second;
        const std::size_t start = language::offsetOf(text, range.line, 1);
        uses.push_back({range, text.substr(start, text.find('\n', start) - start)});
    }
    return uses;
}

/// The symbols of one file after the other. On the worker's thread.
std::uint64_t askAll(language::Client& client, std::vector<std::string> files, Symbols found,
                     const LanguageModel::Done<Symbols>& done) {
    if (files.empty()) {
        done(std::move(found));
        return 0;
    }
    const std::string file = files.back();
    files.pop_back();
    return client.symbols(file, [&client, files = std::move(files), found = std::move(found),
                                 done](const Result<Symbols>& some) mutable {
        if (!some) {
            done(tl::unexpected(some.error()));
            return;
        }
        found.insert(found.end(), some->begin(), some->end());
        askAll(client, std::move(files), std::move(found), done);
    });
}

} // namespace

LanguageModel::LanguageModel(QObject* parent) : QObject(parent), worker_(new LanguageWorker) {
    for (auto& id : running_) {
        id = std::make_shared<std::uint64_t>(0);
    }
    qRegisterMetaType<std::vector<language::Finding>>();
    worker_->moveToThread(&thread_);
    connect(&thread_, &QThread::finished, worker_, &QObject::deleteLater);
    connect(worker_, &LanguageWorker::trouble, this, &LanguageModel::trouble);
    connect(worker_, &LanguageWorker::findings, this,
            [this](const QString& file, const std::vector<language::Finding>& found) {
                findings_[file] = found;
                Q_EMIT findingsChanged(file);
            });
    thread_.setObjectName(QStringLiteral("language"));
    thread_.start();
}

LanguageModel::~LanguageModel() {
    thread_.quit();
    thread_.wait();
}

void LanguageModel::setProject(const std::filesystem::path& folder) {
    texts_.clear();
    findings_.clear();
    ++changes_;
    worker_->post([folder, running = running_](LanguageWorker& worker) {
        for (const auto& id : running) {
            *id = 0; // another client counts from 1 again
        }
        worker.setProject(folder);
    });
}

void LanguageModel::setText(const QString& file, const QByteArray& text) {
    QByteArray& known = texts_[file];
    if (known == text && !known.isNull()) {
        return;
    }
    known = text;
    ++changes_;
    findings_.erase(file);
    worker_->post([name = file.toStdString(), text = text.toStdString()](LanguageWorker& worker) mutable {
        worker.setText(name, std::move(text));
    });
}

void LanguageModel::close(const QString& file) {
    if (texts_.erase(file) > 0) {
        worker_->post([name = file.toStdString()](LanguageWorker& worker) { worker.close(name); });
    }
}

void LanguageModel::refresh() {
    worker_->post([](LanguageWorker& worker) { worker.refresh(); });
}

void LanguageModel::restart() {
    worker_->post([](LanguageWorker& worker) { worker.restart(); });
}

template <typename T>
void LanguageModel::ask(Kind kind, Question<T> question, Done<T> done) {
    const unsigned turn = ++turns_[kind];
    const unsigned changes = changes_;
    // Runs on the worker's thread, which ends before this object does.
    Done<T> back = [this, kind, turn, changes, done = std::move(done)](Result<T> answer) {
        QMetaObject::invokeMethod(
            this,
            [this, kind, turn, changes, done, answer = std::move(answer)]() mutable {
                if (turn != turns_[kind]) {
                    answer = support::fail(ErrorKind::Cancelled, "something else was asked meanwhile");
                } else if (kind == Change && changes != changes_) {
                    answer = support::fail(ErrorKind::Cancelled, "the text was changed meanwhile", "try it again");
                }
                done(std::move(answer));
            },
            Qt::QueuedConnection);
    };
    worker_->post([question = std::move(question), back = std::move(back), running = running_[kind]](LanguageWorker& worker) {
        language::Client* client = worker.client();
        if (client == nullptr) {
            back(support::fail(ErrorKind::Link, "no project is open"));
            return;
        }
        client->cancel(*running);
        *running = question(*client, back);
        worker.watch();
    });
}

void LanguageModel::complete(const Place& place, Done<language::Completions> done) {
    ask<language::Completions>(
        Complete, [place](language::Client& client, auto answer) { return client.complete(place, answer); }, std::move(done));
}

void LanguageModel::help(const Place& place, Done<language::SignatureHelp> done) {
    ask<language::SignatureHelp>(
        Help, [place](language::Client& client, auto answer) { return client.help(place, answer); }, std::move(done));
}

void LanguageModel::hover(const Place& place, Done<language::Hover> done) {
    ask<language::Hover>(
        HoverOver, [place](language::Client& client, auto answer) { return client.hover(place, answer); }, std::move(done));
}

void LanguageModel::definition(const Place& place, Done<Ranges> done) {
    ask<Ranges>(
        Go, [place](language::Client& client, auto answer) { return client.definition(place, answer); }, std::move(done));
}

void LanguageModel::references(const Place& place, Done<std::vector<Use>> done) {
    using Uses = std::vector<Use>;
    refresh();
    ask<Uses>(
        Go,
        [place](language::Client& client, Done<Uses> answer) {
            return client.references(place, [&client, answer](const Result<Ranges>& ranges) {
                answer(ranges.map([&client](const Ranges& found) { return withLines(found, client); }));
            });
        },
        std::move(done));
}

void LanguageModel::rename(const Place& place, const std::string& name, Done<Edits> done) {
    refresh();
    ask<Edits>(
        Change, [place, name](language::Client& client, auto answer) { return client.rename(place, name, answer); },
        std::move(done));
}

void LanguageModel::format(const QString& file, Done<Edits> done) {
    ask<Edits>(
        Change,
        [name = file.toStdString()](language::Client& client, auto answer) { return client.format(name, answer); },
        std::move(done));
}

void LanguageModel::symbols(const QString& file, Done<std::vector<language::Symbol>> done) {
    ask<std::vector<language::Symbol>>(
        List,
        [name = file.toStdString()](language::Client& client, auto answer) { return client.symbols(name, answer); },
        std::move(done));
}

void LanguageModel::projectSymbols(Done<std::vector<language::Symbol>> done) {
    using Symbols = std::vector<language::Symbol>;
    refresh();
    ask<Symbols>(
        List,
        [](language::Client& client, const Done<Symbols>& answer) {
            std::vector<std::string> files;
            for (const auto& [file, document] : client.documents().all()) {
                files.push_back(file);
            }
            return askAll(client, std::move(files), {}, answer);
        },
        std::move(done));
}

std::optional<std::vector<language::Finding>> LanguageModel::findings(const QString& file) const {
    const auto found = findings_.find(file);
    return found != findings_.end() ? std::optional(found->second) : std::nullopt;
}

} // namespace rbpf::model
