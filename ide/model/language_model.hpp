// SPDX-License-Identifier: GPL-3.0-or-later
// What clangd knows of the open project, asked from the window: every question is answered once, later, on the window's
// thread; an answer that came too late to mean anything is Cancelled.
#pragma once

#include <QObject>
#include <QThread>
#include <array>
#include <filesystem>
#include <map>
#include <memory>

#include "ide/model/language_worker.hpp"

namespace rbpf::model {

class LanguageModel : public QObject {
    Q_OBJECT
public:
    explicit LanguageModel(QObject* parent = nullptr);
    ~LanguageModel() override;

    /// Empty: no project.
    void setProject(const std::filesystem::path& folder);
    /// An editor has this text, in UTF-8. To be called before each question about the file, if the text has changed.
    /// Whether clangd can be asked about the file at all.
    [[nodiscard]] static bool knows(const QString& path) { return isSource(path.toStdString()); }
    /// Somebody types: a change that was asked for before means nothing any more, whether setText() has been called or not.
    void touch() { ++changes_; }
    void setText(const QString& file, const QByteArray& text);
    /// No editor has the file any more.
    void close(const QString& file);
    /// Files have changed on disk.
    void refresh();
    void restart();

    using Place = language::Place;
    template <typename T>
    using Done = language::Done<T>;
    using Ranges = std::vector<support::SourceRange>;
    using Edits = std::vector<support::FixIt>;
    struct Use {
        support::SourceRange range;
        std::string line; ///< that it stands in
    };

    void complete(const Place& place, Done<language::Completions> done);
    void help(const Place& place, Done<language::SignatureHelp> done);
    void hover(const Place& place, Done<language::Hover> done);
    void definition(const Place& place, Done<Ranges> done);
    /// Looks at the disk first.
    void references(const Place& place, Done<std::vector<Use>> done);
    /// Both are Cancelled if a text changes before they are answered: the edits would hit the wrong places.
    void rename(const Place& place, const std::string& name, Done<Edits> done);
    void format(const QString& file, Done<Edits> done);
    void symbols(const QString& file, Done<std::vector<language::Symbol>> done);
    /// Of all files that lie in the project.
    void projectSymbols(Done<std::vector<language::Symbol>> done);

    /// What clangd finds wrong in a file as it is now, with its fixes; nothing while it looks.
    [[nodiscard]] std::optional<std::vector<language::Finding>> findings(const QString& file) const;

Q_SIGNALS:
    void findingsChanged(const QString& file);
    void trouble(const QString& message, const QString& hint, bool isOff);

private:
    /// A question makes older ones of its kind pointless.
    enum Kind {
        Complete,
        Help,
        HoverOver,
        Go,
        Change,
        List,
        kKinds
    };
    template <typename T>
    using Question = std::function<std::uint64_t(language::Client&, Done<T>)>;
    template <typename T>
    void ask(Kind kind, Question<T> question, Done<T> done);

    QThread thread_;
    LanguageWorker* worker_; ///< lives on thread_
    std::array<unsigned, kKinds> turns_{};
    std::array<std::shared_ptr<std::uint64_t>, kKinds> running_; ///< the worker's
    unsigned changes_ = 0; ///< of all texts
    std::map<QString, QByteArray> texts_;
    std::map<QString, std::vector<language::Finding>> findings_;
};

} // namespace rbpf::model
