// SPDX-License-Identifier: GPL-3.0-or-later
// CoAP: any bytes are ignored, malformed, or a message whose parts lie inside of them and which, written again, reads
// the same; block-wise uploads never reach beyond their limit.
#include <cstring>

#include "rbpf_wire/coap_block.hpp"
#include "rbpf_wire/coap_builder.hpp"
#include "rbpf_wire/coap_dedup.hpp"
#include "rbpf_wire/coap_message.hpp"
#include "tests/fuzz/input.hpp"

namespace rbpf::fuzz {
namespace {

constexpr std::size_t kUploadLimit = 4096;

/// Reads every byte; AddressSanitizer sees those outside.
unsigned touch(wire::Bytes bytes) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < bytes.size; i++)
        sum += bytes.data[i];
    return sum;
}

void readConveniences(const wire::CoapMessage& message) {
    char text[64];
    const int length = wire::coapPath(message, text, sizeof text);
    FUZZ_REQUIRE(length < static_cast<int>(sizeof text));
    if (length >= 0)
        FUZZ_REQUIRE(std::strlen(text) == static_cast<std::size_t>(length));
    wire::joinOptions(message, wire::kOptionUriQuery, '&', text, 8);
    wire::Bytes value;
    if (wire::findQuery(message, "entry", value))
        touch(value);
    uint32_t number = 0;
    wire::findUint(message, wire::kOptionContentFormat, number);
    const uint16_t known[] = {wire::kOptionUriPath, wire::kOptionBlock1};
    wire::unknownCriticalOption(message, known, 2);
    wire::transferKey(message, 1);
}

void writeAgain(const wire::CoapMessage& message, std::size_t size) {
    std::vector<uint8_t> buffer(size + 8);
    wire::CoapBuilder builder(buffer.data(), buffer.size());
    builder.begin(message.type, message.code, message.messageId, message.token);
    wire::CoapOptionReader options(message.options);
    wire::CoapOption option;
    while (options.next(option)) {
        touch(option.value);
        builder.option(option.number, option.value);
    }
    FUZZ_REQUIRE(!options.malformed());
    builder.payload(message.payload);
    const std::size_t written = builder.finish();
    FUZZ_REQUIRE(written > 0);
    wire::CoapMessage again;
    FUZZ_REQUIRE(wire::parseCoap(again, {buffer.data(), written}) == wire::CoapParse::Ok);
    FUZZ_REQUIRE(again.code == message.code && again.messageId == message.messageId && again.type == message.type);
    FUZZ_REQUIRE(again.token == message.token && again.payload == message.payload);
}

void takeBlocks(wire::Block1Receiver& receiver, const wire::CoapMessage& message) {
    const auto step = receiver.take(message, 1);
    if (step.action == wire::Block1Action::Store)
        FUZZ_REQUIRE(step.offset + message.payload.size <= kUploadLimit);
    FUZZ_REQUIRE(receiver.received() <= kUploadLimit);
    wire::Block2Slice slice;
    constexpr std::size_t kTotal = 1000;
    if (wire::block2Slice(message, kTotal, 4, slice))
        FUZZ_REQUIRE(slice.offset <= kTotal && slice.size <= kTotal - slice.offset);
}

/// Several messages, each behind its length, as one client sends them.
void readMessages(Input& input) {
    wire::Block1Receiver receiver(kUploadLimit, 2);
    wire::FixedCoapDedup<2, 32> dedup;
    uint32_t nowMs = 0;
    while (!input.empty()) {
        const auto bytes = input.bytes(input.word() % 1300);
        nowMs += bytes.size() * 997;
        wire::CoapMessage message;
        if (wire::parseCoap(message, {bytes.data(), bytes.size()}) != wire::CoapParse::Ok)
            continue;
        FUZZ_REQUIRE(message.token.size <= wire::kCoapTokenMax);
        touch(message.token);
        touch(message.payload);
        readConveniences(message);
        writeAgain(message, bytes.size());
        takeBlocks(receiver, message);
        wire::Bytes reply;
        switch (dedup.check(1, message, nowMs, reply)) {
        case wire::DedupVerdict::New:
            dedup.answered(1, message, message.payload);
            break;
        case wire::DedupVerdict::Replay:
            touch(reply);
            break;
        case wire::DedupVerdict::InProgress:
            break;
        }
    }
}

} // namespace
} // namespace rbpf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
    rbpf::fuzz::Input input(data, size);
    rbpf::fuzz::readMessages(input);
    return 0;
}
