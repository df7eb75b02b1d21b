// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/trigger_view.hpp"

#include <QCheckBox>
#include <QAbstractItemView>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include "ide/model/boards_model.hpp"
#include "ide/views/theme.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::views {

namespace {

using Kind = cli::Shot::Kind;

constexpr int kHex = 1; ///< of payloadAs_ and answerAs_; 0 is text
constexpr int kSlot = Qt::UserRole, kEntry = Qt::UserRole + 1;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

QComboBox* choice(const QString& name, const QString& tip, const QStringList& items = {}) {
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    box->view()->setAccessibleName(name);
    box->setToolTip(tip);
    box->addItems(items);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(4);
    return box;
}

} // namespace

TriggerView::TriggerView(model::TriggerModel& triggers, model::BoardsModel& boards, QWidget* parent)
    : QWidget(parent), triggers_(triggers), boards_(boards) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    auto* parts = new QSplitter;
    history_ = new QListWidget;
    history_->setAccessibleName(tr("Sent before"));
    history_->setMinimumWidth(60);
    history_->setToolTip(tr("What was sent before; select one to see its answer and to send it again"));
    parts->addWidget(makeForm());
    parts->addWidget(history_);
    parts->addWidget(makeAnswer());
    parts->setStretchFactor(1, 1);
    parts->setStretchFactor(2, 2);
    parts->setChildrenCollapsible(false);
    // A panel that asks for much room would widen the whole window.
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(parts);
    layout->addWidget(scroll);
    connect(history_, &QListWidget::currentRowChanged, this, &TriggerView::showAnswer);
    connect(history_, &QListWidget::itemActivated, this, [this] { send(); });
    connect(history_, &QListWidget::itemClicked, this, [this] {
        const auto row = static_cast<std::size_t>(history_->currentRow());
        if (row < triggers_.history().size()) {
            fill(triggers_.history()[row].shot);
        }
    });
    connect(&triggers_, &model::TriggerModel::changed, this, &TriggerView::update);
    connect(&boards_, &model::BoardsModel::changed, this, &TriggerView::offerTargets);
    offerTargets();
    update();
}

QWidget* TriggerView::makeForm() {
    auto* form = new QWidget;
    auto* grid = new QGridLayout(form);
    grid->setContentsMargins(0, 0, 0, 0);
    kind_ = choice(tr("What to send"), tr("A CoAP request to a script, the invocation of an entry, or the firing of a trigger"),
                   {tr("Request"), tr("Invoke"), tr("Fire")});
    method_ = choice(tr("Method"), tr("Method of the request"),
                     {QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"), QStringLiteral("DELETE")});
    target_ = choice(tr("Target"), tr("The path, entry or trigger; what the board's scripts have is offered"));
    target_->setEditable(true);
    target_->setInsertPolicy(QComboBox::NoInsert);
    payload_ = new QLineEdit;
    payload_->setAccessibleName(tr("Payload"));
    payload_->setMinimumWidth(60);
    payloadAs_ = choice(tr("Payload is"), tr("How the payload is written"), {tr("text"), tr("hex")});
    format_ = choice(tr("Content format"), tr("The content format that the payload is said to have"));
    format_->addItem(tr("none"));
    for (const int format : {0, 42, 50, 60}) {
        format_->addItem(format == 0    ? QStringLiteral("text")
                         : format == 42 ? QStringLiteral("bytes")
                         : format == 50 ? QStringLiteral("JSON")
                                        : QStringLiteral("CBOR"),
                         format);
    }
    send_ = new QPushButton(tr("Send"));
    send_->setToolTip(tr("Send it to the selected board (Return in the fields)"));
    cancel_ = new QPushButton(tr("Cancel"));
    cancel_->setToolTip(tr("Wait no longer for the answer, and end the repetition"));
    again_ = new QCheckBox(tr("Repeat every"));
    interval_ = new QDoubleSpinBox;
    interval_->setAccessibleName(tr("Pause between repetitions"));
    interval_->setRange(0.1, 3600);
    interval_->setDecimals(1);
    interval_->setValue(1);
    interval_->setSuffix(tr(" s"));
    complaint_ = new QLabel;
    complaint_->setWordWrap(true);
    complaint_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    complaint_->hide();
    grid->addWidget(kind_, 0, 0);
    grid->addWidget(method_, 0, 1);
    grid->addWidget(target_, 0, 2, 1, 2);
    grid->addWidget(payloadAs_, 1, 0);
    grid->addWidget(payload_, 1, 1, 1, 2);
    grid->addWidget(format_, 1, 3);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(send_);
    buttons->addWidget(cancel_);
    auto* repetition = new QHBoxLayout;
    repetition->addWidget(again_);
    repetition->addWidget(interval_);
    repetition->addStretch();
    grid->addLayout(buttons, 2, 0, 1, 4);
    grid->addLayout(repetition, 3, 0, 1, 4);
    grid->addWidget(complaint_, 4, 0, 1, 4);
    grid->setRowStretch(5, 1);
    grid->setColumnStretch(2, 1);
    connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
        method_->setVisible(kind() == Kind::Request);
        format_->setVisible(kind() == Kind::Request);
        payload_->setPlaceholderText(kind() == Kind::Request ? tr("payload") : tr("context of the run"));
        offered_.clear();
        offerTargets();
    });
    payload_->setPlaceholderText(tr("payload"));
    connect(send_, &QPushButton::clicked, this, &TriggerView::send);
    connect(payload_, &QLineEdit::returnPressed, this, &TriggerView::send);
    connect(target_->lineEdit(), &QLineEdit::returnPressed, this, &TriggerView::send);
    connect(cancel_, &QPushButton::clicked, &triggers_, &model::TriggerModel::cancel);
    return form;
}

