// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/notice_area.hpp"

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ide/views/theme.hpp"

namespace rbpf::views {

NoticeArea::NoticeArea(QWidget* parent) : QWidget(parent), layout_(new QVBoxLayout(this)) {
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(1);
    setAccessibleName(tr("Notices"));
    QWidget::hide();
}

void NoticeArea::show(const QString& key, const QString& sentence, const std::vector<Choice>& choices) {
    remove(key);
    auto* notice = new QFrame;
    notice->setAutoFillBackground(true);
    notice->setAccessibleName(sentence);
    auto* row = new QHBoxLayout(notice);
    row->setContentsMargins(12, 4, 4, 4);
    auto* label = new QLabel(sentence);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    row->addWidget(label, 1);
    for (const Choice& choice : choices) {
        auto* button = new QPushButton(choice.text);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, key, choice] {
            if (choice.staysOpen) {
                choice.run();
                return;
            }
            remove(key);
            choice.run();
            Q_EMIT answered();
        });
    }
    auto* away = new QToolButton;
    away->setText(QStringLiteral("✕"));
    away->setAutoRaise(true);
    away->setAccessibleName(tr("Put the notice away"));
    away->setToolTip(away->accessibleName());
    connect(away, &QToolButton::clicked, this, [this, key] {
        remove(key);
        Q_EMIT answered();
    });
    row->addWidget(away);
    layout_->addWidget(notice);
    notices_.insert(key, notice);
    dress();
    QWidget::show();
}

void NoticeArea::remove(const QString& key) {
    if (QWidget* notice = notices_.take(key)) {
        notice->hide();
        notice->deleteLater(); // one of its buttons may have asked for this
    }
    setVisible(!notices_.isEmpty());
}

void NoticeArea::clear() {
    for (const QString& key : notices_.keys()) {
        remove(key);
    }
}

void NoticeArea::dress() {
    for (QWidget* notice : std::as_const(notices_)) {
        QPalette palette = notice->palette();
        palette.setColor(QPalette::Window, theme().stopped);
        notice->setPalette(palette);
    }
}

void NoticeArea::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        dress();
    }
}

} // namespace rbpf::views
