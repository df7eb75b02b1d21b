// SPDX-License-Identifier: GPL-3.0-or-later
// The client's side of Telnet with COM-PORT-OPTION: RFC 854 (commands, escaping), RFC 855 (options), RFC 856 (binary),
// RFC 858 (no go-ahead), RFC 2217 (serial port settings). Bytes in, bytes out: no socket here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rbpf::transport {

using TelnetBytes = std::vector<std::uint8_t>;

class TelnetClient {
public:
    explicit TelnetClient(std::uint32_t baud) : baud_(baud) {}

    /// Appends what opens the conversation: the options that we want.
    void begin(TelnetBytes& out);
    /// Takes bytes of the server: appends the board's to `data` and what must be answered to `out`.
    void receive(std::span<const std::uint8_t> bytes, TelnetBytes& data, TelnetBytes& out);
    /// Appends bytes for the board, escaped.
    static void send(std::span<const std::uint8_t> bytes, TelnetBytes& out);

    /// The server sets the serial port as we asked, and passes all bytes on in both directions.
    [[nodiscard]] bool ready() const { return confirmed_ && us_[kBinary] == Will::Yes && them_[kBinary] == Will::Yes; }
    /// Why that can never come about, or "".
    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    /// The server has asked us to hold back what we send.
    [[nodiscard]] bool suspended() const { return suspended_; }
    /// It has spoken Telnet at all.
    [[nodiscard]] bool heard() const { return heard_; }
    /// What the server calls itself, or "".
    [[nodiscard]] const std::string& signature() const { return signature_; }

private:
    static constexpr std::uint8_t kBinary = 0, kNoGoAhead = 3, kComPort = 44;
    enum class Will : std::uint8_t {
        No,
        Asked,
        Yes
    };
    enum class State : std::uint8_t {
        Data,
        Command,
        Option,
        Sub,
        SubCommand
    };

    void step(std::uint8_t byte, TelnetBytes& data, TelnetBytes& out);
    void command(std::uint8_t byte, TelnetBytes& data);
    void option(std::uint8_t option, TelnetBytes& out);
    void answerDo(std::uint8_t option, TelnetBytes& out);
    void answerWill(std::uint8_t option, TelnetBytes& out);
    void subnegotiation(TelnetBytes& out);
    void configure(TelnetBytes& out);
    void refuse(std::uint8_t option);

    std::uint32_t baud_;
    State state_ = State::Data;
    std::uint8_t verb_ = 0;
    TelnetBytes sub_;
    std::array<Will, 256> us_{};   ///< what we do
    std::array<Will, 256> them_{}; ///< what the server does
    bool confirmed_ = false;
    bool suspended_ = false;
    bool heard_ = false;
    std::string refusal_;
    std::string signature_;
};

} // namespace rbpf::transport
