// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/model/background.hpp"

#include <QThreadPool>

namespace rbpf::model {

void runOnPool(std::function<void()> task) {
    QThreadPool::globalInstance()->start(std::move(task));
}

} // namespace rbpf::model
