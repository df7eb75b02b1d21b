// SPDX-License-Identifier: GPL-3.0-or-later
// QScintilla's headers use Qt's lower-case keywords, which the rest of Studio does without (QT_NO_KEYWORDS: boards have
// slots too).
#pragma once

#include <QObject>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qscicommandset.h>
#include <Qsci/qscilexercpp.h>
#include <Qsci/qsciscintilla.h>
#include <Qsci/qscistyle.h>
#include <Qsci/qscistyledtext.h>
#undef signals
#undef slots
