// SPDX-License-Identifier: GPL-3.0-or-later
// What an image costs as a tree: file, function, line; then the parts of the image that are no code. Stays as the user left
// it (what is open, selected, sorted) from one build to the next.
#pragma once

#include <QTreeWidget>

#include "sdk/analyse/size.hpp"

namespace rbpf::views {

/// The library's functions come from the SDK and have no source on this machine.
[[nodiscard]] bool isLibrary(const analyse::FunctionSize& function);

class CostTree : public QTreeWidget {
    Q_OBJECT
public:
    explicit CostTree(QWidget* parent = nullptr);

    /// `before` may be null: then no change is shown.
    void show(const analyse::SizeReport& now, const analyse::SizeReport* before);

Q_SIGNALS:
    void sourceActivated(const QString& file, unsigned line);
    /// For what has no source: bytes from the start of the text.
    void codeActivated(std::uint32_t offset);

protected:
    void changeEvent(QEvent* event) override;

private:
    void setColumnWidths();
    void addFunction(QTreeWidgetItem* file, const analyse::FunctionSize& function, const analyse::SizeReport* before);
    void addParts(const analyse::SizeReport& now, const analyse::SizeReport* before);
};

} // namespace rbpf::views
