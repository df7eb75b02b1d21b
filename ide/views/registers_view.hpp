// SPDX-License-Identifier: GPL-3.0-or-later
// r0 … r10 and pc, in hexadecimal, decimal, or as pointers: what changed since the stop before is coloured, and what
// points into the script's memory says where.
#pragma once

#include <QTreeWidget>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class RegistersView : public QTreeWidget {
    Q_OBJECT
public:
    explicit RegistersView(model::DebugModel& debug, QWidget* parent = nullptr);

    enum class Mode {
        Hexadecimal,
        Decimal,
        Pointer
    };

Q_SIGNALS:
    void memoryAsked(quint32 address);

private:
    void show();
    void setMode(Mode mode);
    [[nodiscard]] QString textOf(std::uint64_t value, const QString& place) const;
    void edited(QTreeWidgetItem* item, int column);
    void menu(const QPoint& at);

    model::DebugModel& debug_;
    Mode mode_ = Mode::Hexadecimal;
    bool isShowing_ = false;
};

} // namespace rbpf::views
