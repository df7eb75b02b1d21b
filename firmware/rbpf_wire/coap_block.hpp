// SPDX-License-Identifier: LGPL-2.1-or-later
// Block-wise transfer (RFC 7959), the side that serves: the option's value, one upload in progress, and which part of a
// large reply to send.
//
// How the two sides find a block size that fits: a board answers GET /rbpf with a Block2 option whose size is the
// largest it can take as well as send (block2Slice() does so when the request has one). The workstation uploads with
// that size.
#pragma once

#include "rbpf_wire/bytes.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::wire {

inline constexpr uint8_t kSzxMax = 6;                ///< 1024 bytes
inline constexpr uint32_t kBlockNumberMax = 0xFFFFF; ///< 20 bits

struct CoapBlock {
    uint32_t number = 0;
    bool more = false;
    uint8_t szx = 0; ///< block size = 16 << szx, 0 … 6

    [[nodiscard]] size_t bytes() const { return static_cast<size_t>(16) << szx; }
    [[nodiscard]] size_t offset() const { return static_cast<size_t>(number) << (szx + 4); }
};

/// The value of a Block1 or Block2 option; false if it is longer than 3 bytes or its size is the reserved one.
bool decodeBlock(Bytes value, CoapBlock& block);
/// For CoapBuilder::optionUint().
uint32_t encodeBlock(const CoapBlock& block);

enum class BlockFind : uint8_t {
    Absent,
    Present,
    Malformed
};
/// The Block1 or Block2 option of a message.
BlockFind findBlock(const CoapMessage& message, uint16_t number, CoapBlock& block);

/// Largest size whose blocks, with `overhead` bytes for header, token and options, fit into `messageBytes`.
uint8_t szxFor(size_t messageBytes, size_t overhead);

/// What tells one transfer from another on a line that several clients share: peer, method, Uri-Path, Uri-Query and
/// Request-Tag (RFC 9175), mixed to 32 bits.
uint32_t transferKey(const CoapMessage& request, uint32_t peer);

/// What to do with one block of an upload.
enum class Block1Action : uint8_t {
    Store,     ///< keep the payload at `offset`; answer 2.31 Continue, or, if `last`, the result
    Duplicate, ///< known already: answer 2.31 Continue, keep nothing
    Gap,       ///< 4.08 Request Entity Incomplete: a block is missing, or another transfer has taken over
    TooLarge,  ///< 4.13 Request Entity Too Large, with Size1 = the limit
    Malformed, ///< 4.00: a block that is not last but not full, or the like
};

struct Block1Step {
    Block1Action action = Block1Action::Malformed;
    bool first = false;     ///< Store: forget what was staged and start anew
    bool last = false;      ///< Store: the upload is complete with this block
    size_t offset = 0;      ///< Store: where the payload goes; everything before it has come
    CoapBlock reply;        ///< for the Block1 option of the answer, the size lowered to what the board prefers
    bool blockwise = false; ///< the request had a Block1 option, so the answer gets one
};

/// State of the one upload that a board takes at a time. A first block always starts a new one (so that a client that
/// was killed does not lock others out); the earlier upload's next block is then answered with Gap.
class Block1Receiver {
public:
    /// `limit`: largest upload in bytes. `maxSzx`: the size to ask for.
    Block1Receiver(size_t limit, uint8_t maxSzx) : limit_(limit), maxSzx_(maxSzx) {}

    /// Judges a request that carries a body (a request without Block1 is an upload of one block). After Store the
    /// receiver takes the bytes as kept; if keeping them failed, call reset().
    Block1Step take(const CoapMessage& request, uint32_t peer);
    /// Forgets the upload; its next block is answered with Gap.
    void reset() { active_ = false; }
    [[nodiscard]] bool active() const { return active_; }
    /// Bytes received so far.
    [[nodiscard]] size_t received() const { return received_; }

private:
    size_t limit_;
    size_t received_ = 0;
    uint32_t key_ = 0;
    uint8_t maxSzx_;
    bool active_ = false;
};

/// Which part of a reply to send.
struct Block2Slice {
    size_t offset = 0;
    size_t size = 0;
    bool blockwise = false; ///< put a Block2 option into the answer
    CoapBlock block;
};

/// The part of a reply of `total` bytes that `request` asks for, in blocks of at most 16 << maxSzx bytes. False: the
/// option is malformed or lies behind the end (answer 4.02).
bool block2Slice(const CoapMessage& request, size_t total, uint8_t maxSzx, Block2Slice& slice);

} // namespace rbpf::wire
