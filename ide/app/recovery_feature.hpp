// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing typed is lost: unsaved text outlives a Studio that is killed, and the next one offers it. Says when two
// Studios have one project open.
#pragma once

#include <QObject>

#include "ide/model/recovery_journal.hpp"

namespace rbpf::app {

struct Workbench;

class RecoveryFeature : public QObject {
    Q_OBJECT
public:
    RecoveryFeature(Workbench& bench, QObject* parent);

private:
    void offer(const std::vector<model::KeptText>& left);
    void offerOne(const model::KeptText& kept);
    void recover(const model::KeptText& kept);

    Workbench& bench_;
    model::RecoveryJournal* journal_;
};

} // namespace rbpf::app
