// SPDX-License-Identifier: GPL-3.0-or-later
// The icons of commands, drawn as outlines in the colours of the theme in use, sharp at every size.
#pragma once

#include <QIcon>
#include <cstdint>

namespace rbpf::views {

enum class Symbol : std::uint8_t {
    Build,
    Deploy,
    Start,
    Pause,
    Stop,
    StepOver,
    StepInto,
    StepOut,
    ContinueBack,
    StepBackOver,
    StepBackInto,
};

[[nodiscard]] QIcon icon(Symbol symbol);

} // namespace rbpf::views
