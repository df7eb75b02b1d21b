// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts of one file, as the lines in which they differ.
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace rbpf::views {

class CompareDialog : public QDialog {
    Q_OBJECT
public:
    /// Shows and forgets it.
    static void open(const QString& name, const QString& onDisk, const QString& here, QWidget* parent);

private:
    CompareDialog(const QString& name, QWidget* parent);
    void show(const QString& differences);

    QPlainTextEdit* text_;
};

} // namespace rbpf::views
