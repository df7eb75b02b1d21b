// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/breakpoints_view.hpp"

#include <QDir>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <filesystem>

#include "ide/cli/debug_text.hpp"
#include "ide/views/breakpoint_marks.hpp"
#include "ide/views/theme.hpp"
#include "sdk/image/bindings.hpp"

namespace rbpf::views {

namespace {

using session::BreakpointSpec;
using Field = BreakpointsView::Field;

constexpr int kId = Qt::UserRole;

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

constexpr int column(Field field) {
    return static_cast<int>(field);
}

/// Only what is meant to be is edited.
class Fields : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const int at = index.column();
        const bool isField = at == column(Field::Condition) || at == column(Field::Ignore) || at == column(Field::Log);
        return isField ? QStyledItemDelegate::createEditor(parent, option, index) : nullptr;
    }
};

} // namespace

BreakpointsView::BreakpointsView(model::DebugModel& debug, model::BuildModel& builds,
                                 std::function<cli::debug::Here()> here, QWidget* parent)
    : QWidget(parent), debug_(debug), builds_(builds), here_(std::move(here)), tree_(new QTreeWidget),
      place_(new QLineEdit), remove_(new QPushButton(tr("Remove"))) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 0);
    auto* top = new QHBoxLayout;
    place_->setAccessibleName(tr("New breakpoint"));
    place_->setPlaceholderText(tr("New: LINE, FILE:LINE, FUNCTION or *ADDRESS; then if CONDITION, ignore N, log \"n is {n}\""));
    place_->setToolTip(tr("The same words as `break` in the terminal's debugger; Enter adds it"));
    connect(place_, &QLineEdit::returnPressed, this, &BreakpointsView::add);
    top->addWidget(place_, 1);
    auto* more = new QToolButton;
    more->setText(tr("Add…"));
    more->setToolTip(tr("A breakpoint on data, a store key, calls of a binding, or runs"));
    more->setPopupMode(QToolButton::InstantPopup);
    auto* addMenu = new QMenu(more);
    fillAddMenu(addMenu);
    more->setMenu(addMenu);
    top->addWidget(more);
    connect(remove_, &QPushButton::clicked, this, &BreakpointsView::removeCurrent);
    top->addWidget(remove_);
    layout->addLayout(top);
    tree_->setAccessibleName(tr("Breakpoints"));
    tree_->setHeaderLabels({tr("Where"), tr("Only if"), tr("Pass first"), tr("Log instead of stopping"), tr("Hits"), tr("State")});
    tree_->setRootIsDecorated(false);
    tree_->setUniformRowHeights(true);
    tree_->setItemDelegate(new Fields(tree_));
    tree_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->installEventFilter(this);
    tree_->header()->setSectionResizeMode(column(Field::Where), QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(column(Field::Ignore), QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(column(Field::Hits), QHeaderView::ResizeToContents);
    tree_->setColumnWidth(column(Field::Log), 150);
    layout->addWidget(tree_, 1);
    connect(tree_, &QTreeWidget::itemChanged, this, &BreakpointsView::edited);
    connect(tree_, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem*, int at) {
        const session::Breakpoint* one = current();
        if (one != nullptr && at == column(Field::Where) && one->spec.kind == BreakpointSpec::Kind::Line) {
            Q_EMIT placeActivated(words(one->spec.file), one->spec.line);
        } else if (one != nullptr && at == column(Field::Where) && !one->places.empty() && one->places[0].line > 0) {
            Q_EMIT placeActivated(words(one->places[0].file), one->places[0].line);
        }
    });
    connect(tree_, &QWidget::customContextMenuRequested, this, &BreakpointsView::menu);
    connect(tree_, &QTreeWidget::currentItemChanged, this, [this] { remove_->setEnabled(current() != nullptr); });
    connect(&debug_, &model::DebugModel::breakpointsChanged, this, &BreakpointsView::show);
    connect(&debug_, &model::DebugModel::codeChanged, this, &BreakpointsView::show);
    show();
}

const session::Breakpoint* BreakpointsView::find(int id) const {
    const auto& all = debug_.breakpoints();
    const auto found = std::ranges::find(all, id, &session::Breakpoint::id);
    return found == all.end() ? nullptr : &*found;
}

const session::Breakpoint* BreakpointsView::current() const {
    const QTreeWidgetItem* item = tree_->currentItem();
    return item == nullptr ? nullptr : find(item->data(0, kId).toInt());
}

