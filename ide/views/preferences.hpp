// SPDX-License-Identifier: GPL-3.0-or-later
// What a user can set, in one place: how it is named in the settings file, and what it is without one.
#pragma once

#include <QString>

#include "ide/views/theme.hpp"

namespace rbpf::views {

struct Preferences {
    Appearance appearance = Appearance::Desktop;
    QString fontFamily; ///< "" = the system's fixed-width font
    int fontSize = 0;   ///< points; 0 = the system's
    int tabWidth = 4;
    bool checksWhileTyping = true;
    int checkPauseMs = 120;
    QString board; ///< chosen at the start, if it is there; "" = none
    bool restoresSession = true;
    bool savesOnFocusLoss = false;
    bool formatsOnSave = false; ///< on the user's own saves

    [[nodiscard]] static Preferences load();
    void store() const;
};

} // namespace rbpf::views
