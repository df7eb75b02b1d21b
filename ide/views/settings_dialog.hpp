// SPDX-License-Identifier: GPL-3.0-or-later
// The settings; each applies at once.
#pragma once

#include <QDialog>
#include <QStringList>

#include "ide/views/preferences.hpp"

namespace rbpf::views {

class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    SettingsDialog(const Preferences& preferences, const QStringList& boards, QWidget* parent);

Q_SIGNALS:
    void changed(const rbpf::views::Preferences& preferences);

private:
    template <typename Value>
    void set(Value Preferences::*field, const Value& value);

    Preferences preferences_;
};

} // namespace rbpf::views
