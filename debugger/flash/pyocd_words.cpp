// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/flash/pyocd_words.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace rbpf::flash {

using support::Error;
using support::ErrorKind;

namespace {

constexpr const char* kUdevHint = "run `sudo rbpf udev install`, then unplug the probe and plug it in again";

/// A row: any of `signs` in the text; %P the probe, %T the chip as pyOCD calls it, %L the line with the sign.
struct Cause {
    std::array<const char*, 9> signs;
    ErrorKind kind;
    const char* message;
    const char* hint;
};

// More telling signs come first: a traceback about a busy device also says "Unable to open device".
constexpr Cause kCauses[] = {
    {{"APPROTECT enabled", "Target is locked", "Device is locked", "is in secure state", "unable to unlock device"},
     ErrorKind::Board,
     "the chip (%T) is locked: its read-back protection keeps the debugger out",
     "`rbpf flash --unlock` erases everything on the chip, scripts and settings included, and then flashes it"},
    {{"Access denied (insufficient permissions)", "[Errno 13]", "no permission to access"},
     ErrorKind::Board,
     "no permission to use the probe %P",
     kUdevHint},
    {{"Resource busy", "[Errno 16]", "Unable to claim interface"},
     ErrorKind::Board,
     "the probe %P is busy: another program uses it",
     "end the other debugger or flash tool (pyocd, openocd, an IDE's debugger) and try again"},
    {{"More than one debug probe matches"},
     ErrorKind::Usage,
     "several probes match %P",
     "give --probe the whole unique id; `rbpf flash --probes` lists them"},
    {{"No connected debug probe", "There is no debug probe connected", "No available debug probes",
      "is not connected, or no connected probe matches", "Waiting for a debug probe", "Device %P not found",
      "Probe %P not found", "no device with ID"},
     ErrorKind::Board,
     "the probe %P is not there any more",
     "plug it in again; `rbpf flash --probes` lists what pyOCD sees"},
    {{"invalid choice: ", "Target type %T not recognized", "target '%T' not recognized"},
     ErrorKind::Usage,
     "pyOCD %V does not know the chip %T",
     "`rbpf flash --targets` lists those that it knows; newer ones come with `pipx install pyocd`"},
    {{"No module named", "ImportError"},
     ErrorKind::Io,
     "pyOCD is not installed completely: %L",
     "install it again: `sudo apt install --reinstall python3-pyocd` or `pipx reinstall pyocd`"},
    {{"unable to open JLink DLL", "JLinkARM", "Could not find J-Link"},
     ErrorKind::Io,
     "pyOCD drives J-Link probes through SEGGER's library, which is missing",
     "install SEGGER's J-Link software package"},
    {{"read thread exited", "[Errno 19]", "No such device", "[Errno 5]", "Probe disconnected", "Timeout reading from"},
     ErrorKind::Board,
     "the probe %P does not answer any more (%L)",
     "unplug it, plug it in again and repeat the command"},
    {{"is not contained within region", "Invalid flash address", "invalid flash address", "no memory region defined",
      "is before flash start", "Attempt to program flash at invalid address"},
     ErrorKind::Usage,
     "the firmware has bytes where the chip %T has no flash (%L)",
     "name the board that it was built for with --board"},
    {{"program_page(", "erase_page(", "page programming errors", "erase_all error", "flash program page failure",
      "flash erase sector failure"},
     ErrorKind::Board,
     "the chip's flash could not be written (%L)",
     "check that the board has enough power; if it stays, the chip may be locked or worn out: try --unlock"},
    {{"No ACK", "No cores were discovered", "Memory transfer fault", "Transfer fault", "TransferFaultError",
      "TransferTimeoutError", "FAULT ACK", "WAIT ACK", "TransferError"},
     ErrorKind::Board,
     "the probe %P finds no %T that answers (%L)",
     "check power and cable; if --board or --target name the right chip, it may be locked: `rbpf flash --unlock` "
     "erases "
     "and unlocks it"},
    {{"Unable to open device"},
     ErrorKind::Board,
     "the probe %P cannot be opened",
     "end other programs that use it; if there are none, run `sudo rbpf udev install` and plug it in again"},
    {{"PyUSB is required", "No module named 'usb'", "No USB backend", "No backend available",
      "no libusb library was found"},
     ErrorKind::Io,
     "pyOCD cannot use USB: its USB library is missing",
     "install it with `sudo apt install python3-usb libusb-1.0-0`"},
};

std::vector<std::string_view> linesOf(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        std::string_view line = text.substr(0, newline);
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        while (line.ends_with(' ') || line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (!line.empty()) {
            lines.push_back(line);
        }
    }
    return lines;
}

/// "0001234 E message [module]", as since 0.14: the level, or 0.
char levelOf(std::string_view line) {
    const std::size_t digits = line.find_first_not_of("0123456789");
    const bool isLog = digits != 0 && digits != std::string_view::npos && digits + 3 < line.size() &&
                       line[digits] == ' ' && line[digits + 2] == ' ';
    return isLog ? line[digits + 1] : '\0';
}

bool isError(std::string_view line) {
    const char level = levelOf(line);
    return level == 'E' || level == 'C' || line.starts_with("ERROR:") || line.starts_with("CRITICAL:") ||
           line.starts_with("Error:") || line.find(": error: ") != std::string_view::npos;
}

/// "ERROR:root:message" (0.13) and "0001234 E message [module]" (since) become "message".
std::string withoutPrefix(std::string_view line) {
    for (const std::string_view level : {"CRITICAL:", "ERROR:", "WARNING:"}) {
        if (line.starts_with(level)) {
            const std::size_t colon = line.find(':', level.size());
            return std::string(colon == std::string_view::npos ? line : line.substr(colon + 1));
        }
    }
    if (levelOf(line) != 0) {
        line.remove_prefix(line.find(' ') + 3);
        const std::size_t module = line.rfind(" [");
        return std::string(line.ends_with(']') && module != std::string_view::npos ? line.substr(0, module) : line);
    }
    // An exception's name with its modules: "usb.core.USBError: …".
    const std::size_t colon = line.find(": ");
    if (const std::size_t dot = line.substr(0, colon).rfind('.');
        colon != std::string_view::npos && dot != std::string_view::npos &&
        line.substr(0, colon).find(' ') == std::string_view::npos) {
        line.remove_prefix(dot + 1);
    }
    return std::string(line);
}

std::string filled(std::string_view pattern, const Pyocd& pyocd, const Chosen& chosen, const std::string& line) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '%' || at + 1 == pattern.size()) {
            text += pattern[at];
            continue;
        }
        switch (pattern[++at]) {
        case 'P':
            text += chosen.probe;
            break;
        case 'T':
            text += chosen.target;
            break;
        case 'V':
            text += pyocd.version;
            break;
        default:
            text += line;
            break;
        }
    }
    return text;
}

} // namespace

