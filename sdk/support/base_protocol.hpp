// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on a stream of bytes: "Content-Length: N", an empty line, N bytes of JSON (the base
// protocol of both the Debug Adapter Protocol and the Language Server Protocol).
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/support/error.hpp"

namespace rbpf::support {

/// A larger message is not taken, and its bytes are dropped as they arrive; nobody means one that is larger still.
inline constexpr std::size_t kMaxMessageBytes = 16u << 20;
inline constexpr std::size_t kMaxDroppedBytes = 1u << 30;
inline constexpr std::size_t kMaxHeaderBytes = 1024;

/// Nobody's messages are nested so deep, and whoever reads or writes them may do so by recursion.
inline constexpr unsigned kMaxDepth = 128;

/// Bytes in, messages out. After an Error of kind Usage nothing can be trusted any more: the connection has to end. Kind
/// Script: what was announced is no message, or too large for one; the next one may be.
class MessageReader {
public:
    void feed(std::string_view bytes) { bytes_ += bytes; }
    /// The next whole message, an object; nullopt = more bytes are needed.
    [[nodiscard]] Result<std::optional<nlohmann::json>> next();
    /// A message has begun and is not complete.
    [[nodiscard]] bool midMessage() const { return !bytes_.empty() || dropped_ > 0; }

private:
    std::string bytes_;
    std::optional<std::size_t> length_; ///< of the body, once its header is read
    std::size_t dropped_ = 0;           ///< bytes still to come of a body that is not taken
};

/// Text that is not UTF-8 (what a script prints) is sent with replacement characters.
[[nodiscard]] std::string encodeMessage(const nlohmann::json& message);

} // namespace rbpf::support
