// SPDX-License-Identifier: GPL-3.0-or-later
// Find and replace in the project's files.
#pragma once

#include <QObject>

namespace rbpf::views {
class SearchView;
}

namespace rbpf::model {
struct Search;
}

namespace rbpf::app {

struct Workbench;

class SearchFeature : public QObject {
    Q_OBJECT
public:
    SearchFeature(Workbench& bench, QObject* parent);

private:
    void search(const model::Search& search);
    void replace(const QString& path, const QString& before, const QString& after);

    Workbench& bench_;
    views::SearchView* view_;
    unsigned asked_ = 0; ///< answers to earlier questions are dropped
};

} // namespace rbpf::app
