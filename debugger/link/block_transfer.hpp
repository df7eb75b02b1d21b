// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and replies of any length in blocks that the board can take (RFC 7959, the client's side).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "debugger/link/coap_client.hpp"

namespace rbpf::link {

/// Longest reply that is put together; a peer that sends more is at fault.
inline constexpr std::size_t kLongestReply = 1 << 20;

class BlockTransfer {
public:
    explicit BlockTransfer(CoapClient& client) : client_(client) {}

    /// Sends the request, in blocks if its payload is longer than the board takes at once, and gathers the whole reply.
    /// `patience` is the deadline of each block: a transfer may take long as long as it gets on. `sent` is called
    /// behind each block with the payload bytes that the board has taken; an upload that another one cut short begins
    /// anew a few times, and then the number falls back to 0.
    support::Result<CoapReply> perform(CoapRequest request, std::chrono::milliseconds patience,
                                       const std::stop_token& stop, const std::function<void(std::size_t)>& sent = {});

private:
    support::Result<void> learnBlockSize(std::chrono::milliseconds patience, const std::stop_token& stop);
    support::Result<CoapReply> upload(const CoapRequest& request, std::chrono::milliseconds patience,
                                      const std::stop_token& stop, const std::function<void(std::size_t)>& sent);
    support::Result<CoapReply> download(const CoapRequest& request, CoapReply first, std::chrono::milliseconds patience,
                                        const std::stop_token& stop);

    CoapClient& client_;
    std::optional<std::uint8_t> szx_; ///< block size the board takes, 16 << szx, once it is known
};

} // namespace rbpf::link
