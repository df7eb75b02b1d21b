// SPDX-License-Identifier: GPL-3.0-or-later
// Errors as JSON-RPC 2.0 and LSP 3.17 number them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace rbpf::language {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kNotInitialized = -32002;
inline constexpr int kContentModified = -32801; ///< editors ask again instead of showing it
inline constexpr int kRequestFailed = -32803;

/// {"error": {"code", "message"}}
[[nodiscard]] inline nlohmann::json rpcError(int code, const std::string& message) {
    return {{"error", {{"code", code}, {"message", message}}}};
}

} // namespace rbpf::language
