// SPDX-License-Identifier: GPL-3.0-or-later
// Block-wise transfer as a server sees it: in order, twice, missing, too large, resized, interrupted.
#include <optional>

#include <catch2/catch.hpp>

#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_builder.hpp"
#include "wire_text.hpp"

using namespace rbpf::wire;
using namespace rbpf::wire::test;

namespace {

struct Request {
    Buffer storage = Buffer(2048);
    CoapMessage message;
};

/// A PUT to rbpf/slots/N; tag 0 = no Request-Tag, size1 0 = not announced.
Request put(CoapBlock block, std::size_t payload, std::uint32_t tag = 1, std::uint32_t size1 = 0,
            const char* path = "rbpf/slots/0") {
    Request request;
    CoapBuilder builder(request.storage.data(), request.storage.size());
    builder.begin(CoapType::Confirmable, kCoapPut, 1, {});
    builder.path(path);
    builder.optionUint(kOptionBlock1, encodeBlock(block));
    if (size1 != 0) {
        builder.optionUint(kOptionSize1, size1);
    }
    if (tag != 0) {
        builder.optionUint(kOptionRequestTag, tag);
    }
    builder.payload(view(Buffer(payload, 0x55)));
    request.storage.resize(builder.finish());
    REQUIRE(parseCoap(request.message, view(request.storage)) == CoapParse::Ok);
    return request;
}

Request get(std::optional<CoapBlock> block) {
    Request request;
    CoapBuilder builder(request.storage.data(), request.storage.size());
    builder.begin(CoapType::Confirmable, kCoapGet, 1, {});
    if (block) {
        builder.optionUint(kOptionBlock2, encodeBlock(*block));
    }
    request.storage.resize(builder.finish());
    REQUIRE(parseCoap(request.message, view(request.storage)) == CoapParse::Ok);
    return request;
}

Block1Step take(Block1Receiver& receiver, const Request& request, std::uint32_t peer = 0) {
    return receiver.take(request.message, peer);
}

} // namespace

TEST_CASE("block options round-trip and the reserved size is refused") {
    for (std::uint32_t number : {0u, 1u, 15u, 16u, 4095u, 4096u, kBlockNumberMax}) {
        for (unsigned szx = 0; szx <= kSzxMax; ++szx) {
            for (bool more : {false, true}) {
                Request request = put({number, more, static_cast<std::uint8_t>(szx)}, 0);
                CoapBlock back;
                REQUIRE(findBlock(request.message, kOptionBlock1, back) == BlockFind::Present);
                CHECK(back.number == number);
                CHECK(back.more == more);
                CHECK(back.szx == szx);
                CHECK(back.bytes() == 16u << szx);
            }
        }
    }
    CoapBlock block;
    CHECK(!decodeBlock(view(fromHex("07")), block));
    CHECK(!decodeBlock(view(fromHex("00 00 00 00")), block));
    CHECK(decodeBlock({}, block));
}

TEST_CASE("the block size is the largest whose message fits") {
    CHECK(szxFor(128, 40) == 2);
    CHECK(szxFor(128, 64) == 2);
    CHECK(szxFor(128, 65) == 1);
    CHECK(szxFor(1280, 64) == 6);
    CHECK(szxFor(10, 64) == 0);
}

TEST_CASE("blocks in order are stored at their offsets and the last one completes the upload") {
    Block1Receiver receiver(1000, 2);
    Block1Step first = take(receiver, put({0, true, 2}, 64));
    CHECK(first.action == Block1Action::Store);
    CHECK(first.first);
    CHECK(!first.last);
    CHECK(first.blockwise);
    Block1Step second = take(receiver, put({1, true, 2}, 64));
    CHECK(second.action == Block1Action::Store);
    CHECK(!second.first);
    CHECK(second.offset == 64);
    Block1Step last = take(receiver, put({2, false, 2}, 10));
    CHECK(last.action == Block1Action::Store);
    CHECK(last.last);
    CHECK(last.offset == 128);
    CHECK(receiver.received() == 138);
    CHECK(!receiver.active());
}

TEST_CASE("a block that has come before is acknowledged and not stored again") {
    Block1Receiver receiver(1000, 2);
    take(receiver, put({0, true, 2}, 64));
    take(receiver, put({1, true, 2}, 64));
    CHECK(take(receiver, put({1, true, 2}, 64)).action == Block1Action::Duplicate);
    CHECK(receiver.received() == 128);
    CHECK(take(receiver, put({2, false, 2}, 1)).action == Block1Action::Store);
}

TEST_CASE("a missing block is a gap, and the upload can go on with the right one") {
    Block1Receiver receiver(1000, 2);
    CHECK(take(receiver, put({1, true, 2}, 64)).action == Block1Action::Gap);
    take(receiver, put({0, true, 2}, 64));
    CHECK(take(receiver, put({2, true, 2}, 64)).action == Block1Action::Gap);
    CHECK(take(receiver, put({1, true, 2}, 64)).action == Block1Action::Store);
}

