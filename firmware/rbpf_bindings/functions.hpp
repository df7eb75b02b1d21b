// SPDX-License-Identifier: LGPL-2.1-or-later
// The functions behind the rows of bindings.def: bind_<name>, all of one shape.
#pragma once

#include "rbpf_bindings/marshal.hpp"

namespace rbpf::bindings {

#define RBPF_BINDING(id, name, returns, parameters, doc) int bind_##name(Call& call);
#include <rbpf/bindings.def>
#undef RBPF_BINDING

} // namespace rbpf::bindings
