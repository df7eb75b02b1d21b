// SPDX-License-Identifier: GPL-3.0-or-later
// One of many, found by typing a part of its name: a command, a file.
#pragma once

#include <QDialog>
#include <functional>
#include <vector>

class QLineEdit;
class QListWidget;

namespace rbpf::views {

class Picker : public QDialog {
    Q_OBJECT
public:
    struct Entry {
        QString name;
        QString detail; ///< its keys, its folder
        std::function<void()> run;
        bool isEnabled = true;
    };
    struct Texts {
        QString what;   ///< "Commands"
        QString prompt; ///< what to type
    };
    /// Opens below the top edge of `parent` and forgets itself.
    static void open(const Texts& texts, std::vector<Entry> entries, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Picker(const Texts& texts, std::vector<Entry> entries, QWidget* parent);
    void filter(const QString& text);
    void run();

    std::vector<Entry> entries_;
    QLineEdit* text_;
    QListWidget* list_;
};

} // namespace rbpf::views