std::string usefulLine(std::string_view text) {
    const auto lines = linesOf(text);
    if (lines.empty()) {
        return "it said nothing";
    }
    // Below a traceback stands the exception: the first line after it that is not indented.
    std::string_view best;
    bool isTraceback = false;
    for (const std::string_view line : lines) {
        if (line.starts_with("Traceback ")) {
            isTraceback = true;
        } else if (isTraceback && !line.starts_with(' ')) {
            best = line;
            isTraceback = false;
        }
    }
    if (best.empty()) {
        const auto found = std::ranges::find_if(lines, isError);
        best = found != lines.end() ? *found : lines.back();
    }
    constexpr std::size_t kMost = 300;
    std::string line = withoutPrefix(best);
    if (line.size() > kMost) {
        line = line.substr(0, kMost) + "…";
    }
    return line;
}

std::optional<Error> knownCause(std::string_view text, const Pyocd& pyocd, const Chosen& chosen) {
    for (const Cause& cause : kCauses) {
        for (const char* sign : cause.signs) {
            if (sign == nullptr) {
                break;
            }
            const std::size_t at = text.find(filled(sign, pyocd, chosen, ""));
            if (at == std::string_view::npos) {
                continue;
            }
            const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
            const std::string line = usefulLine(text.substr(start, text.find('\n', at) - start));
            return Error{cause.kind, filled(cause.message, pyocd, chosen, line),
                         filled(cause.hint, pyocd, chosen, line)};
        }
    }
    return std::nullopt;
}

std::string errorLines(std::string_view text) {
    std::string errors;
    for (const std::string_view line : linesOf(text)) {
        if (isError(line)) {
            errors += std::string(line) + "\n";
        }
    }
    return errors;
}

support::Error noPermission(const std::string& device) {
    return {ErrorKind::Board, "no permission to use the probe " + device, kUdevHint};
}

} // namespace rbpf::flash
