// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/fault_card.hpp"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHash>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

const QString kLine = QStringLiteral("line"), kAddress = QStringLiteral("address"), kStop = QStringLiteral("stop");

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

QString linkTo(const QString& target, const QString& text) {
    return QStringLiteral("<a href=\"%1\">%2</a>").arg(target, text.toHtmlEscaped());
}

} // namespace

FaultCard::FaultCard(QWidget* parent)
    : QFrame(parent), title_(new QLabel), hint_(new QLabel), facts_(new QGridLayout) {
    setAccessibleName(tr("Why the script stopped"));
    setAutoFillBackground(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 6, 8);
    column->setSpacing(4);
    auto* top = new QHBoxLayout;
    title_->setWordWrap(true);
    title_->setTextFormat(Qt::RichText);
    connect(title_, &QLabel::linkActivated, this, &FaultCard::open);
    top->addWidget(title_, 1);
    auto* away = new QToolButton;
    away->setText(QStringLiteral("✕"));
    away->setAutoRaise(true);
    away->setAccessibleName(tr("Put the explanation away"));
    away->setToolTip(away->accessibleName());
    connect(away, &QToolButton::clicked, this, &QWidget::hide);
    top->addWidget(away, 0, Qt::AlignTop);
    column->addLayout(top);
    facts_->setContentsMargins(0, 0, 0, 0);
    facts_->setHorizontalSpacing(12);
    facts_->setVerticalSpacing(1);
    facts_->setColumnStretch(1, 1);
    column->addLayout(facts_);
    hint_->setWordWrap(true);
    hint_->setTextFormat(Qt::PlainText);
    column->addWidget(hint_);
    QWidget::hide();
}

void FaultCard::show(const session::Story& story, const session::Position& position) {
    story_ = story;
    position_ = position;
    position_.live = false; // the present moves on
    dress();
    QWidget::show();
}

void FaultCard::addFact(const QString& name, const QString& text, const QString& link) {
    const int row = facts_->rowCount();
    auto* left = new QLabel(name);
    QPalette faint = left->palette();
    faint.setColor(QPalette::WindowText, theme().marginText);
    left->setPalette(faint);
    facts_->addWidget(left, row, 0, Qt::AlignTop);
    auto* right = new QLabel(link.isEmpty() ? text.toHtmlEscaped() : linkTo(link, text));
    right->setTextFormat(Qt::RichText);
    right->setFont(codeFont());
    right->setWordWrap(true);
    right->setAccessibleName(tr("%1: %2").arg(name, text));
    right->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard |
                                   Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    connect(right, &QLabel::linkActivated, this, &FaultCard::open);
    facts_->addWidget(right, row, 1);
}

/// Text and colours, of the theme in use.
void FaultCard::dress() {
    QPalette colours;
    colours.setColor(QPalette::Window, theme().margin);
    setPalette(colours);
    title_->setText(QStringLiteral("<b style=\"color:%1\">%2</b> &nbsp; %3")
                        .arg(theme().error.name(), words(story_.title).toHtmlEscaped(),
                             linkTo(kStop, tr("Go back there"))));
    title_->setAccessibleName(words(story_.title));
    while (QLayoutItem* item = facts_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const QHash<QString, QString> names{
        {QStringLiteral("source"), tr("Line")},          {QStringLiteral("in"), tr("Expression")},
        {QStringLiteral("values"), tr("Last values")},   {QStringLiteral("bytecode"), tr("Instruction")},
        {QStringLiteral("address"), tr("Address")},      {QStringLiteral("nearest"), tr("Nearest region")},
        {QStringLiteral("registers"), tr("Registers")},  {QStringLiteral("binding"), tr("Binding")},
        {QStringLiteral("hottest"), tr("Busiest loop")},
    };
    for (const session::Story::Fact& fact : story_.facts) {
        const QString name = words(fact.name);
        addFact(names.value(name, name), words(fact.text),
                fact.name == "source"                       ? kLine
                : fact.name == "address" && story_.address  ? kAddress
                                                            : QString());
    }
    hint_->setText(tr("What to do: %1").arg(words(story_.hint)));
    hint_->setVisible(!story_.hint.empty());
}

void FaultCard::open(const QString& link) {
    if (link == kLine) {
        Q_EMIT placeActivated(words(story_.location.file), story_.location.line);
    } else if (link == kAddress) {
        Q_EMIT addressActivated(*story_.address);
    } else {
        Q_EMIT stopActivated(position_);
    }
}

void FaultCard::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !isHidden() && !story_.title.empty() &&
        palette().color(QPalette::Window) != theme().margin) {
        dress();
    }
}

} // namespace rbpf::views