void BreakpointsView::show() {
    isShowing_ = true;
    const auto& all = debug_.breakpoints();
    for (int row = tree_->topLevelItemCount(); row-- > 0;) {
        if (find(tree_->topLevelItem(row)->data(0, kId).toInt()) == nullptr) {
            delete tree_->takeTopLevelItem(row);
        }
    }
    for (const session::Breakpoint& one : all) {
        QTreeWidgetItem* item = nullptr;
        for (int row = 0; row < tree_->topLevelItemCount() && item == nullptr; ++row) {
            item = tree_->topLevelItem(row)->data(0, kId).toInt() == one.id ? tree_->topLevelItem(row) : nullptr;
        }
        if (item == nullptr) {
            item = new QTreeWidgetItem(tree_);
            // Never again: an editor that is open would begin anew.
            item->setFlags(Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsEditable);
        }
        fill(item, one);
    }
    remove_->setEnabled(current() != nullptr);
    isShowing_ = false;
}

void BreakpointsView::fill(QTreeWidgetItem* item, const session::Breakpoint& breakpoint) {
    const bool hasSession = debug_.code() != nullptr;
    const session::BreakpointSpec& spec = breakpoint.spec;
    const QDir folder(words(builds_.folder().string()));
    item->setData(0, kId, breakpoint.id);
    item->setCheckState(0, breakpoint.enabled ? Qt::Checked : Qt::Unchecked);
    item->setIcon(0, QIcon(QPixmap::fromImage(glyphImage(glyphOf(breakpoint, hasSession), 28))));
    item->setText(0, spec.kind == BreakpointSpec::Kind::Line
                         ? QStringLiteral("%1:%2").arg(folder.relativeFilePath(words(spec.file))).arg(spec.line)
                         : words(cli::debug::specText(cli::debug::Sources(builds_.folder()), spec)));
    item->setText(column(Field::Condition), words(spec.condition));
    item->setText(column(Field::Ignore), spec.ignore > 0 ? QString::number(spec.ignore) : QString());
    item->setText(column(Field::Log), words(spec.logMessage));
    item->setText(column(Field::Hits), breakpoint.hits > 0 ? QString::number(breakpoint.hits) : QString());
    const QString note = !breakpoint.message.empty()        ? words(breakpoint.message)
                         : !breakpoint.enabled              ? tr("switched off")
                         : !hasSession                      ? tr("for the next session")
                         : breakpoint.verified              ? tr("set")
                                                            : tr("waits for its place");
    item->setText(column(Field::Note), note);
    item->setToolTip(column(Field::Note), note);
    item->setForeground(column(Field::Note), !breakpoint.message.empty() ? theme().warning : theme().text);
    for (const Field field : {Field::Condition, Field::Log}) {
        item->setFont(column(field), codeFont());
        item->setToolTip(column(field), tr("Double click or F2 edits it"));
    }
    item->setToolTip(column(Field::Ignore), tr("How many hits pass before it stops; double click or F2 edits it"));
}

void BreakpointsView::edited(QTreeWidgetItem* item, int at) {
    const session::Breakpoint* one = isShowing_ ? nullptr : find(item->data(0, kId).toInt());
    if (one == nullptr) {
        return;
    }
    if (at == 0) {
        debug_.enableBreakpoint(one->id, item->checkState(0) == Qt::Checked);
        return;
    }
    BreakpointSpec spec = one->spec;
    const QString text = item->text(at).trimmed();
    if (at == column(Field::Condition)) {
        spec.condition = text.toStdString();
    } else if (at == column(Field::Log)) {
        spec.logMessage = text.toStdString();
    } else if (at == column(Field::Ignore)) {
        bool isNumber = text.isEmpty();
        spec.ignore = text.isEmpty() ? 0 : text.toUInt(&isNumber);
        if (!isNumber) {
            Q_EMIT refused(tr("\"%1\" is no number of hits").arg(text), tr("a number from 0 on"));
            show();
            return;
        }
    }
    if (spec.condition != one->spec.condition || spec.logMessage != one->spec.logMessage || spec.ignore != one->spec.ignore) {
        debug_.changeBreakpoint(one->id, std::move(spec));
    }
}

void BreakpointsView::edit(int id, Field field) {
    for (int row = 0; row < tree_->topLevelItemCount(); ++row) {
        QTreeWidgetItem* item = tree_->topLevelItem(row);
        if (item->data(0, kId).toInt() == id) {
            tree_->setCurrentItem(item, column(field));
            tree_->setFocus();
            tree_->editItem(item, column(field));
        }
    }
}

