// SPDX-License-Identifier: GPL-3.0-or-later
// Confirmable CoAP requests over a line (RFC 7252 sections 4 and 5): retransmission, separate responses, deadline,
// cancellation. One request at a time.
//
// Several programs share a line and are one peer to the board, so each sees the others' answers. Tokens are random;
// what carries none of ours is passed over silently, without the Reset that section 4.2 asks of a lone receiver.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "debugger/link/coap_timing.hpp"
#include "debugger/link/frame_channel.hpp"

namespace rbpf::link {

/// One option to send; values as in rbpf_wire.
struct CoapOptionOut {
    std::uint16_t number = 0;
    std::vector<std::uint8_t> value;
};

struct CoapRequest {
    std::uint8_t method = 1;
    std::vector<CoapOptionOut> options; ///< in any order; sorted by number when sent
    std::vector<std::uint8_t> payload;

    void add(std::uint16_t number, std::uint32_t value);
    void add(std::uint16_t number, const std::string& value);
};

struct CoapReply {
    std::uint8_t code = 0;
    std::vector<CoapOptionOut> options;
    std::vector<std::uint8_t> payload;

    /// The first option with this number.
    [[nodiscard]] const std::vector<std::uint8_t>* find(std::uint16_t number) const;
    /// … as a number; nullopt if absent or longer than 4 bytes.
    [[nodiscard]] std::optional<std::uint32_t> findUint(std::uint16_t number) const;
};

/// Console text of the board, kept until somebody asks for it.
class Console {
public:
    void add(const std::vector<std::uint8_t>& text);
    [[nodiscard]] std::string take();
    [[nodiscard]] bool empty() const { return text_.empty(); }

private:
    std::string text_;
};

class CoapClient {
public:
    explicit CoapClient(std::unique_ptr<transport::Transport> line, CoapTiming timing = {});

    /// Sends the request and waits for its response. Errors: Link (no answer, line lost, refused), Cancelled.
    support::Result<CoapReply> exchange(const CoapRequest& request, transport::Clock::time_point deadline,
                                        const std::stop_token& stop);

    /// Handles what arrives until console text is there or the deadline passes.
    support::Result<void> listen(transport::Clock::time_point deadline, const std::stop_token& stop);

    /// Handles what arrives until the deadline.
    support::Result<void> pause(transport::Clock::time_point deadline, const std::stop_token& stop);

    [[nodiscard]] Console& console() { return console_; }
    [[nodiscard]] std::string name() const { return channel_.name(); }
    [[nodiscard]] std::uint32_t random() { return random_(); }

private:
    using Token = std::array<std::uint8_t, 4>;
    struct Exchange {
        Token token{};
        std::uint16_t messageId = 0;
        bool acknowledged = false; ///< an empty acknowledgement came: a separate response will follow
        bool refused = false;      ///< a reset came
        std::optional<CoapReply> reply;
    };

    support::Result<void> receive(Exchange* exchange, transport::Clock::time_point deadline,
                                  const std::stop_token& stop);
    support::Result<void> handle(const std::vector<std::uint8_t>& bytes, Exchange* exchange,
                                 transport::Clock::time_point deadline);
    [[nodiscard]] std::vector<std::uint8_t> encode(const CoapRequest& request, const Exchange& exchange) const;

    FrameChannel channel_;
    CoapTiming timing_;
    std::mt19937 random_;
    std::uint16_t nextMessageId_;
    std::deque<Token> answered_; ///< of late: their separate responses, repeated, are acknowledged again
    Console console_;
};

} // namespace rbpf::link
