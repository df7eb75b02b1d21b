// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/block_transfer.hpp"

#include <algorithm>

#include <rbpf/wire.h>

#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::link {

using support::ErrorKind;
using transport::Clock;

namespace {

/// What every board understands: 64 bytes.
constexpr std::uint8_t kSafeSzx = 2;

std::optional<wire::CoapBlock> blockOf(const CoapReply& reply, std::uint16_t number) {
    const auto* value = reply.find(number);
    wire::CoapBlock block;
    if (value == nullptr || !wire::decodeBlock({value->data(), value->size()}, block)) {
        return std::nullopt;
    }
    return block;
}

/// A board takes one upload at a time: another client's, or a reset, ends ours. So often it begins anew, after a pause of
/// random length that doubles, so that two that meet do not meet again.
constexpr int kMostRestarts = 6;
constexpr std::chrono::milliseconds kRestartPause{50};

/// What a board keeps free in a message of its block size for everything but the payload.
constexpr std::size_t kHeadRoom = 64;

/// The block size for a request: half of what the board takes if the request's options leave no room for a whole one.
std::uint8_t sizeFor(const CoapRequest& request, std::uint8_t szx) {
    constexpr std::size_t kBlockOptions = 20; // Block1, Size1, Request-Tag, header, token, payload marker
    std::size_t head = kBlockOptions;
    for (const CoapOptionOut& option : request.options) {
        head += 2 + option.value.size();
    }
    return head > kHeadRoom && szx > 0 ? static_cast<std::uint8_t>(szx - 1) : szx;
}

tl::unexpected<support::Error> nonsense(const std::string& name, const std::string& what) {
    return support::fail(ErrorKind::Board, name + ": " + what, "the board's firmware does not follow RFC 7959");
}

} // namespace

support::Result<CoapReply> BlockTransfer::perform(CoapRequest request, std::chrono::milliseconds patience,
                                                  const std::stop_token& stop,
                                                  const std::function<void(std::size_t)>& sent) {
    const std::size_t safeBytes = wire::CoapBlock{0, false, kSafeSzx}.bytes();
    if (request.payload.size() > safeBytes && !szx_) {
        if (auto learnt = learnBlockSize(patience, stop); !learnt) {
            return tl::unexpected(learnt.error());
        }
    }
    const bool single =
        request.payload.size() <= wire::CoapBlock{0, false, sizeFor(request, szx_.value_or(kSafeSzx))}.bytes();
    auto reply =
        single ? client_.exchange(request, Clock::now() + patience, stop) : upload(request, patience, stop, sent);
    if (!reply) {
        return reply;
    }
    if (single && sent && !request.payload.empty() && wire::coapClass(reply->code) == 2) {
        sent(request.payload.size());
    }
    return download(request, std::move(*reply), patience, stop);
}

/// The board's limit is the size of the Block2 option with which it answers GET /rbpf (rbpf_wire/coap_block.hpp).
support::Result<void> BlockTransfer::learnBlockSize(std::chrono::milliseconds patience, const std::stop_token& stop) {
    CoapRequest request;
    request.add(wire::kOptionUriPath, RBPF_RESOURCE_ROOT);
    request.add(wire::kOptionBlock2, wire::encodeBlock({0, false, wire::kSzxMax}));
    const auto reply = client_.exchange(request, Clock::now() + patience, stop);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    const auto block = blockOf(*reply, wire::kOptionBlock2);
    szx_ = block ? block->szx : kSafeSzx;
    return {};
}

