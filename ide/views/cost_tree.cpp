// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/cost_tree.hpp"

#include <QFileInfo>
#include <QHeaderView>
#include <algorithm>
#include <map>
#include <optional>

#include "ide/views/theme.hpp"
#include "ide/views/tree_memory.hpp"
#include "sdk/analyse/place.hpp"

namespace rbpf::views {

namespace {

enum Column {
    kName,
    kInstructions,
    kBytes,
    kStack,
    kChange,
    kColumns
};
constexpr int kPlace = Qt::UserRole;    ///< file and line, or an offset
constexpr int kKey = TreeMemory::kKey;
constexpr int kNumber = Qt::UserRole + 2; ///< what a cell is sorted by, where it shows more than a number

using analyse::FunctionSize;
using analyse::LineSize;
using analyse::SizeReport;

/// Numbers sort as numbers.
class Row : public QTreeWidgetItem {
public:
    using QTreeWidgetItem::QTreeWidgetItem;
    bool operator<(const QTreeWidgetItem& other) const override {
        const int column = treeWidget() != nullptr ? treeWidget()->sortColumn() : 0;
        return column == kName ? text(kName).localeAwareCompare(other.text(kName)) < 0
                               : data(column, kNumber).toLongLong() < other.data(column, kNumber).toLongLong();
    }
};

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

void setNumber(QTreeWidgetItem* row, int column, long number, const QString& text) {
    row->setText(column, text);
    row->setData(column, kNumber, static_cast<qlonglong>(number));
    row->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

void setNumber(QTreeWidgetItem* row, int column, long number) {
    setNumber(row, column, number, QString::number(number));
}

/// `before`: none if there was nothing like it.
void setChange(QTreeWidgetItem* row, long now, std::optional<long> before) {
    const long delta = now - before.value_or(0);
    setNumber(row, kChange, delta,
              !before      ? CostTree::tr("new")
              : delta == 0 ? QString()
                           : QStringLiteral("%1%2").arg(delta > 0 ? QStringLiteral("+") : QString()).arg(delta));
    row->setForeground(kChange, delta > 0 ? theme().changed : theme().good);
}

const FunctionSize* functionNamed(const SizeReport* report, const std::string& name) {
    if (report == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(report->functions, name, &FunctionSize::name);
    return found == report->functions.end() ? nullptr : &*found;
}

/// The line's bytes in the build before. Lines move: it is looked for at the same distance from its function's first.
std::optional<long> bytesBefore(const LineSize& line, const FunctionSize& function, const FunctionSize& old) {
    const long distance = static_cast<long>(line.line) - (line.file == function.file ? static_cast<long>(function.line) : 0);
    const auto found = std::ranges::find_if(old.lines, [&](const LineSize& one) {
        const long its = static_cast<long>(one.line) - (one.file == old.file ? static_cast<long>(old.line) : 0);
        return one.file == line.file && its == distance;
    });
    return found == old.lines.end() ? std::nullopt : std::optional<long>(found->bytes);
}

QString titleOf(const FunctionSize& function) {
    return isLibrary(function)     ? CostTree::tr("Library")
           : function.file.empty() ? CostTree::tr("Without source")
                                   : words(function.file);
}

} // namespace

bool isLibrary(const FunctionSize& function) {
    return analyse::isLibraryFile(function.file);
}

CostTree::CostTree(QWidget* parent) : QTreeWidget(parent) {
    setAccessibleName(tr("Costs by file, function and line"));
    setColumnCount(kColumns);
    setHeaderLabels({tr("Name"), tr("Instr."), tr("Bytes"), tr("Stack"), tr("Change")});
    headerItem()->setToolTip(kInstructions, tr("Instructions of the virtual machine"));
    headerItem()->setToolTip(kStack, tr("Bytes of stack that the function takes by itself"));
    headerItem()->setToolTip(kChange, tr("Bytes more or fewer than in the build before"));
    for (int column = kInstructions; column < kColumns; ++column) {
        headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSortingEnabled(true);
    sortByColumn(kBytes, Qt::DescendingOrder);
    header()->setStretchLastSection(false);
    header()->setMinimumSectionSize(20);
    header()->setSectionResizeMode(kName, QHeaderView::Stretch);
    setIndentation(14);
    setColumnWidths();
    connect(this, &QTreeWidget::itemActivated, this, [this](const QTreeWidgetItem* row) {
        const QVariant place = row->data(kName, kPlace);
        if (place.typeId() == QMetaType::UInt) {
            Q_EMIT codeActivated(place.toUInt());
        } else if (place.isValid()) {
            Q_EMIT sourceActivated(place.toList()[0].toString(), place.toList()[1].toUInt());
        }
    });
    connect(this, &QTreeWidget::itemClicked, this, &QTreeWidget::itemActivated);
}

/// Narrow, so that names have room in a narrow panel.
void CostTree::setColumnWidths() {
    for (int column = kInstructions; column < kColumns; ++column) {
        const int words = header()->fontMetrics().horizontalAdvance(headerItem()->text(column));
        const int number = fontMetrics().horizontalAdvance(QStringLiteral("000000"));
        setColumnWidth(column, std::max(words, number) + 12);
    }
}

void CostTree::changeEvent(QEvent* event) {
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        setColumnWidths();
    }
}

void CostTree::show(const SizeReport& now, const SizeReport* before) {
    const TreeMemory memory(*this);
    setSortingEnabled(false);
    clear();

    std::map<QString, Row*> files;
    for (const FunctionSize& function : now.functions) {
        const QString title = titleOf(function);
        Row*& file = files[title];
        if (file == nullptr) {
            file = new Row(this);
            file->setText(kName, isLibrary(function) || function.file.empty() ? title : QFileInfo(title).fileName());
            file->setToolTip(kName, isLibrary(function) ? tr("Comes from the SDK, because the script calls it or the compiler needs it")
                                                        : title);
            file->setData(kName, kKey, title);
        }
        addFunction(file, function, before);
    }
    for (const auto& [title, file] : files) {
        long bytes = 0;
        long instructions = 0;
        for (const FunctionSize& function : now.functions) {
            bytes += titleOf(function) == title ? function.bytes : 0;
            instructions += titleOf(function) == title ? function.instructions : 0;
        }
        setNumber(file, kBytes, bytes);
        setNumber(file, kInstructions, instructions);
        if (before != nullptr) {
            long old = 0;
            for (const FunctionSize& function : before->functions) {
                old += titleOf(function) == title ? function.bytes : 0;
            }
            setChange(file, bytes, old > 0 ? std::optional<long>(old) : std::nullopt);
        }
    }
    addParts(now, before);

    setSortingEnabled(true);
    // Files are open at first, functions closed.
    memory.restore([&](const QTreeWidgetItem& row) { return row.parent() == nullptr && files.contains(row.data(kName, kKey).toString()); });
}

void CostTree::addFunction(QTreeWidgetItem* file, const FunctionSize& function, const SizeReport* before) {
    auto* row = new Row(file);
    const FunctionSize* old = functionNamed(before, function.name);
    row->setText(kName, words(function.name));
    row->setData(kName, kKey, file->data(kName, kKey).toString() + QLatin1Char('\n') + words(function.name));
    const bool hasSource = function.line > 0 && !isLibrary(function);
    row->setData(kName, kPlace, hasSource ? QVariant(QVariantList{words(function.file), function.line}) : QVariant(function.offset));
    row->setToolTip(kName, hasSource ? tr("%1:%2").arg(words(function.file)).arg(function.line)
                                     : tr("There is no source to show: goes to the bytecode"));
    setNumber(row, kInstructions, function.instructions);
    setNumber(row, kBytes, function.bytes);
    setNumber(row, kStack, function.frameBytes);
    if (before != nullptr) {
        setChange(row, function.bytes, old != nullptr ? std::optional<long>(old->bytes) : std::nullopt);
    }
    if (!hasSource) {
        return;
    }
    for (const LineSize& line : function.lines) {
        auto* part = new Row(row);
        const QString where = line.file == function.file ? tr("line %1").arg(line.line)
                                                         : tr("%1, line %2").arg(QFileInfo(words(line.file)).fileName()).arg(line.line);
        part->setText(kName, where);
        const bool isThere = !analyse::isLibraryFile(line.file);
        part->setToolTip(kName, isThere ? tr("%1:%2").arg(words(line.file)).arg(line.line) : tr("Comes from the SDK's library, which has no source here"));
        part->setData(kName, kKey, row->data(kName, kKey).toString() + QLatin1Char('\n') + where);
        if (isThere) {
            part->setData(kName, kPlace, QVariantList{words(line.file), line.line});
        }
        setNumber(part, kInstructions, line.instructions);
        setNumber(part, kBytes, line.bytes);
        if (old != nullptr) {
            setChange(part, line.bytes, bytesBefore(line, function, *old));
        }
    }
}

/// Text is what the functions are.
void CostTree::addParts(const SizeReport& now, const SizeReport* before) {
    auto* rest = new Row(this);
    rest->setText(kName, tr("Rest of the image"));
    rest->setToolTip(kName, tr("Header, names, constants and initial values"));
    rest->setData(kName, kKey, rest->text(kName));
    long all = 0;
    for (const image::Part& part : now.parts) {
        if (part.name == "text" || part.size == 0) {
            continue;
        }
        auto* row = new Row(rest);
        row->setText(kName, words(part.name));
        row->setData(kName, kKey, rest->text(kName) + QLatin1Char('\n') + words(part.name));
        setNumber(row, kBytes, part.size);
        all += part.size;
        if (before != nullptr) {
            const auto old = std::ranges::find(before->parts, part.name, &image::Part::name);
            setChange(row, part.size, old != before->parts.end() ? std::optional<long>(old->size) : std::nullopt);
        }
    }
    setNumber(rest, kBytes, all);
    if (before != nullptr) {
        setChange(rest, all, static_cast<long>(before->image) - before->text);
    }
}

} // namespace rbpf::views
