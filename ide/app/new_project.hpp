// SPDX-License-Identifier: GPL-3.0-or-later
// A name and a folder for a new project.
#pragma once

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace rbpf::app {

/// What is offered first, and what "Try it" makes.
inline constexpr const char* kFirstTemplate = "coap-sensor";

class NewProject : public QDialog {
    Q_OBJECT
public:
    NewProject(const QStringList& templates, const QString& chosen, QWidget* parent);

    [[nodiscard]] QString templateName() const;
    [[nodiscard]] QString folder() const;

private:
    void check();

    QComboBox* template_;
    QLineEdit* name_;
    QLineEdit* parentFolder_;
    QLabel* answer_;
    QPushButton* create_;
};

} // namespace rbpf::app