QWidget* TriggerView::makeAnswer() {
    auto* answer = new QWidget;
    auto* layout = new QVBoxLayout(answer);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* top = new QHBoxLayout;
    headline_ = new QLabel;
    headline_->setAccessibleName(tr("Answer in short"));
    headline_->setWordWrap(true);
    headline_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    headline_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    answerAs_ = choice(tr("Show the answer as"), tr("The answer by its format, or as bytes"), {tr("text"), tr("hex")});
    top->addWidget(headline_, 1);
    top->addWidget(answerAs_);
    layout->addLayout(top);
    answer_ = new QPlainTextEdit;
    answer_->setReadOnly(true);
    answer_->setFont(codeFont());
    answer_->setAccessibleName(tr("Answer"));
    answer_->setMinimumWidth(80);
    layout->addWidget(answer_, 1);
    connect(answerAs_, &QComboBox::currentIndexChanged, this, &TriggerView::showAnswer);
    return answer;
}

Kind TriggerView::kind() const {
    return static_cast<Kind>(kind_->currentIndex());
}

/// Keeps what the user has typed; a path that only was offered gives way to what is there now.
void TriggerView::offerTargets() {
    QStringList texts;
    QList<std::pair<std::uint32_t, QString>> entries;
    if (const model::BoardState* board = boards_.selectedBoard()) {
        for (const link::SlotInfo& slot : board->slots) {
            for (const link::EntryInfo& entry : slot.entries) {
                const QString trigger = words(entry.trigger);
                const bool isCoap = trigger.startsWith(QLatin1String("coap/"));
                const QString text = kind() == Kind::Request    ? (isCoap ? trigger.mid(4) : QString())
                                     : kind() == Kind::Trigger ? (isCoap ? QString() : trigger)
                                                               : tr("slot %1: %2").arg(slot.slot).arg(
                                                                     entry.name.empty() ? words(slot.name) : words(entry.name));
                if (!text.isEmpty() && !texts.contains(text)) {
                    texts << text;
                    entries << std::pair(slot.slot, words(entry.name));
                }
            }
        }
    }
    if (texts == offered_ && target_->count() == texts.size()) {
        return;
    }
    const QString typed = target_->currentText();
    const bool keep = !typed.isEmpty() && !offered_.contains(typed) && !offered_.isEmpty();
    offered_ = texts;
    target_->clear();
    for (qsizetype index = 0; index < texts.size(); ++index) {
        target_->addItem(texts[index]);
        target_->setItemData(static_cast<int>(index), entries[index].first, kSlot);
        target_->setItemData(static_cast<int>(index), entries[index].second, kEntry);
    }
    if (keep) {
        target_->setEditText(typed);
    }
}

