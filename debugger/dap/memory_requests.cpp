// SPDX-License-Identifier: GPL-3.0-or-later
// Memory and instructions by address. References are addresses in hexadecimal: "0x20000010".
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "debugger/dap/adapter.hpp"
#include "debugger/dap/base64.hpp"
#include "debugger/dap/memory_reference.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;
using support::ErrorKind;

/// Regions are smaller; a request for more is a mistake.
constexpr std::int64_t kMaxBytes = 1 << 20;
constexpr std::int64_t kMaxInstructions = 10'000;
constexpr std::uint32_t kInstructionBytes = 8;

} // namespace

std::vector<session::Instruction>& Adapter::code() {
    if (code_.empty()) {
        const auto all = session_->disassemble(0, UINT16_MAX * 2u);
        if (all) {
            code_ = *all;
        }
    }
    return code_;
}

Answer Adapter::disassemble(const Arguments& arguments) {
    const auto reference = parseReference(arguments, "memoryReference", "offset");
    if (!reference) {
        return tl::unexpected(reference.error());
    }
    const auto& all = code();
    const std::int64_t count = std::clamp<std::int64_t>(arguments.number("instructionCount", 0), 0, kMaxInstructions);
    const std::int64_t shift =
        std::clamp<std::int64_t>(arguments.number("instructionOffset", 0), -kMaxInstructions, kMaxInstructions);
    const auto at = std::lower_bound(all.begin(), all.end(), *reference,
                                     [](const auto& one, std::uint32_t address) { return one.address < address; });
    const std::int64_t first = at - all.begin() + shift;
    json list = json::array();
    std::string lastFile;
    for (std::int64_t i = first; i < first + count; ++i) {
        if (i < 0 || i >= static_cast<std::int64_t>(all.size())) {
            // As many as were asked for is the protocol's rule; where there is no text there is no address either.
            const std::int64_t behind = i < 0 ? i : i - static_cast<std::int64_t>(all.size());
            const std::int64_t base = i < 0 || all.empty() ? 0 : all.back().address + all.back().bytes.size();
            list.push_back({{"address", fmt::format("{}{:#x}", base + behind < 0 ? "-" : "",
                                                    std::abs(base + behind * kInstructionBytes))},
                            {"instruction", "(outside of the script)"},
                            {"presentationHint", "invalid"}});
            continue;
        }
        const session::Instruction& one = all[static_cast<std::size_t>(i)];
        json row{{"address", fmt::format("{:#x}", one.address)},
                 {"instructionBytes", support::toHex(one.bytes)},
                 {"instruction", one.text}};
        if (one.location.line != 0) {
            row["line"] = one.location.line;
            if (one.location.file != lastFile) {
                row["location"] = sources_.describe(one.location.file);
                lastFile = one.location.file;
            }
        }
        if (!one.location.function.empty() && arguments.flag("resolveSymbols", true)) {
            row["symbol"] = one.location.function;
        }
        list.push_back(std::move(row));
    }
    return json{{"instructions", std::move(list)}};
}

Answer Adapter::readMemory(const Arguments& arguments) {
    const auto address = parseReference(arguments, "memoryReference", "offset");
    if (!address) {
        return tl::unexpected(address.error());
    }
    const std::int64_t wanted = arguments.number("count", 0);
    if (wanted < 0 || wanted > kMaxBytes) {
        return support::fail(ErrorKind::Usage, fmt::format("at most {} bytes can be read at once", kMaxBytes));
    }
    json body{{"address", fmt::format("{:#x}", *address)}};
    if (wanted == 0) {
        return body;
    }
    auto size = static_cast<std::uint32_t>(wanted);
    auto bytes = session_->readMemory(*address, size);
    if (!bytes) {
        // The part of it that lies inside of a region.
        const auto regions = session_->regions();
        for (const session::Region& region : regions ? *regions : std::vector<session::Region>()) {
            const std::uint64_t end = std::uint64_t{region.address} + region.size;
            if (*address >= region.address && *address < end) {
                size = static_cast<std::uint32_t>(std::min<std::uint64_t>(size, end - *address));
                bytes = session_->readMemory(*address, size);
                break;
            }
        }
    }
    if (!bytes) {
        body["unreadableBytes"] = wanted;
        return body;
    }
    body["data"] = toBase64(*bytes);
    if (static_cast<std::int64_t>(bytes->size()) < wanted) {
        body["unreadableBytes"] = wanted - static_cast<std::int64_t>(bytes->size());
    }
    return body;
}

Answer Adapter::writeMemory(const Arguments& arguments) {
    const auto address = parseReference(arguments, "memoryReference", "offset");
    if (!address) {
        return tl::unexpected(address.error());
    }
    const auto bytes = fromBase64(arguments.text("data"));
    if (!bytes) {
        return support::fail(ErrorKind::Usage, "\"data\" is not base64");
    }
    if (const auto written = session_->writeMemory(*address, *bytes); !written) {
        return tl::unexpected(written.error());
    }
    changed(*address, bytes->size());
    return json{{"bytesWritten", bytes->size()}};
}

} // namespace rbpf::dap
