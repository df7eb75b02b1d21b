// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/problems_view.hpp"

#include <QFileInfo>
#include <QHeaderView>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

constexpr int kPlace = Qt::UserRole;

} // namespace

ProblemsView::ProblemsView(QWidget* parent) : QTreeWidget(parent) {
    setAccessibleName(tr("Problems"));
    setHeaderLabels({tr("Problem"), tr("Place")});
    setRootIsDecorated(true);
    setUniformRowHeights(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    connect(this, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem* item) {
        const QVariantList place = item->data(0, kPlace).toList();
        if (place.size() == 3) {
            Q_EMIT activated(place[0].toString(), place[1].toUInt(), place[2].toUInt());
        }
    });
    connect(this, &QTreeWidget::itemClicked, this, &QTreeWidget::itemActivated);
}

QTreeWidgetItem* ProblemsView::row(const support::Diagnostic& diagnostic) {
    const bool isError = diagnostic.severity == support::Severity::Error;
    const bool isWarning = diagnostic.severity == support::Severity::Warning;
    const QString file = QString::fromStdString(diagnostic.range.file);
    auto* item = new QTreeWidgetItem;
    item->setText(0, (isError ? tr("error: ") : isWarning ? tr("warning: ") : tr("note: ")) +
                         QString::fromStdString(diagnostic.message));
    item->setForeground(0, isError ? theme().error : isWarning ? theme().warning : theme().text);
    item->setToolTip(0, QString::fromStdString(diagnostic.message));
    if (diagnostic.range.line > 0) {
        item->setText(1, QStringLiteral("%1:%2").arg(QFileInfo(file).fileName()).arg(diagnostic.range.line));
        item->setData(0, kPlace, QVariantList{file, diagnostic.range.line, diagnostic.range.column});
    }
    if (!diagnostic.hint.empty()) {
        auto* hint = new QTreeWidgetItem(item, {tr("HINT: %1").arg(QString::fromStdString(diagnostic.hint))});
        hint->setData(0, kPlace, item->data(0, kPlace));
    }
    for (const support::Diagnostic& note : diagnostic.notes) {
        item->addChild(row(note));
    }
    return item;
}

void ProblemsView::show(const std::vector<support::Diagnostic>& diagnostics) {
    clear();
    errors_ = warnings_ = 0;
    for (const support::Diagnostic& one : diagnostics) {
        errors_ += one.severity == support::Severity::Error ? 1 : 0;
        warnings_ += one.severity == support::Severity::Warning ? 1 : 0;
        addTopLevelItem(row(one));
    }
    expandAll();
}

} // namespace rbpf::views