TEST_CASE("what is too large is refused at the first block if its size is announced, else where it overflows") {
    Block1Receiver receiver(150, 2);
    CHECK(take(receiver, put({0, true, 2}, 64, 1, 151)).action == Block1Action::TooLarge);
    CHECK(take(receiver, put({0, true, 2}, 64, 1, 150)).action == Block1Action::Store);
    CHECK(take(receiver, put({1, true, 2}, 64)).action == Block1Action::Store);
    CHECK(take(receiver, put({2, true, 2}, 64)).action == Block1Action::TooLarge);
    CHECK(!receiver.active());
}

TEST_CASE("a block that is not last must be full and none may be longer than its size") {
    Block1Receiver receiver(1000, 2);
    CHECK(take(receiver, put({0, true, 2}, 63)).action == Block1Action::Malformed);
    CHECK(take(receiver, put({0, false, 2}, 65)).action == Block1Action::Malformed);
    CHECK(take(receiver, put({0, true, 2}, 0)).action == Block1Action::Malformed);
}

TEST_CASE("a first block that is larger than the board likes is taken and the rest asked for in smaller ones") {
    Block1Receiver receiver(1000, 2);
    Block1Step first = take(receiver, put({0, true, 4}, 256));
    CHECK(first.action == Block1Action::Store);
    CHECK(first.reply.szx == 2);
    CHECK(first.reply.number == 0);
    Block1Step next = take(receiver, put({4, true, 2}, 64));
    CHECK(next.action == Block1Action::Store);
    CHECK(next.offset == 256);
}

TEST_CASE("of two clients on one line the later upload wins and the earlier one hears of a gap") {
    Block1Receiver receiver(1000, 2);
    take(receiver, put({0, true, 2}, 64, 1));
    take(receiver, put({0, true, 2}, 64, 2));
    CHECK(take(receiver, put({1, true, 2}, 64, 1)).action == Block1Action::Gap);
    CHECK(take(receiver, put({1, false, 2}, 64, 2)).action == Block1Action::Store);
}

TEST_CASE("blocks for another slot or from another peer do not join an upload") {
    Block1Receiver receiver(1000, 2);
    take(receiver, put({0, true, 2}, 64));
    CHECK(take(receiver, put({1, true, 2}, 64, 1, 0, "rbpf/slots/1")).action == Block1Action::Gap);
    CHECK(take(receiver, put({1, true, 2}, 64), 7).action == Block1Action::Gap);
    CHECK(take(receiver, put({1, true, 2}, 64)).action == Block1Action::Store);
}

TEST_CASE("a request without Block1 is an upload of one block") {
    Block1Receiver receiver(100, 2);
    Buffer bytes = fromHex("40 03 00 01 FF 01 02 03");
    CoapMessage message;
    REQUIRE(parseCoap(message, view(bytes)) == CoapParse::Ok);
    Block1Step step = receiver.take(message, 0);
    CHECK(step.action == Block1Action::Store);
    CHECK(step.first);
    CHECK(step.last);
    CHECK(!step.blockwise);
}

TEST_CASE("block numbers at the end of their range overflow nothing") {
    Block1Receiver receiver(SIZE_MAX, 6);
    CHECK(take(receiver, put({kBlockNumberMax, true, 6}, 1024)).action == Block1Action::Gap);
    Block2Slice slice;
    CHECK(!block2Slice(get(CoapBlock{kBlockNumberMax, false, 6}).message, 1000, 0, slice));
}

TEST_CASE("slices of a reply of any length join to the reply") {
    for (std::size_t total : {0u, 1u, 63u, 64u, 65u, 128u, 500u}) {
        for (std::uint8_t asked = 0; asked <= kSzxMax; ++asked) {
            std::size_t joined = 0;
            CoapBlock block{0, false, asked};
            Block2Slice slice;
            do {
                REQUIRE(block2Slice(get(block).message, total, 2, slice));
                REQUIRE(slice.offset == joined);
                REQUIRE(slice.size <= 64);
                REQUIRE(slice.blockwise);
                joined += slice.size;
                block = slice.block;
                ++block.number;
            } while (slice.block.more);
            REQUIRE(joined == total);
        }
    }
}

TEST_CASE("a short reply gets a Block2 option only if the request had one") {
    Block2Slice slice;
    REQUIRE(block2Slice(get({}).message, 64, 2, slice));
    CHECK(!slice.blockwise);
    REQUIRE(block2Slice(get({}).message, 65, 2, slice));
    CHECK(slice.blockwise);
    REQUIRE(block2Slice(get(CoapBlock{0, false, 6}).message, 10, 4, slice));
    CHECK(slice.blockwise);
    CHECK(slice.block.szx == 4);
}

TEST_CASE("a block behind the end of a reply is refused") {
    Block2Slice slice;
    CHECK(!block2Slice(get(CoapBlock{1, false, 2}).message, 64, 2, slice));
    CHECK(!block2Slice(get(CoapBlock{1, false, 2}).message, 10, 2, slice));
}
