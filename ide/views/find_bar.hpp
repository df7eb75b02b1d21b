// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in the current file, below the editor.
#pragma once

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace rbpf::views {

class CodeEditor;

class FindBar : public QWidget {
    Q_OBJECT
public:
    explicit FindBar(QWidget* parent = nullptr);

    /// The editor that is searched; may be null.
    void setEditor(CodeEditor* editor);
    /// Shows the bar with the selected text in it.
    void open();
    void next(bool forwards);

Q_SIGNALS:
    void closed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void replaceOne();
    void replaceAll();
    [[nodiscard]] bool find(bool forwards, bool wrap);

    CodeEditor* editor_ = nullptr;
    QLineEdit* what_;
    QLineEdit* with_;
    QCheckBox* caseSensitive_;
    QCheckBox* wholeWord_;
    QLabel* answer_;
};

} // namespace rbpf::views
