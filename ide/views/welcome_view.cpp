// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/welcome_view.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kReadme = Qt::UserRole + 1;

QLabel* heading(const QString& text, double scale) {
    auto* label = new QLabel(text);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * scale);
    font.setBold(true);
    label->setFont(font);
    return label;
}

QListWidget* list(const QString& name) {
    auto* made = new QListWidget;
    made->setAccessibleName(name);
    made->setWordWrap(true);
    made->setSpacing(2);
    made->setFrameShape(QFrame::NoFrame);
    made->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return made;
}

} // namespace

WelcomeView::WelcomeView(QWidget* parent)
    : QWidget(parent), templates_(list(tr("Templates"))), recent_(list(tr("Recent projects"))),
      preview_(new QTextBrowser),
      create_(new QPushButton(tr("&New project from this template…"))) {
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(48, 36, 48, 36);
    grid->setHorizontalSpacing(36);
    grid->setVerticalSpacing(10);
    grid->addWidget(heading(tr("rBPF Studio"), 2.2), 0, 0, 1, 2);
    auto* what = new QLabel(tr("Small C scripts on microcontrollers: sandboxed, replaceable in milliseconds, and "
                               "debugged on the board, forwards and backwards."));
    what->setWordWrap(true);
    grid->addWidget(what, 1, 0, 1, 2);
    auto* attempt = new QPushButton(tr("&Try it on a virtual board now"));
    attempt->setDefault(true);
    attempt->setToolTip(tr("Makes a sample project, builds it, starts a virtual board and stops at the first line"));
    auto* open = new QPushButton(tr("O&pen a project…"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(attempt);
    buttons->addWidget(open);
    buttons->addStretch();
    grid->addLayout(buttons, 2, 0, 1, 2);
    grid->addWidget(heading(tr("Templates"), 1.2), 3, 0);
    grid->addWidget(heading(tr("Recent projects"), 1.2), 3, 1);
    grid->addWidget(templates_, 4, 0, 2, 1);
    grid->addWidget(recent_, 4, 1);
    grid->addWidget(preview_, 5, 1);
    grid->addWidget(create_, 6, 0, Qt::AlignLeft);
    grid->setRowStretch(4, 1);
    grid->setRowStretch(5, 3);
    preview_->setAccessibleName(tr("What the template does"));
    preview_->setPlaceholderText(tr("A template that is chosen explains itself here."));
    preview_->setFrameShape(QFrame::NoFrame);
    grid->setColumnStretch(0, 3);
    grid->setColumnStretch(1, 2);
    create_->setEnabled(false);
    connect(attempt, &QPushButton::clicked, this, &WelcomeView::tryChosen);
    connect(open, &QPushButton::clicked, this, &WelcomeView::openChosen);
    const auto choose = [this] {
        if (const auto* item = templates_->currentItem()) {
            Q_EMIT templateChosen(item->data(Qt::UserRole).toString());
        }
    };
    connect(create_, &QPushButton::clicked, this, choose);
    connect(templates_, &QListWidget::itemActivated, this, choose);
    connect(templates_, &QListWidget::currentRowChanged, this, [this](int row) {
        create_->setEnabled(row >= 0);
        preview_->setMarkdown(row >= 0 ? templates_->item(row)->data(kReadme).toString() : QString());
    });
    connect(recent_, &QListWidget::itemClicked, this,
            [this](const QListWidgetItem* item) { Q_EMIT recentChosen(item->data(Qt::UserRole).toString()); });
    showRecent({});
}

void WelcomeView::showTemplates(const std::vector<project::Template>& templates) {
    templates_->clear();
    for (const project::Template& one : templates) {
        const QString name = QString::fromStdString(one.name);
        auto* item = new QListWidgetItem(name + QLatin1Char('\n') + QString::fromStdString(one.description), templates_);
        item->setData(Qt::UserRole, name);
        item->setData(kReadme, QString::fromStdString(one.readme));
    }
}

void WelcomeView::showRecent(const QStringList& folders) {
    recent_->clear();
    for (const QString& folder : folders) {
        auto* item = new QListWidgetItem(folder.section(QLatin1Char('/'), -1) + QLatin1Char('\n') + folder, recent_);
        item->setData(Qt::UserRole, folder);
    }
    if (folders.isEmpty()) {
        auto* none = new QListWidgetItem(tr("None yet."), recent_);
        none->setFlags(Qt::NoItemFlags);
    }
}

} // namespace rbpf::views
