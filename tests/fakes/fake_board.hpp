// SPDX-License-Identifier: GPL-3.0-or-later
// A board without a VM: keeps what is installed in its slots, answers GET /rbpf, and is as small or as rude as a test
// wants. Built on the same rbpf_wire as real boards.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_builder.hpp"
#include "rbpf_wire/coap_dedup.hpp"

namespace rbpf::test {

using Buffer = std::vector<std::uint8_t>;

class FakeBoard {
public:
    /// `messageBytes`: the longest CoAP message the board takes; longer ones are lost as on a board.
    explicit FakeBoard(std::size_t messageBytes = 1152, std::size_t imageBytes = 1 << 20);

    /// The messages with which the board answers one of a client.
    std::vector<Buffer> handle(const Buffer& message);

    /// If it returns something, that is the answer instead of the board's own.
    using Override =
        std::function<std::optional<std::vector<Buffer>>(const wire::CoapMessage&, const std::string& path)>;
    void setOverride(Override override) { override_ = std::move(override); }

    /// Content of a resource that is only read: path → bytes.
    std::map<std::string, Buffer> content;
    std::map<unsigned, Buffer> slots;
    unsigned requestsRun = 0;      ///< requests that were not recognised as repeated
    unsigned installs = 0;         ///< uploads completed
    unsigned acknowledgements = 0; ///< empty ones received
    bool etags = false;            ///< put an ETag of the content into block-wise answers

    /// A response to `request` as the board would build it.
    static Buffer reply(const wire::CoapMessage& request, std::uint8_t code, const Buffer& payload = {},
                        std::uint16_t format = wire::kFormatCbor);

private:
    Buffer serve(const wire::CoapMessage& request, const std::string& path);
    Buffer upload(const wire::CoapMessage& request, unsigned slot);
    Buffer download(const wire::CoapMessage& request, const Buffer& whole);

    std::size_t messageBytes_;
    std::uint8_t szx_;
    wire::Block1Receiver receiver_;
    Buffer staged_;
    wire::FixedCoapDedup<8, 1152> dedup_;
    Override override_;
};

} // namespace rbpf::test
