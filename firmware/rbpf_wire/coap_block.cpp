// SPDX-License-Identifier: LGPL-2.1-or-later
// The serving side of RFC 7959.
#include "rbpf_wire/coap_block.hpp"

namespace rbpf::wire {

bool decodeBlock(Bytes value, CoapBlock& block) {
    uint32_t number = 0;
    if (value.size > 3 || !optionUint(value, number) || (number & 7) == 7) {
        return false;
    }
    block = {number >> 4, (number & 8) != 0, static_cast<uint8_t>(number & 7)};
    return true;
}

uint32_t encodeBlock(const CoapBlock& block) {
    return block.number << 4 | (block.more ? 8u : 0u) | block.szx;
}

BlockFind findBlock(const CoapMessage& message, uint16_t number, CoapBlock& block) {
    Bytes value;
    if (!findOption(message, number, value)) {
        return BlockFind::Absent;
    }
    return decodeBlock(value, block) ? BlockFind::Present : BlockFind::Malformed;
}

uint8_t szxFor(size_t messageBytes, size_t overhead) {
    uint8_t szx = kSzxMax;
    while (szx > 0 && (static_cast<size_t>(16) << szx) + overhead > messageBytes) {
        --szx;
    }
    return szx;
}

uint32_t transferKey(const CoapMessage& request, uint32_t peer) {
    uint32_t key = 2166136261u; // FNV-1a
    auto mix = [&key](uint32_t value) { key = (key ^ (value & 0xFF)) * 16777619u; };
    for (int shift = 0; shift < 32; shift += 8) {
        mix(peer >> shift);
    }
    mix(request.code);
    CoapOptionReader reader(request.options);
    CoapOption option;
    while (reader.next(option)) {
        if (option.number == kOptionUriPath || option.number == kOptionUriQuery || option.number == kOptionRequestTag) {
            mix(option.number);
            mix(static_cast<uint32_t>(option.value.size));
            for (size_t i = 0; i < option.value.size; ++i) {
                mix(option.value.data[i]);
            }
        }
    }
    return key;
}

Block1Step Block1Receiver::take(const CoapMessage& request, uint32_t peer) {
    Block1Step step;
    CoapBlock block;
    BlockFind found = findBlock(request, kOptionBlock1, block);
    size_t size = request.payload.size;
    if (found == BlockFind::Malformed) {
        return step;
    }
    step.blockwise = found == BlockFind::Present;
    if (!step.blockwise) {
        block.szx = kSzxMax;
    } else if (size > block.bytes() || (block.more && size != block.bytes())) {
        return step;
    }
    step.reply = {block.number, block.more, block.szx < maxSzx_ ? block.szx : maxSzx_};
    if (block.szx > maxSzx_ && block.number != 0) {
        step.reply.szx = block.szx; // the number in the answer counts in blocks of the request's size
    }

    uint32_t key = transferKey(request, peer);
    size_t offset = block.offset();
    bool first = offset == 0;
    if (!first && (!active_ || key != key_)) {
        step.action = Block1Action::Gap;
        return step;
    }
    if (!first && block.more && offset + size <= received_) {
        step.action = Block1Action::Duplicate;
        return step;
    }
    if (!first && offset != received_) {
        step.action = Block1Action::Gap;
        return step;
    }
    uint32_t announced = 0;
    bool tooLarge = offset > limit_ || size > limit_ - offset;
    if (first && findUint(request, kOptionSize1, announced)) {
        tooLarge = tooLarge || announced > limit_;
    }
    if (tooLarge) {
        active_ = false;
        step.action = Block1Action::TooLarge;
        return step;
    }
    step.action = Block1Action::Store;
    step.first = first;
    step.last = !block.more;
    step.offset = offset;
    received_ = offset + size;
    key_ = key;
    active_ = block.more;
    return step;
}

bool block2Slice(const CoapMessage& request, size_t total, uint8_t maxSzx, Block2Slice& slice) {
    CoapBlock asked;
    BlockFind found = findBlock(request, kOptionBlock2, asked);
    if (found == BlockFind::Malformed) {
        return false;
    }
    if (found == BlockFind::Absent) {
        asked = {0, false, maxSzx};
    } else if (asked.szx > maxSzx) {
        asked = {static_cast<uint32_t>(asked.number << (asked.szx - maxSzx)), false, maxSzx};
    }
    slice.offset = asked.offset();
    if (slice.offset > total || (slice.offset == total && slice.offset != 0) || asked.number > kBlockNumberMax) {
        return false;
    }
    size_t left = total - slice.offset;
    bool more = left > asked.bytes();
    slice.size = more ? asked.bytes() : left;
    slice.block = {asked.number, more, asked.szx};
    slice.blockwise = found == BlockFind::Present || more;
    return true;
}

} // namespace rbpf::wire
