// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/settings_dialog.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFormLayout>
#include <QLabel>
#include <QSpinBox>

namespace rbpf::views {

namespace {

QLabel* heading(const QString& text) {
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

QSpinBox* number(int value, int least, int most, const QString& suffix) {
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setSuffix(suffix);
    box->setValue(value);
    return box;
}

} // namespace

template <typename Value>
void SettingsDialog::set(Value Preferences::*field, const Value& value) {
    preferences_.*field = value;
    Q_EMIT changed(preferences_);
}

SettingsDialog::SettingsDialog(const Preferences& preferences, const QStringList& boards, QWidget* parent)
    : QDialog(parent), preferences_(preferences) {
    setWindowTitle(tr("Settings"));
    setMinimumWidth(460);
    auto* form = new QFormLayout(this);
    const auto addCheck = [this, form](const QString& text, bool Preferences::*field) {
        auto* box = new QCheckBox(text);
        box->setChecked(preferences_.*field);
        connect(box, &QCheckBox::toggled, this, [this, field](bool isOn) { set(field, isOn); });
        form->addRow(QString(), box);
        return box;
    };

    form->addRow(heading(tr("Appearance")));
    auto* appearance = new QComboBox;
    appearance->addItems({tr("As the desktop"), tr("Light"), tr("Dark")});
    appearance->setCurrentIndex(static_cast<int>(preferences.appearance));
    connect(appearance, &QComboBox::currentIndexChanged, this,
            [this](int index) { set(&Preferences::appearance, static_cast<Appearance>(index)); });
    form->addRow(tr("&Theme"), appearance);
    auto* family = new QComboBox;
    family->addItem(tr("The system's"), QString());
    for (const QString& one : QFontDatabase::families()) {
        if (QFontDatabase::isFixedPitch(one)) {
            family->addItem(one, one);
        }
    }
    family->setCurrentIndex(std::max(family->findData(preferences.fontFamily), 0));
    connect(family, &QComboBox::currentIndexChanged, this,
            [this, family] { set(&Preferences::fontFamily, family->currentData().toString()); });
    form->addRow(tr("Code &font"), family);
    auto* size = number(preferences.fontSize > 0 ? preferences.fontSize : QFontInfo(codeFont()).pointSize(), 6, 48, tr(" pt"));
    connect(size, &QSpinBox::valueChanged, this, [this](int value) { set(&Preferences::fontSize, value); });
    form->addRow(tr("Code font &size"), size);

    form->addRow(heading(tr("Editor")));
    auto* tab = number(preferences.tabWidth, 1, 16, tr(" columns"));
    connect(tab, &QSpinBox::valueChanged, this, [this](int value) { set(&Preferences::tabWidth, value); });
    form->addRow(tr("&Indentation"), tab);
    addCheck(tr("Save &all files when another window gets the keys"), &Preferences::savesOnFocusLoss);
    addCheck(tr("&Lay out C files when saving them"), &Preferences::formatsOnSave)
        ->setToolTip(tr("As the project's .clang-format says, on Save and Save all; one step to undo"));

    form->addRow(heading(tr("Building")));
    auto* checks = addCheck(tr("&Check and measure while typing"), &Preferences::checksWhileTyping);
    auto* pause = number(preferences.checkPauseMs, 0, 5000, tr(" ms"));
    pause->setSingleStep(20);
    pause->setEnabled(preferences.checksWhileTyping);
    connect(pause, &QSpinBox::valueChanged, this, [this](int value) { set(&Preferences::checkPauseMs, value); });
    connect(checks, &QCheckBox::toggled, pause, &QWidget::setEnabled);
    form->addRow(tr("&Pause before it"), pause);

    form->addRow(heading(tr("At the start")));
    addCheck(tr("&Open the last project, with its files and breakpoints"), &Preferences::restoresSession);
    auto* board = new QComboBox;
    board->setEditable(true);
    board->addItems(QStringList{QString()} + boards);
    board->setCurrentText(preferences.board);
    board->lineEdit()->setPlaceholderText(tr("the only one there is"));
    board->setToolTip(tr("The board that is chosen when it is there, as the list of boards names it"));
    connect(board, &QComboBox::currentTextChanged, this, [this](const QString& text) { set(&Preferences::board, text.trimmed()); });
    form->addRow(tr("&Board"), board);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
}

} // namespace rbpf::views
