// SPDX-License-Identifier: GPL-3.0-or-later
// What compiler, linker and verifier say, as a list that jumps.
#pragma once

#include <QTreeWidget>
#include <vector>

#include "sdk/support/error.hpp"

namespace rbpf::views {

class ProblemsView : public QTreeWidget {
    Q_OBJECT
public:
    explicit ProblemsView(QWidget* parent = nullptr);

    void show(const std::vector<support::Diagnostic>& diagnostics);
    [[nodiscard]] int errors() const { return errors_; }
    [[nodiscard]] int warnings() const { return warnings_; }

Q_SIGNALS:
    void activated(const QString& file, unsigned line, unsigned column);

private:
    QTreeWidgetItem* row(const support::Diagnostic& diagnostic);

    int errors_ = 0;
    int warnings_ = 0;
};

} // namespace rbpf::views
