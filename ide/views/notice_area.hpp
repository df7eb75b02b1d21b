// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences above the editors that want an answer but can wait for it: whoever is typing is not interrupted.
#pragma once

#include <QMap>
#include <QWidget>
#include <functional>
#include <vector>

class QVBoxLayout;

namespace rbpf::views {

class NoticeArea : public QWidget {
    Q_OBJECT
public:
    explicit NoticeArea(QWidget* parent = nullptr);

    struct Choice {
        QString text;
        std::function<void()> run;
        bool staysOpen = false; ///< the choice is no answer yet
    };
    /// Takes the place of a notice with the same key. It goes when a choice was made; the cross puts it away.
    void show(const QString& key, const QString& sentence, const std::vector<Choice>& choices);
    void remove(const QString& key);
    void clear();

Q_SIGNALS:
    /// A notice that was used has gone, and the keys with it.
    void answered();

protected:
    void changeEvent(QEvent* event) override;

private:
    void dress();

    QVBoxLayout* layout_;
    QMap<QString, QWidget*> notices_;
};

} // namespace rbpf::views
