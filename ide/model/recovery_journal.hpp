// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what is typed and not saved: at most a moment after a change it is on disk, written off the window's thread.
#pragma once

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ide/model/recovery_store.hpp"

namespace rbpf::model {

class RecoveryJournal : public QObject {
    Q_OBJECT
public:
    /// By absolute path, what differs from the disk.
    using Unsaved = std::function<std::map<std::string, std::string>()>;
    RecoveryJournal(Unsaved unsaved, QObject* parent);
    ~RecoveryJournal() override;

    /// From now on texts are kept for this project; "" = for none. What was kept before is given up.
    void setProject(const QString& folder);
    /// Something was typed.
    void touch();
    /// Everything is kept at once, or given up where it was saved or closed.
    void flush();
    void forget(const KeptText& kept);

Q_SIGNALS:
    /// Of Studios that ended before they could save. Not told again.
    void found(const std::vector<rbpf::model::KeptText>& left);
    /// Other Studios that have the project open.
    void shared(const QStringList& others);
    void failed(const QString& message, const QString& hint);

private:
    Unsaved unsaved_;
    QTimer pause_;
    bool isOpen_ = false;
    bool hasFailed_ = false; ///< told once, until it works again
    std::shared_ptr<RecoveryStore> store_ = std::make_shared<RecoveryStore>(); ///< used by the pool's one thread
    QThreadPool pool_;
};

} // namespace rbpf::model
