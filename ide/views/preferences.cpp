// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/preferences.hpp"

#include <QSettings>
#include <algorithm>

namespace rbpf::views {

namespace {

const QString kAppearance = QStringLiteral("appearance"), kFontFamily = QStringLiteral("editor/font"),
              kFontSize = QStringLiteral("editor/fontSize"), kTabWidth = QStringLiteral("editor/tabWidth"),
              kChecks = QStringLiteral("build/whileTyping"), kPause = QStringLiteral("build/pauseMs"),
              kBoard = QStringLiteral("board"), kRestores = QStringLiteral("restoreSession"),
              kSavesOnFocusLoss = QStringLiteral("editor/saveOnFocusLoss"), kFormatsOnSave = QStringLiteral("editor/formatOnSave");
const QString kLight = QStringLiteral("light"), kDark = QStringLiteral("dark");

} // namespace

/// The file is the user's: numbers are kept in their ranges.
Preferences Preferences::load() {
    const QSettings settings;
    Preferences read;
    const QString appearance = settings.value(kAppearance).toString();
    read.appearance = appearance == kDark    ? Appearance::Dark
                      : appearance == kLight ? Appearance::Light
                                             : Appearance::Desktop;
    read.fontFamily = settings.value(kFontFamily).toString();
    const int size = settings.value(kFontSize, 0).toInt();
    read.fontSize = size == 0 ? 0 : std::clamp(size, 6, 48);
    read.tabWidth = std::clamp(settings.value(kTabWidth, read.tabWidth).toInt(), 1, 16);
    read.checksWhileTyping = settings.value(kChecks, read.checksWhileTyping).toBool();
    read.checkPauseMs = std::clamp(settings.value(kPause, read.checkPauseMs).toInt(), 0, 5000);
    read.board = settings.value(kBoard).toString();
    read.restoresSession = settings.value(kRestores, read.restoresSession).toBool();
    read.savesOnFocusLoss = settings.value(kSavesOnFocusLoss, read.savesOnFocusLoss).toBool();
    read.formatsOnSave = settings.value(kFormatsOnSave, read.formatsOnSave).toBool();
    return read;
}

void Preferences::store() const {
    QSettings settings;
    settings.setValue(kAppearance, appearance == Appearance::Dark    ? kDark
                                   : appearance == Appearance::Light ? kLight
                                                                     : QString());
    settings.setValue(kFontFamily, fontFamily);
    settings.setValue(kFontSize, fontSize);
    settings.setValue(kTabWidth, tabWidth);
    settings.setValue(kChecks, checksWhileTyping);
    settings.setValue(kPause, checkPauseMs);
    settings.setValue(kBoard, board);
    settings.setValue(kRestores, restoresSession);
    settings.setValue(kSavesOnFocusLoss, savesOnFocusLoss);
    settings.setValue(kFormatsOnSave, formatsOnSave);
}

} // namespace rbpf::views
