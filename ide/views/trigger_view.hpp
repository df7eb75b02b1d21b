// SPDX-License-Identifier: GPL-3.0-or-later
// A form that makes a script run, what came of it, and what was sent before.
#pragma once

#include <QWidget>
#include <optional>

#include "ide/model/trigger_model.hpp"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPlainTextEdit;
class QPushButton;

namespace rbpf::model {
class BoardsModel;
}

namespace rbpf::views {

class TriggerView : public QWidget {
    Q_OBJECT
public:
    TriggerView(model::TriggerModel& triggers, model::BoardsModel& boards, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;

private:
    static void paint(QListWidgetItem* item, const model::TriggerRecord& record);
    QWidget* makeForm();
    QWidget* makeAnswer();
    /// What the form says; none, and why as the form's complaint, if its payload makes no sense.
    [[nodiscard]] std::optional<cli::Shot> shot();
    void send();
    void fill(const cli::Shot& shot);
    void offerTargets();
    void update();
    void showAnswer();
    [[nodiscard]] cli::Shot::Kind kind() const;

    model::TriggerModel& triggers_;
    model::BoardsModel& boards_;
    QComboBox *kind_, *method_, *target_, *payloadAs_, *format_, *answerAs_;
    QLineEdit* payload_;
    QLabel *complaint_, *headline_;
    QPushButton *send_, *cancel_;
    QCheckBox* again_;
    QDoubleSpinBox* interval_;
    QListWidget* history_ = nullptr;
    QPlainTextEdit* answer_;
    QStringList offered_;
    std::size_t shown_ = 0; ///< number of the newest record in the list
};

} // namespace rbpf::views