support::Result<CoapReply> BlockTransfer::upload(const CoapRequest& request, std::chrono::milliseconds patience,
                                                 const std::stop_token& stop,
                                                 const std::function<void(std::size_t)>& sent) {
    const std::size_t total = request.payload.size();
    // RFC 9175: blocks of two uploads must not mix.
    const auto newTag = [this] { return client_.random() | 0x80000000u; };
    std::uint32_t tag = newTag();
    int restarts = 0;
    std::uint8_t szx = sizeFor(request, szx_.value_or(kSafeSzx));
    std::size_t offset = 0;
    for (;;) {
        wire::CoapBlock block{0, false, szx};
        const std::size_t size = std::min(block.bytes(), total - offset);
        block.number = static_cast<std::uint32_t>(offset / block.bytes());
        block.more = offset + size < total;
        if (block.number > wire::kBlockNumberMax) {
            return support::fail(ErrorKind::Usage, "the data is too long for a block-wise transfer", {});
        }
        CoapRequest part{request.method, request.options, {}};
        part.add(wire::kOptionBlock1, wire::encodeBlock(block));
        part.add(wire::kOptionSize1, static_cast<std::uint32_t>(total));
        part.add(wire::kOptionRequestTag, tag);
        const auto from = request.payload.begin() + static_cast<std::ptrdiff_t>(offset);
        part.payload.assign(from, from + static_cast<std::ptrdiff_t>(size));
        auto reply = client_.exchange(part, Clock::now() + patience, stop);
        if (!reply) {
            return reply;
        }
        const auto answer = blockOf(*reply, wire::kOptionBlock1);
        const bool smaller = answer && answer->szx < szx;
        if (reply->code == wire::kCoapTooLarge && offset == 0 && smaller) {
            szx = answer->szx; // not the whole is too large but the block; each turn makes it smaller
            continue;
        }
        if (reply->code == wire::kCoapIncomplete && offset > 0 && restarts < kMostRestarts) {
            const auto longest = kRestartPause * (1 << ++restarts);
            const auto pause = longest * (client_.random() % 1024 + 1) / 1024;
            if (auto paused = client_.pause(Clock::now() + pause, stop); !paused) {
                return tl::unexpected(paused.error());
            }
            tag = newTag();
            offset = 0;
            if (sent) {
                sent(0);
            }
            continue;
        }
        if (wire::coapClass(reply->code) != 2 || !block.more) {
            if (sent && wire::coapClass(reply->code) == 2) {
                sent(total);
            }
            return reply;
        }
        if (reply->code != wire::kCoapContinue || (answer && answer->number != block.number)) {
            return nonsense(client_.name(), "the board did not ask for the upload's next block");
        }
        offset += size;
        if (sent) {
            sent(offset);
        }
        if (smaller) {
            szx = answer->szx; // sizes are powers of two, so the offset stays on a block's start
        }
    }
}

support::Result<CoapReply> BlockTransfer::download(const CoapRequest& request, CoapReply first,
                                                   std::chrono::milliseconds patience, const std::stop_token& stop) {
    auto block = blockOf(first, wire::kOptionBlock2);
    if (!block || wire::coapClass(first.code) != 2) {
        return first;
    }
    if (block->number != 0) {
        return nonsense(client_.name(), "the board's reply starts in its middle");
    }
    CoapReply whole = std::move(first);
    const std::vector<std::uint8_t>* tag = whole.find(wire::kOptionETag);
    std::size_t last = whole.payload.size();
    while (block->more) {
        if (last != block->bytes()) {
            return nonsense(client_.name(), "a block of the board's reply is not full though more are to follow");
        }
        if (whole.payload.size() >= kLongestReply) {
            return nonsense(client_.name(), "the board's reply has no end");
        }
        CoapRequest next{request.method, request.options, {}};
        next.add(
            wire::kOptionBlock2,
            wire::encodeBlock({static_cast<std::uint32_t>(whole.payload.size() / block->bytes()), false, block->szx}));
        auto part = client_.exchange(next, Clock::now() + patience, stop);
        if (!part || wire::coapClass(part->code) != 2) {
            return part;
        }
        const auto* partTag = part->find(wire::kOptionETag);
        if ((tag == nullptr) != (partTag == nullptr) || (tag != nullptr && *tag != *partTag)) {
            return support::fail(ErrorKind::Board, client_.name() + ": the answer changed while it was being read",
                                 "try again");
        }
        block = blockOf(*part, wire::kOptionBlock2);
        if (!block || block->offset() != whole.payload.size()) {
            return nonsense(client_.name(), "a block of the board's reply is missing or out of order");
        }
        last = part->payload.size();
        whole.payload.insert(whole.payload.end(), part->payload.begin(), part->payload.end());
    }
    return whole;
}

} // namespace rbpf::link
