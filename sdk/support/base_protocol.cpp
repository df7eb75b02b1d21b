// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/support/base_protocol.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace rbpf::support {

namespace {

constexpr std::string_view kLengthField = "content-length";

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return result;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    while (!text.empty() && text.back() == ' ') {
        text.remove_suffix(1);
    }
    return text;
}

Result<std::size_t> readLength(std::string_view value) {
    std::size_t length = 0;
    const auto end = value.data() + value.size();
    const auto [stop, code] = std::from_chars(value.data(), end, length);
    if (code != std::errc() || stop != end) {
        return fail(ErrorKind::Usage, "a message's Content-Length is not a number");
    }
    if (length > kMaxDroppedBytes) {
        return fail(ErrorKind::Usage, fmt::format("a message of {} bytes was announced; at most {} are taken",
                                                           value, kMaxMessageBytes));
    }
    return length;
}

/// `header` without the empty line that ends it.
Result<std::size_t> readHeader(std::string_view header) {
    std::optional<std::size_t> length;
    while (!header.empty()) {
        const std::size_t end = std::min(header.find("\r\n"), header.size());
        const std::string_view line = header.substr(0, end);
        header.remove_prefix(std::min(end + 2, header.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            return fail(ErrorKind::Usage,
                                 "this is neither the Debug Adapter nor the Language Server Protocol: a header line without a colon");
        }
        if (lower(trimmed(line.substr(0, colon))) == kLengthField) {
            const auto read = readLength(trimmed(line.substr(colon + 1)));
            if (!read) {
                return tl::unexpected(read.error());
            }
            length = *read;
        }
    }
    if (!length) {
        return fail(ErrorKind::Usage, "a message has no Content-Length");
    }
    return *length;
}

bool isTooDeep(std::string_view body) {
    unsigned depth = 0;
    bool isInText = false;
    for (std::size_t at = 0; at < body.size(); ++at) {
        const char c = body[at];
        if (isInText) {
            at += c == '\\' ? 1 : 0;
            isInText = c != '"';
        } else if (c == '"') {
            isInText = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kMaxDepth) {
                return true;
            }
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

/// Discarded where it is no JSON.
nlohmann::json parse(std::string_view body) {
    return isTooDeep(body) ? nlohmann::json(nlohmann::json::value_t::discarded)
                           : nlohmann::json::parse(body.begin(), body.end(), nullptr, /*allow_exceptions=*/false);
}

} // namespace

Result<std::optional<nlohmann::json>> MessageReader::next() {
    const std::size_t gone = std::min(dropped_, bytes_.size());
    bytes_.erase(0, gone);
    dropped_ -= gone;
    if (dropped_ > 0) {
        return std::optional<nlohmann::json>();
    }
    if (!length_) {
        const std::size_t end = bytes_.find("\r\n\r\n");
        const std::string_view header = std::string_view(bytes_).substr(0, std::min(end, bytes_.size()));
        // Garbage is told as soon as it is seen: whoever sends it may never send the empty line.
        char before = 0;
        const bool isText = std::all_of(header.begin(), header.end(), [&before](char c) {
            const bool ends = std::exchange(before, c) == '\r';
            return c == '\n' ? ends : c == '\r' || (c >= 0x20 && c < 0x7f);
        });
        if (!isText || header.size() > kMaxHeaderBytes) {
            return fail(ErrorKind::Usage,
                                 "this is neither the Debug Adapter nor the Language Server Protocol: no header where one should be");
        }
        if (end == std::string::npos) {
            return std::optional<nlohmann::json>();
        }
        const auto length = readHeader(header);
        if (!length) {
            return tl::unexpected(length.error());
        }
        bytes_.erase(0, end + 4);
        if (*length > kMaxMessageBytes) {
            dropped_ = *length;
            return fail(ErrorKind::Script,
                        fmt::format("a message of {} bytes was announced; at most {} are taken", *length, kMaxMessageBytes));
        }
        length_ = *length;
    }
    if (bytes_.size() < *length_) {
        return std::optional<nlohmann::json>();
    }
    auto message = parse(std::string_view(bytes_).substr(0, *length_));
    bytes_.erase(0, *length_);
    length_.reset();
    if (!message.is_object()) {
        return fail(ErrorKind::Script, "a message is not a JSON object");
    }
    return std::optional<nlohmann::json>(std::move(message));
}

std::string encodeMessage(const nlohmann::json& message) {
    const std::string body = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body);
}

} // namespace rbpf::support
