// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/uses_view.hpp"

#include <QDir>
#include <QHeaderView>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {
constexpr int kPlace = Qt::UserRole;
}

UsesView::UsesView(QWidget* parent) : QTreeWidget(parent) {
    setAccessibleName(tr("Uses"));
    setColumnCount(2);
    setHeaderLabels({tr("Go › Find references lists where a name is used"), tr("Place")});
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    setUniformRowHeights(true);
    connect(this, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* item) {
        const QVariantList place = item->data(0, kPlace).toList();
        if (place.size() == 3) {
            Q_EMIT chosen(place[0].toString(), place[1].toUInt(), place[2].toUInt());
        }
    });
    connect(this, &QTreeWidget::itemClicked, this, &QTreeWidget::itemActivated);
}

void UsesView::show(const QString& name, const QString& folder, const std::vector<model::LanguageModel::Use>& uses) {
    clear();
    setHeaderLabels({tr("%n use(s) of %1", nullptr, static_cast<int>(uses.size())).arg(name), tr("Place")});
    std::map<QString, QTreeWidgetItem*> files;
    for (const auto& use : uses) {
        const QString file = QString::fromStdString(use.range.file);
        QTreeWidgetItem*& group = files[file];
        if (group == nullptr) {
            const QString inside = QDir(folder).relativeFilePath(file);
            group = new QTreeWidgetItem(this, {inside.startsWith(QLatin1String("..")) ? file : inside});
            group->setFirstColumnSpanned(true);
        }
        auto* row = new QTreeWidgetItem(group, {QString::fromStdString(use.line).trimmed(),
                                                QStringLiteral("%1:%2").arg(use.range.line).arg(use.range.column)});
        row->setFont(0, codeFont());
        row->setForeground(1, theme().marginText);
        row->setData(0, kPlace, QVariantList{file, use.range.line, use.range.column});
    }
    expandAll();
}

} // namespace rbpf::views