void BreakpointsView::add() {
    auto spec = cli::debug::parseBreakpoint(place_->text().toStdString(), here_());
    if (!spec) {
        Q_EMIT refused(words(spec.error().message), words(spec.error().hint));
        return;
    }
    if (spec->kind == BreakpointSpec::Kind::Line) { // the margins know files by their whole paths
        const std::filesystem::path folder = builds_.folder();
        std::error_code none;
        for (const std::filesystem::path& path : {folder / spec->file, folder / "src" / spec->file}) {
            if (std::filesystem::exists(path, none)) {
                spec->file = path.lexically_normal().string();
                break;
            }
        }
    }
    debug_.addBreakpoint(std::move(*spec));
    place_->clear();
}

void BreakpointsView::fillAddMenu(QMenu* menu) {
    const auto put = [this](BreakpointSpec::Kind kind, std::uint32_t address) {
        BreakpointSpec spec;
        spec.kind = kind;
        spec.address = address;
        debug_.addBreakpoint(std::move(spec));
    };
    const auto watch = [this](bool onRead) {
        const QString what = QInputDialog::getText(this, tr("Stop on data"), tr("C expression that lies in memory:"));
        auto spec = cli::debug::parseWatch(what.toStdString());
        if (what.isEmpty()) {
            return;
        }
        if (!spec) {
            Q_EMIT refused(words(spec.error().message), words(spec.error().hint));
            return;
        }
        spec->onRead = onRead;
        debug_.addBreakpoint(std::move(*spec));
    };
    menu->addAction(tr("Data is &written…"), this, [watch] { watch(false); });
    menu->addAction(tr("Data is &read or written…"), this, [watch] { watch(true); });
    menu->addAction(tr("A &store key is written…"), this, [this, put] {
        bool isGiven = false;
        const int key = QInputDialog::getInt(this, tr("Stop on the store"), tr("Key:"), 0, 0, INT_MAX, 1, &isGiven);
        if (isGiven) {
            put(BreakpointSpec::Kind::Store, static_cast<std::uint32_t>(key));
        }
    });
    menu->addAction(tr("A &binding is called…"), this, [this, put] {
        QStringList names{tr("any binding")};
        for (const image::Binding& one : image::bindings()) {
            names << QString::fromUtf8(one.name.data(), static_cast<qsizetype>(one.name.size()));
        }
        bool isGiven = false;
        const QString name =
            QInputDialog::getItem(this, tr("Stop on calls"), tr("Binding:"), names, 0, false, &isGiven);
        const auto at = static_cast<std::size_t>(names.indexOf(name));
        if (isGiven) {
            put(BreakpointSpec::Kind::Binding, at == 0 ? 0 : image::bindings()[at - 1].id);
        }
    });
    menu->addSeparator();
    menu->addAction(tr("A run be&gins"), this, [put] { put(BreakpointSpec::Kind::Entry, 0); });
    menu->addAction(tr("A run &ends"), this, [put] { put(BreakpointSpec::Kind::Exit, 0); });
}

void BreakpointsView::menu(const QPoint& at) {
    const session::Breakpoint* one = current();
    QMenu menu;
    if (one != nullptr) {
        const int id = one->id;
        menu.addAction(tr("Edit the condition"), this, [this, id] { edit(id, Field::Condition); });
        menu.addAction(tr("Let hits pass first"), this, [this, id] { edit(id, Field::Ignore); });
        menu.addAction(tr("Log instead of stopping"), this, [this, id] { edit(id, Field::Log); });
        menu.addAction(one->enabled ? tr("Switch off") : tr("Switch on"), this,
                       [this, id, on = !one->enabled] { debug_.enableBreakpoint(id, on); });
        menu.addAction(tr("Remove"), this, &BreakpointsView::removeCurrent);
        menu.addSeparator();
    }
    fillAddMenu(menu.addMenu(tr("Add")));
    QAction* all = menu.addAction(tr("Remove all"), this, [this] {
        while (!debug_.breakpoints().empty()) {
            debug_.removeBreakpoint(debug_.breakpoints().back().id);
        }
    });
    all->setEnabled(!debug_.breakpoints().empty());
    menu.exec(tree_->viewport()->mapToGlobal(at));
}

void BreakpointsView::removeCurrent() {
    if (const session::Breakpoint* one = current()) {
        debug_.removeBreakpoint(one->id);
    }
}

bool BreakpointsView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        removeCurrent();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void BreakpointsView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        show(); // the signs have the theme's colours
    }
}

} // namespace rbpf::views