std::optional<cli::Shot> TriggerView::shot() {
    cli::Shot shot;
    shot.kind = kind();
    QString wrong;
    const QString target = target_->currentText().trimmed();
    switch (shot.kind) {
    case Kind::Request:
        shot.method = static_cast<std::uint8_t>(method_->currentIndex() + 1);
        shot.path = (target.startsWith(QLatin1Char('/')) ? target : QLatin1Char('/') + target).toStdString();
        if (format_->currentIndex() > 0) {
            shot.format = static_cast<std::uint16_t>(format_->currentData().toUInt());
        }
        break;
    case Kind::Invocation: {
        const int index = target_->findText(target);
        if (index < 0) {
            wrong = tr("There is no such entry; choose one from the list.");
            break;
        }
        shot.slot = target_->itemData(index, kSlot).toUInt();
        shot.entry = target_->itemData(index, kEntry).toString().toStdString();
        break;
    }
    case Kind::Trigger:
        shot.trigger = target.toStdString();
        if (target.isEmpty()) {
            wrong = tr("Which trigger? For instance timer/1000, packet, event/door.");
        }
        break;
    }
    const std::string payload = payload_->text().toStdString();
    if (payloadAs_->currentIndex() == kHex) {
        if (auto bytes = support::fromHex(payload)) {
            shot.payload = std::move(*bytes);
        } else {
            wrong = tr("The payload is not hexadecimal: expected pairs of the digits 0 to 9 and a to f.");
        }
    } else {
        shot.payload.assign(payload.begin(), payload.end());
    }
    complaint_->setText(wrong);
    complaint_->setVisible(!wrong.isEmpty());
    return wrong.isEmpty() ? std::optional(std::move(shot)) : std::nullopt;
}

void TriggerView::send() {
    if (const auto what = shot(); what && send_->isEnabled()) {
        triggers_.repeat(*what, again_->isChecked() ? static_cast<int>(interval_->value() * 1000) : 0);
    }
}

void TriggerView::fill(const cli::Shot& shot) {
    kind_->setCurrentIndex(static_cast<int>(shot.kind));
    method_->setCurrentIndex(shot.method - 1);
    format_->setCurrentIndex(shot.format ? format_->findData(*shot.format) : 0);
    if (shot.kind == Kind::Invocation) {
        for (int index = 0; index < target_->count(); ++index) {
            if (target_->itemData(index, kSlot).toUInt() == shot.slot &&
                target_->itemData(index, kEntry).toString() == words(shot.entry)) {
                target_->setCurrentIndex(index);
            }
        }
    } else {
        target_->setEditText(words(shot.kind == Kind::Request ? shot.path : shot.trigger));
    }
    payload_->setText(payloadAs_->currentIndex() == kHex ? words(support::toHex(shot.payload))
                                                         : QString::fromUtf8(shot.payload));
}

void TriggerView::update() {
    const bool isWaiting = triggers_.isWaiting();
    const bool isNew = !triggers_.history().empty() &&
                       (history_->count() == 0 || shown_ != triggers_.history().front().number);
    send_->setEnabled(!isWaiting && !triggers_.isRepeating());
    cancel_->setEnabled(isWaiting || triggers_.isRepeating());
    if (isNew) {
        const model::TriggerRecord& record = triggers_.history().front();
        shown_ = record.number;
        auto* item = new QListWidgetItem(record.what);
        item->setToolTip(record.headline);
        paint(item, record);
        history_->insertItem(0, item);
        while (history_->count() > static_cast<int>(triggers_.history().size())) {
            delete history_->takeItem(history_->count() - 1);
        }
        history_->setCurrentRow(0);
    }
    showAnswer();
}

void TriggerView::paint(QListWidgetItem* item, const model::TriggerRecord& record) {
    item->setForeground(record.isError ? QBrush(theme().error) : QBrush());
}

void TriggerView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && history_ != nullptr) {
        for (int row = 0; row < history_->count(); ++row) {
            paint(history_->item(row), triggers_.history()[static_cast<std::size_t>(row)]);
        }
        showAnswer();
    }
    QWidget::changeEvent(event);
}

void TriggerView::showAnswer() {
    if (triggers_.isWaiting()) {
        headline_->setText(tr("Waiting for the answer; a halted script gives none."));
        answer_->clear();
        return;
    }
    const auto row = static_cast<std::size_t>(std::max(history_->currentRow(), 0));
    if (row >= triggers_.history().size()) {
        headline_->setText(tr("Nothing was sent yet."));
        return;
    }
    const model::TriggerRecord& record = triggers_.history()[row];
    QPalette colours = palette();
    if (record.isError) {
        colours.setColor(QPalette::WindowText, theme().error);
    }
    headline_->setPalette(colours);
    headline_->setText(record.headline);
    answer_->setPlainText(answerAs_->currentIndex() == kHex ? record.hex : record.body);
}

} // namespace rbpf::views
