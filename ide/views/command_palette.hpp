// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window, found by typing a part of its name.
#pragma once

#include <QDialog>
#include <QList>

class QAction;
class QLineEdit;
class QListWidget;

namespace rbpf::views {

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    explicit CommandPalette(const QList<QAction*>& actions, QWidget* parent = nullptr);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void run();

    QList<QAction*> actions_;
    QLineEdit* text_;
    QListWidget* list_;
};

} // namespace rbpf::views
