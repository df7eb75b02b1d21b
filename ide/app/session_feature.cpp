// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/session_feature.hpp"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include "ide/app/workbench.hpp"
#include "ide/model/build_model.hpp"
#include "ide/model/debug_model.hpp"
#include "ide/views/editor_tabs.hpp"
#include "ide/views/preferences.hpp"

namespace rbpf::app {

namespace {

using session::BreakpointSpec;

constexpr int kPauseMs = 1000;
const char* const kLast = "sessions/last";

QString keyOf(const QString& folder) {
    const auto digest = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha1);
    return QStringLiteral("sessions/") + QString::fromLatin1(digest.toHex().left(16));
}

QJsonObject json(const views::EditorState& state) {
    QJsonArray groups;
    for (const auto& group : state.groups) {
        QJsonArray files;
        for (const auto& file : group.files) {
            files << QJsonObject{{QStringLiteral("path"), file.path},
                                 {QStringLiteral("line"), static_cast<int>(file.line)},
                                 {QStringLiteral("column"), static_cast<int>(file.column)}};
        }
        groups << QJsonObject{{QStringLiteral("files"), files}, {QStringLiteral("current"), group.current}};
    }
    return {{QStringLiteral("groups"), groups},
            {QStringLiteral("active"), state.active},
            {QStringLiteral("below"), state.orientation == Qt::Vertical}};
}

/// Files that are gone are left out.
views::EditorState editorState(const QJsonObject& object) {
    views::EditorState state;
    state.active = object[QLatin1String("active")].toInt();
    state.orientation = object[QLatin1String("below")].toBool() ? Qt::Vertical : Qt::Horizontal;
    for (const QJsonValue& group : object[QLatin1String("groups")].toArray()) {
        views::EditorState::Group restored;
        restored.current = group[QLatin1String("current")].toInt();
        for (const QJsonValue& file : group[QLatin1String("files")].toArray()) {
            const QString path = file[QLatin1String("path")].toString();
            if (QFileInfo(path).isFile()) {
                restored.files.push_back({path, static_cast<unsigned>(file[QLatin1String("line")].toInt(1)),
                                          static_cast<unsigned>(file[QLatin1String("column")].toInt(1))});
            }
        }
        if (!restored.files.empty()) {
            state.groups.push_back(std::move(restored));
        }
    }
    return state;
}

/// Of a line: what a user sets most, and what outlives a build.
QJsonArray json(const std::vector<session::Breakpoint>& breakpoints) {
    QJsonArray all;
    for (const session::Breakpoint& one : breakpoints) {
        if (one.spec.kind == BreakpointSpec::Kind::Line && !one.spec.temporary) {
            all << QJsonObject{{QStringLiteral("file"), QString::fromStdString(one.spec.file)},
                               {QStringLiteral("line"), static_cast<int>(one.spec.line)},
                               {QStringLiteral("condition"), QString::fromStdString(one.spec.condition)},
                               {QStringLiteral("ignore"), static_cast<int>(one.spec.ignore)},
                               {QStringLiteral("log"), QString::fromStdString(one.spec.logMessage)},
                               {QStringLiteral("enabled"), one.enabled}};
        }
    }
    return all;
}

void restoreBreakpoints(model::DebugModel& debug, const QJsonArray& all) {
    for (const QJsonValue& one : all) {
        BreakpointSpec spec;
        spec.file = one[QLatin1String("file")].toString().toStdString();
        spec.line = static_cast<unsigned>(one[QLatin1String("line")].toInt());
        spec.condition = one[QLatin1String("condition")].toString().toStdString();
        spec.ignore = static_cast<std::uint32_t>(one[QLatin1String("ignore")].toInt());
        spec.logMessage = one[QLatin1String("log")].toString().toStdString();
        if (spec.line > 0) {
            const int id = debug.addBreakpoint(std::move(spec));
            debug.enableBreakpoint(id, one[QLatin1String("enabled")].toBool(true));
        }
    }
}

} // namespace

SessionFeature::SessionFeature(Workbench& bench, QObject* parent) : QObject(parent), bench_(bench) {
    pause_.setSingleShot(true);
    pause_.setInterval(kPauseMs);
    connect(&pause_, &QTimer::timeout, this, &SessionFeature::save);
    const auto later = [this] { pause_.start(); };
    connect(&bench.editors, &views::EditorTabs::currentChanged, this, later);
    connect(&bench.editors, &views::EditorTabs::edited, this, later);
    connect(&bench.debug, &model::DebugModel::breakpointsChanged, this, later);
    connect(&bench.editors, &views::EditorTabs::closesAll, this, [this] {
        save();
        folder_.clear();
    });
    connect(&bench.builds, &model::BuildModel::folderChanged, this, &SessionFeature::restore);
}

QString SessionFeature::lastProject() {
    const QString last = QSettings().value(QLatin1String(kLast)).toString();
    return views::Preferences::load().restoresSession && QFileInfo(last).isDir() ? last : QString();
}

void SessionFeature::restore() {
    folder_ = QString::fromStdString(bench_.builds.folder().string());
    QSettings settings;
    settings.setValue(QLatin1String(kLast), folder_);
    const auto points = bench_.debug.breakpoints();
    for (const session::Breakpoint& one : points) {
        bench_.debug.removeBreakpoint(one.id);
    }
    if (folder_.isEmpty() || !views::Preferences::load().restoresSession) {
        return;
    }
    const QJsonObject saved = QJsonDocument::fromJson(settings.value(keyOf(folder_)).toByteArray()).object();
    const views::EditorState state = editorState(saved[QLatin1String("editors")].toObject());
    if (!state.groups.empty()) {
        bench_.editors.restore(state);
    }
    restoreBreakpoints(bench_.debug, saved[QLatin1String("breakpoints")].toArray());
}

void SessionFeature::save() {
    pause_.stop();
    if (!folder_.isEmpty()) {
        const QJsonObject object{{QStringLiteral("editors"), json(bench_.editors.state())},
                                 {QStringLiteral("breakpoints"), json(bench_.debug.breakpoints())}};
        QSettings().setValue(keyOf(folder_), QJsonDocument(object).toJson(QJsonDocument::Compact));
    }
}

} // namespace rbpf::app
