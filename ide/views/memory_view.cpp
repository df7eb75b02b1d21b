// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/views/memory_view.hpp"

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "ide/views/theme.hpp"

namespace rbpf::views {

namespace {

QString hex(std::uint32_t address) {
    return QStringLiteral("0x%1").arg(address, 8, 16, QLatin1Char('0'));
}

} // namespace

MemoryView::MemoryView(model::DebugModel& debug, QWidget* parent)
    : QWidget(parent), debug_(debug), bytes_(new MemoryModel(debug, this)), regions_(new QComboBox),
      place_(new QLineEdit), note_(new QLabel), table_(new QTableView) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 0);
    auto* top = new QHBoxLayout;
    regions_->setAccessibleName(tr("Memory region"));
    regions_->view()->setAccessibleName(tr("Memory regions"));
    regions_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    top->addWidget(regions_);
    place_->setAccessibleName(tr("Go to an address"));
    place_->setPlaceholderText(tr("Go to: 0x10000010, &m, payload + 4, r2"));
    place_->setToolTip(tr("An address, or a C expression whose value is one or that lies in memory; Enter goes there"));
    connect(place_, &QLineEdit::returnPressed, this, [this] {
        if (!place_->text().trimmed().isEmpty()) {
            debug_.locate(place_->text().trimmed());
        }
    });
    top->addWidget(place_, 1);
    layout->addLayout(top);
    note_->setWordWrap(true);
    layout->addWidget(note_);
    table_->setAccessibleName(tr("Memory"));
    table_->setModel(bytes_);
    table_->setShowGrid(false);
    table_->setContextMenuPolicy(Qt::CustomContextMenu);
    const QFontMetrics metrics(codeFont());
    table_->verticalHeader()->setDefaultSectionSize(metrics.height() + 4);
    table_->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table_->horizontalHeader()->setMinimumSectionSize(metrics.horizontalAdvance(QStringLiteral("00")) + 8);
    table_->horizontalHeader()->setDefaultSectionSize(metrics.horizontalAdvance(QStringLiteral("00")) + 8);
    table_->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table_->horizontalHeader()->setStretchLastSection(true);
    layout->addWidget(table_, 1);
    connect(regions_, &QComboBox::activated, this, [this] {
        wanted_.reset();
        show();
    });
    connect(table_, &QWidget::customContextMenuRequested, this, &MemoryView::menu);
    connect(&debug_, &model::DebugModel::located, this, [this](quint32 address) { showAddress(address); });
    connect(&debug_, &model::DebugModel::stateChanged, this, &MemoryView::show);
    show();
}

int MemoryView::region() const {
    return regions_->currentData().isValid() ? regions_->currentData().toInt() : -1;
}

void MemoryView::show() {
    const auto shot = debug_.snapshot();
    const bool isStopped = debug_.state() == model::DebugModel::State::Stopped && shot != nullptr;
    table_->setEnabled(isStopped);
    place_->setEnabled(isStopped);
    if (!shot) {
        regions_->clear();
        bytes_->take(nullptr, nullptr, -1);
        note_->setText(tr("Memory shows here when the script is stopped."));
        note_->show();
        return;
    }
    const int chosen = region();
    regions_->clear();
    for (const model::RegionBytes& one : shot->regions) {
        if (one.region.index > 0 && one.region.size > 0) {
            regions_->addItem(tr("%1 (%2 bytes)").arg(QString::fromStdString(one.region.name)).arg(one.region.size),
                              one.region.index);
            if (one.region.index == chosen) {
                regions_->setCurrentIndex(regions_->count() - 1);
            }
        }
    }
    bytes_->take(shot, debug_.previous(), region());
    const auto shown = std::ranges::find_if(
        shot->regions, [this](const model::RegionBytes& one) { return one.region.index == region(); });
    const bool isPart = shown != shot->regions.end() && shown->bytes.size() < shown->region.size;
    if (isPart) {
        note_->setText(shown->bytes.empty() ? tr("This region cannot be read.")
                                            : tr("%1 of %2 bytes; go to an address to see others.")
                                                  .arg(shown->bytes.size())
                                                  .arg(shown->region.size));
    }
    note_->setVisible(isPart);
    select();
}

void MemoryView::showAddress(std::uint32_t address, std::uint32_t bytes) {
    const auto shot = debug_.snapshot();
    if (!shot) {
        return;
    }
    for (const model::RegionBytes& one : shot->regions) {
        if (one.region.index <= 0 || address < one.region.address || address - one.region.address >= one.region.size) {
            continue;
        }
        wanted_ = std::pair(address, std::max(bytes, 1U));
        regions_->setCurrentIndex(regions_->findData(one.region.index));
        show();
        if (wanted_) {
            debug_.lookAt(address); // it comes with the next snapshot
        }
        return;
    }
    note_->setText(tr("%1 lies in none of the script's regions.").arg(hex(address)));
    note_->show();
}

void MemoryView::select() {
    if (!wanted_ || !bytes_->indexOf(wanted_->first).isValid()) {
        return;
    }
    const auto [address, count] = *wanted_;
    wanted_.reset();
    QItemSelection all;
    for (std::uint32_t at = address; at - address < std::min(count, 256U) && bytes_->indexOf(at).isValid(); ++at) {
        all.select(bytes_->indexOf(at), bytes_->indexOf(at));
    }
    table_->selectionModel()->setCurrentIndex(bytes_->indexOf(address), QItemSelectionModel::Clear);
    table_->selectionModel()->select(all, QItemSelectionModel::ClearAndSelect);
    table_->scrollTo(bytes_->indexOf(address), QAbstractItemView::PositionAtCenter);
}

void MemoryView::menu(const QPoint& at) {
    const QModelIndex index = table_->indexAt(at);
    const auto address = bytes_->addressOf(index);
    if (!address) {
        return;
    }
    QMenu menu;
    menu.addAction(tr("Who wrote this byte?"), this, [this, address] { debug_.whoWroteMemory(*address, 1); });
    menu.addAction(tr("Stop when it changes"), this, [this, address] {
        session::BreakpointSpec spec;
        spec.kind = session::BreakpointSpec::Kind::Watch;
        spec.address = *address;
        spec.size = 1;
        debug_.addBreakpoint(std::move(spec));
    });
    if (const auto target = bytes_->pointerAt(*address)) {
        const QString place = model::placeOf(*debug_.snapshot(), *target);
        if (!place.isEmpty()) {
            menu.addAction(tr("Follow the pointer to %1").arg(place), this, [this, target] { showAddress(*target); });
        }
    }
    menu.addAction(tr("Edit the byte"), this, [this, index] {
        table_->setCurrentIndex(index);
        table_->edit(index);
    });
    menu.exec(table_->viewport()->mapToGlobal(at));
}

} // namespace rbpf::views
