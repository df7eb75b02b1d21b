// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/size_view.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QProgressBar>
#include <QTabWidget>
#include <algorithm>

#include "ide/views/cost_tree.hpp"
#include "ide/views/reasons_view.hpp"
#include "ide/views/size_history_view.hpp"
#include "ide/views/theme.hpp"
#include "ide/views/treemap.hpp"
#include "sdk/analyse/reasons.hpp"
#include "sdk/analyse/report.hpp"
#include "sdk/analyse/worst_case_text.hpp"

namespace rbpf::views {

namespace {

constexpr int kSteps = 1000; ///< of a bar

QString change(long now, long before) {
    return QStringLiteral("%1%2").arg(now > before ? QStringLiteral("+") : QString()).arg(now - before);
}

} // namespace

SizeView::SizeView(QWidget* parent)
    : QWidget(parent), summary_(new QLabel), tabs_(new QTabWidget), tree_(new CostTree), reasons_(new ReasonsView),
      map_(new Treemap), history_(new SizeHistoryView) {
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(8, 8, 8, 0);
    layout->setHorizontalSpacing(8);
    summary_->setWordWrap(true);
    summary_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(summary_, 0, 0, 1, 4);
    image_ = gauge(tr("Image"), tr("Bytes of the file, of what a slot of the board takes"), 1, 0);
    ram_ = gauge(tr("Data"), tr("Variables that outlive a run (data and bss), of the memory that the board gives a script"), 1, 2);
    text_ = gauge(tr("Text"), tr("Instructions, of the image"), 2, 0);
    rodata_ = gauge(tr("Constants"), tr("Read-only data, of the image"), 2, 2);
    stack_ = gauge(tr("Stack"), tr("Deepest use over all calls, of what the script asks for"), 3, 0);
    run_ = gauge(tr("Run"), QString(), 3, 2);
    layout->setColumnStretch(1, 1);
    layout->setColumnStretch(3, 1);
    tabs_->setDocumentMode(true);
    tabs_->setAccessibleName(tr("Costs in detail"));
    tabs_->addTab(tree_, tr("Functions"));
    tabs_->addTab(reasons_, tr("Why"));
    tabs_->setTabToolTip(1, tr("Loops, bindings, library functions, and what is not there"));
    tabs_->addTab(map_, tr("Map"));
    tabs_->addTab(history_, tr("History"));
    layout->addWidget(tabs_, 4, 0, 1, 4);
    layout->setRowStretch(4, 1);
    connect(tree_, &CostTree::sourceActivated, this, &SizeView::activated);
    connect(tree_, &CostTree::codeActivated, this, &SizeView::codeActivated);
    connect(reasons_, &ReasonsView::sourceActivated, this, &SizeView::activated);
    connect(reasons_, &ReasonsView::codeActivated, this, &SizeView::codeActivated);
    connect(map_, &Treemap::activated, this, [this](const Tile& tile) {
        if (!tile.file.isEmpty()) {
            Q_EMIT activated(tile.file, tile.line);
        } else if (tile.isCode) {
            Q_EMIT codeActivated(tile.offset);
        }
    });
    clear();
}

SizeView::Gauge SizeView::gauge(const QString& name, const QString& tip, int row, int column) {
    auto* grid = static_cast<QGridLayout*>(layout());
    Gauge made{new QLabel(name), new QProgressBar};
    made.bar->setAccessibleName(name);
    made.bar->setRange(0, kSteps);
    made.bar->setToolTip(tip);
    made.label->setToolTip(tip);
    made.bar->setMinimumWidth(60);
    grid->addWidget(made.label, row, column);
    grid->addWidget(made.bar, row, column + 1);
    return made;
}

/// `limit` 0: none is known.
void SizeView::set(const Gauge& gauge, std::uint64_t used, std::uint64_t limit, const QString& words) {
    const std::uint64_t part = limit > 0 ? std::min<std::uint64_t>(used * kSteps / limit, kSteps) : 0;
    gauge.bar->setValue(static_cast<int>(part));
    gauge.bar->setFormat(!words.isEmpty() ? words
                         : limit > 0      ? tr("%1 of %2").arg(used).arg(limit)
                                          : QString::number(used));
    QPalette palette;
    palette.setColor(QPalette::Highlight, limit > 0 && used > limit             ? theme().error
                                          : limit > 0 && used * 10 > limit * 9 ? theme().warning
                                                                                : theme().accent);
    gauge.bar->setPalette(palette);
}

void SizeView::clear() {
    summary_->setText(tr("Build the project (Ctrl+B) to see what it costs."));
    tree_->clear();
    reasons_->clear();
    map_->show({});
    for (const Gauge& one : {image_, text_, rodata_, ram_, stack_, run_}) {
        set(one, 0, 0, QStringLiteral("–"));
    }
}

void SizeView::show(const analyse::SizeReport& now, const analyse::SizeReport* before, const link::BoardInfo* board) {
    QString text = QString::fromStdString(analyse::summary(now));
    if (before != nullptr && before->image != now.image) {
        text += tr(" (%1 B)").arg(change(now.image, before->image));
    }
    summary_->setText(text);
    set(image_, now.image, board != nullptr ? board->imageBytes : 0);
    set(text_, now.text, now.image);
    set(rodata_, now.rodata, now.image);
    set(ram_, now.data + now.bss, board != nullptr ? board->ramBytes : 0);
    set(stack_, now.stack, now.stackLimit);
    // A share of the image is no limit that could be reached.
    for (const Gauge& share : {text_, rodata_}) {
        QPalette palette;
        palette.setColor(QPalette::Highlight, theme().selection);
        palette.setColor(QPalette::HighlightedText, theme().text);
        share.bar->setPalette(palette);
    }
    showLongestRun(now, board);
    tree_->show(now, before);
    reasons_->show(analyse::reasons(now, board != nullptr ? board->board : std::string()));
    showTiles(now);
}

void SizeView::showLongestRun(const analyse::SizeReport& now, const link::BoardInfo* board) {
    const std::uint64_t budget = now.budget > 0 ? now.budget : board != nullptr ? board->budget : 0;
    std::uint64_t most = 0;
    bool isKnown = !now.entries.empty();
    bool isAssumed = false;
    QStringList each;
    for (const analyse::EntryCost& entry : now.entries) {
        using Kind = analyse::WorstCase::Kind;
        isKnown = isKnown && entry.worst.kind != Kind::Unbounded;
        isAssumed = isAssumed || entry.worst.kind == Kind::Assumed;
        most = std::max(most, entry.worst.instructions);
        each << QString::fromStdString(entry.name + ": " + analyse::costSentence(entry.worst));
    }
    set(run_, most, budget,
        !isKnown && budget > 0 ? tr("≤ %1 (loop)").arg(budget)
        : !isKnown             ? tr("has a loop")
        : !isAssumed           ? QString()
        : budget > 0           ? tr("%1 of %2 (as said)").arg(most).arg(budget)
                               : tr("%1 (as said)").arg(most));
    if (!isKnown) {
        run_.bar->setValue(0);
    }
    const QString tip = tr("The longest run, in instructions of the virtual machine, of the budget that a run has") +
                        QLatin1Char('\n') + each.join(QLatin1Char('\n'));
    run_.bar->setToolTip(tip);
    run_.label->setToolTip(tip);
}

void SizeView::showTiles(const analyse::SizeReport& now) {
    std::vector<Tile> tiles;
    for (const analyse::FunctionSize& function : now.functions) {
        Tile tile{QString::fromStdString(function.name), {}, static_cast<double>(function.bytes), true, {}, 0, function.offset};
        tile.note = tr("Instructions: %1, stack: %2 B").arg(function.instructions).arg(function.frameBytes);
        if (!isLibrary(function) && function.line > 0) {
            tile.file = QString::fromStdString(function.file);
            tile.line = function.line;
        } else if (isLibrary(function)) {
            tile.note += QLatin1Char('\n') + tr("From the SDK's library");
        }
        tiles.push_back(std::move(tile));
    }
    for (const image::Part& part : now.parts) {
        if (part.name != "text") {
            tiles.push_back({QString::fromStdString(part.name), {}, static_cast<double>(part.size), false, {}, 0, 0});
        }
    }
    map_->show(std::move(tiles));
}

void SizeView::showHistory(const std::vector<model::SizePoint>& points) {
    history_->show(points);
}

} // namespace rbpf::views
