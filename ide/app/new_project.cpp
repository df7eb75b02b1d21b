// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/app/new_project.hpp"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>

namespace rbpf::app {

NewProject::NewProject(const QStringList& templates, const QString& chosen, QWidget* parent)
    : QDialog(parent), template_(new QComboBox), name_(new QLineEdit), parentFolder_(new QLineEdit),
      answer_(new QLabel) {
    setWindowTitle(tr("New project"));
    template_->addItems(templates);
    template_->setCurrentText(chosen);
    name_->setText(chosen);
    parentFolder_->setText(
        QSettings().value(QStringLiteral("projects"), QDir::home().filePath(QStringLiteral("rbpf"))).toString());
    auto* browse = new QPushButton(tr("&Browse…"));
    auto* place = new QHBoxLayout;
    place->addWidget(parentFolder_, 1);
    place->addWidget(browse);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    create_ = buttons->addButton(tr("&Create"), QDialogButtonBox::AcceptRole);
    create_->setDefault(true);
    answer_->setWordWrap(true);
    auto* form = new QFormLayout(this);
    form->addRow(tr("&Template"), template_);
    form->addRow(tr("&Name"), name_);
    form->addRow(tr("&In folder"), place);
    form->addRow(answer_);
    form->addRow(buttons);
    setMinimumWidth(480);
    connect(template_, &QComboBox::currentTextChanged, name_, &QLineEdit::setText);
    connect(name_, &QLineEdit::textChanged, this, &NewProject::check);
    connect(parentFolder_, &QLineEdit::textChanged, this, &NewProject::check);
    connect(browse, &QPushButton::clicked, this, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for projects"), parentFolder_->text());
        if (!folder.isEmpty()) {
            parentFolder_->setText(folder);
        }
    });
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        QSettings().setValue(QStringLiteral("projects"), parentFolder_->text());
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    check();
    name_->setFocus();
    name_->selectAll();
}

QString NewProject::templateName() const {
    return template_->currentText();
}

QString NewProject::folder() const {
    return QDir::cleanPath(QDir(parentFolder_->text()).filePath(name_->text().trimmed()));
}

void NewProject::check() {
    const QDir folder(this->folder());
    QString problem;
    if (name_->text().trimmed().isEmpty()) {
        problem = tr("The project needs a name.");
    } else if (folder.exists() && !folder.isEmpty()) {
        problem = tr("%1 is there already and not empty.").arg(folder.path());
    }
    answer_->setText(problem.isEmpty() ? tr("Will be made in %1").arg(folder.path()) : problem);
    create_->setEnabled(problem.isEmpty());
}

} // namespace rbpf::app
