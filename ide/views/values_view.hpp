// SPDX-License-Identifier: GPL-3.0-or-later
// C variables as a tree: locals, globals, or watched expressions.
#pragma once

#include <QTreeWidget>

#include "ide/model/debug_model.hpp"

namespace rbpf::views {

class ValuesView : public QTreeWidget {
    Q_OBJECT
public:
    enum class What {
        Variables, ///< locals of the selected frame, then globals
        Watches
    };
    ValuesView(model::DebugModel& debug, What what, QWidget* parent = nullptr);

Q_SIGNALS:
    void memoryAsked(quint32 address, quint32 bytes);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void show();
    QTreeWidgetItem* row(const model::ValueRow& value);
    void edited(QTreeWidgetItem* item, int column);
    void menu(const QPoint& at);
    void addWatch(const QString& expression);

    model::DebugModel& debug_;
    What what_;
    QStringList unfolded_;             ///< expressions
    QHash<QString, QString> previous_; ///< values of the stop before, by expression
    QHash<QString, QString> shown_;
    bool isShowing_ = false;
};

} // namespace rbpf::views
