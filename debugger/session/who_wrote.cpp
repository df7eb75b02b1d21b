// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/who_wrote.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

namespace rbpf::session {

support::Result<std::optional<Writer>> whoWrote(Session& session, const std::string& what, int level) {
    unsigned number = 0;
    if (std::sscanf(what.c_str(), "$r%u", &number) == 1 || std::sscanf(what.c_str(), "r%u", &number) == 1) {
        return session.whoWroteRegister(static_cast<int>(number));
    }
    const auto value = session.evaluate(what, level, false);
    if (!value) {
        return tl::unexpected(value.error());
    }
    if (const auto address = value->address()) {
        return session.whoWroteMemory(*address,
                                      static_cast<std::uint32_t>(std::max<std::size_t>(value->bytes.size(), 1)));
    }
    for (const dwarf::Part& part : value->parts) {
        if (part.where == dwarf::Part::Where::Register) {
            return session.whoWroteRegister(static_cast<int>(part.registerNumber));
        }
    }
    return support::fail(support::ErrorKind::Usage, fmt::format("{} lies neither in memory nor in a register", what));
}

} // namespace rbpf::session
