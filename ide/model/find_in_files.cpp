// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/find_in_files.hpp"

#include <QRegularExpression>

#include "ide/model/project_files.hpp"
#include "ide/model/source_files.hpp"

namespace rbpf::model {

namespace {

constexpr std::size_t kMostHits = 5000;

QString fillIn(const QString& replacement, const QRegularExpressionMatch& match) {
    QString filled;
    for (qsizetype at = 0; at < replacement.size(); ++at) {
        const bool isGroup = replacement[at] == QLatin1Char('\\') && at + 1 < replacement.size();
        if (!isGroup) {
            filled += replacement[at];
        } else if (const QChar next = replacement[++at]; next.isDigit()) {
            filled += match.captured(next.digitValue());
        } else {
            filled += next == QLatin1Char('n') ? QChar(u'\n') : next == QLatin1Char('t') ? QChar(u'\t') : next;
        }
    }
    return filled;
}

FileHits search(const QString& path, const QString& text, const QRegularExpression& expression, const Search& search) {
    FileHits found{path, text, {}};
    unsigned line = 1;
    qsizetype lineStart = 0;
    for (auto matches = expression.globalMatch(text); matches.hasNext() && found.hits.size() < kMostHits;) {
        const QRegularExpressionMatch match = matches.next();
        if (match.capturedLength() == 0) {
            continue;
        }
        for (qsizetype end = text.indexOf(QLatin1Char('\n'), lineStart); end >= 0 && end < match.capturedStart();
             end = text.indexOf(QLatin1Char('\n'), lineStart)) {
            ++line;
            lineStart = end + 1;
        }
        const qsizetype lineEnd = text.indexOf(QLatin1Char('\n'), lineStart);
        found.hits.push_back({line, static_cast<unsigned>(match.capturedStart() - lineStart) + 1, match.capturedStart(),
                              match.capturedLength(), text.mid(lineStart, lineEnd < 0 ? -1 : lineEnd - lineStart),
                              search.isRegex ? fillIn(search.replacement, match) : search.replacement});
    }
    return found;
}

} // namespace

support::Result<Found> findInFiles(const std::filesystem::path& folder, const std::map<std::string, std::string>& open,
                                   const Search& wanted) {
    QString pattern = wanted.isRegex ? wanted.text : QRegularExpression::escape(wanted.text);
    if (wanted.isWholeWord) {
        pattern = QStringLiteral("\\b(?:%1)\\b").arg(pattern);
    }
    const QRegularExpression expression(pattern, QRegularExpression::MultilineOption |
                                                     (wanted.isCaseSensitive ? QRegularExpression::NoPatternOption
                                                                             : QRegularExpression::CaseInsensitiveOption));
    if (!expression.isValid()) {
        return support::fail(support::ErrorKind::Usage, expression.errorString().toStdString());
    }
    Found found;
    std::size_t count = 0;
    for (const std::string& one : projectFiles(folder)) {
        const std::string path = folder / one;
        const auto edited = open.find(path);
        const auto text = edited != open.end() ? support::Result<std::string>(edited->second) : readSource(path);
        if (!text) {
            continue; // no text that could be edited
        }
        FileHits hits = search(QString::fromStdString(path), QString::fromStdString(*text), expression, wanted);
        if (!hits.hits.empty()) {
            count += hits.hits.size();
            found.files.push_back(std::move(hits));
        }
        if (count >= kMostHits) {
            found.areAll = false;
            break;
        }
    }
    return found;
}

QString replaced(const FileHits& file, const std::vector<bool>& chosen) {
    QString text = file.text;
    for (std::size_t index = file.hits.size(); index-- > 0;) {
        const Hit& hit = file.hits[index];
        if (chosen[index]) {
            text.replace(hit.offset, hit.length, hit.replacement);
        }
    }
    return text;
}

} // namespace rbpf::model
