// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of text with the time they came: the board's console, the build log, what the debugger says.
#pragma once

#include <QWidget>
#include <deque>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;

namespace rbpf::views {

class ConsoleView : public QWidget {
    Q_OBJECT
public:
    enum class Kind {
        Board,
        Tool,
        Error
    };

    explicit ConsoleView(QWidget* parent = nullptr);

    /// Any piece of text; lines are put together from pieces of the board's.
    void add(Kind kind, const QString& text);

private:
    struct Line {
        Kind kind;
        QString time, text;
    };
    void addLine(const Line& line);
    void print(const Line& line);
    void printAll();
    void save();
    void find();

    QPlainTextEdit* text_;
    QLineEdit* filter_;
    QCheckBox *times_, *pause_;
    QLineEdit* find_;
    std::deque<Line> lines_;
    QString unfinished_; ///< of the board's text
};

} // namespace rbpf::views
