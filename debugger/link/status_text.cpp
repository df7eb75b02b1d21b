// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/status_text.hpp"

#include <fmt/format.h>

#include <rbpf/image.h>
#include <rbpf/status.h>

#include "sdk/image/bindings.hpp"
#include "sdk/image/status_text.hpp"

namespace rbpf::link {

namespace {

struct CodeRow {
    std::uint8_t code;
    std::string_view name;
};

constexpr std::uint8_t code(unsigned klass, unsigned detail) {
    return static_cast<std::uint8_t>(klass << 5 | detail);
}

/// RFC 7252 section 12.1.2, RFC 7959, RFC 8132.
constexpr CodeRow kCodes[] = {
    {code(2, 1), "Created"},
    {code(2, 2), "Deleted"},
    {code(2, 3), "Valid"},
    {code(2, 4), "Changed"},
    {code(2, 5), "Content"},
    {code(2, 31), "Continue"},
    {code(4, 0), "Bad Request"},
    {code(4, 1), "Unauthorized"},
    {code(4, 2), "Bad Option"},
    {code(4, 3), "Forbidden"},
    {code(4, 4), "Not Found"},
    {code(4, 5), "Method Not Allowed"},
    {code(4, 6), "Not Acceptable"},
    {code(4, 8), "Request Entity Incomplete"},
    {code(4, 9), "Conflict"},
    {code(4, 12), "Precondition Failed"},
    {code(4, 13), "Request Entity Too Large"},
    {code(4, 15), "Unsupported Content-Format"},
    {code(4, 22), "Unprocessable Entity"},
    {code(5, 0), "Internal Server Error"},
    {code(5, 1), "Not Implemented"},
    {code(5, 2), "Bad Gateway"},
    {code(5, 3), "Service Unavailable"},
    {code(5, 4), "Gateway Timeout"},
};

std::string bindingText(std::uint32_t id) {
    const auto name = image::bindingName(id);
    return fmt::format("binding 0x{:02x}{}{}", id, name ? ", " : "", name.value_or(""));
}

/// What the detail of a status means: rbpf_fault_t in rbpf_vm.h.
std::string detailText(int status, std::uint32_t detail) {
    switch (status) {
    case RBPF_STATUS_READ_FAULT:
    case RBPF_STATUS_WRITE_FAULT:
        return "address " + addressText(detail);
    case RBPF_STATUS_UNKNOWN_BINDING:
        return bindingText(detail);
    default:
        return detail == 0 ? std::string() : fmt::format("detail {}", detail);
    }
}

} // namespace

bool isRejection(int status) {
    return status < 0 && status > RBPF_STATUS_READ_FAULT;
}

bool isFault(int status) {
    return status <= RBPF_STATUS_READ_FAULT && status > RBPF_STATUS_NO_SUCH_SLOT;
}

std::string addressText(std::uint32_t address) {
    static constexpr std::string_view kRegions[] = {"text", "stack", "rodata", "data", "context"};
    const std::uint32_t region = address >> RBPF_REGION_SHIFT;
    const std::string name = region < std::size(kRegions) ? std::string(kRegions[region])
                                                          : fmt::format("grant {}", region - RBPF_REGION_GRANT);
    return fmt::format("0x{:08x} ({} + {})", address, name, address & RBPF_OFFSET_MASK);
}

std::string faultText(const BoardFault& fault) {
    const std::string_view kind = isRejection(fault.status) ? "rejected " : isFault(fault.status) ? "fault " : "";
    std::string place;
    const auto add = [&place](const std::string& part) {
        if (!part.empty()) {
            place += (place.empty() ? "" : ", ") + part;
        }
    };
    if (fault.slot) {
        add(fmt::format("slot {}", *fault.slot));
    }
    if (fault.insnIndex) {
        add(fmt::format("instruction {}", *fault.insnIndex));
    }
    if (fault.detail) {
        add(detailText(fault.status, *fault.detail));
    }
    return fmt::format("{}{}: {}{}", kind, image::statusName(fault.status), image::statusSentence(fault.status),
                       place.empty() ? "" : " (" + place + ")");
}

std::string codeText(std::uint8_t number) {
    std::string_view name;
    for (const CodeRow& row : kCodes) {
        if (row.code == number) {
            name = row.name;
        }
    }
    return fmt::format("{}.{:02}{}{}", number >> 5, number & 31, name.empty() ? "" : " ", name);
}

std::string_view haltName(int halt) {
    static constexpr std::string_view kNames[] = {"exited",     "fault", "budget",   "breakpoint",
                                                  "watchpoint", "step",  "interrupt"};
    return halt >= 0 && halt < static_cast<int>(std::size(kNames)) ? kNames[halt] : "unknown";
}

} // namespace rbpf::link
