// SPDX-License-Identifier: GPL-3.0-or-later
// What this program is, the versions of what it is made of, and the licences. All of it can be copied, for a report.
#pragma once

#include <QDialog>

class QTextBrowser;

namespace rbpf::views {

class AboutDialog : public QDialog {
    Q_OBJECT
public:
    struct Part {
        QString name;
        QString version;
    };
    AboutDialog(const QString& version, std::vector<Part> parts, QWidget* parent = nullptr);

    /// A version that is known only later takes the place of the one before.
    void setPart(const QString& name, const QString& version);

private:
    void fill();
    void copy() const;

    QString version_;
    std::vector<Part> parts_;
    QTextBrowser* text_;
};

} // namespace rbpf::views
