// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/fake_board.hpp"

namespace rbpf::test {

using namespace wire;

namespace {

constexpr std::size_t kHeadRoom = 64;

} // namespace

FakeBoard::FakeBoard(std::size_t messageBytes, std::size_t imageBytes)
    : messageBytes_(messageBytes), szx_(szxFor(messageBytes, kHeadRoom)), receiver_(imageBytes, szx_) {}

Buffer FakeBoard::reply(const CoapMessage& request, std::uint8_t code, const Buffer& payload, std::uint16_t format) {
    Buffer bytes(payload.size() + kHeadRoom);
    CoapBuilder builder(bytes.data(), bytes.size());
    builder.beginResponse(request, code, 1);
    if (!payload.empty()) {
        builder.optionUint(kOptionContentFormat, format);
    }
    builder.payload({payload.data(), payload.size()});
    bytes.resize(builder.finish());
    return bytes;
}

std::vector<Buffer> FakeBoard::handle(const Buffer& message) {
    CoapMessage request;
    if (message.size() > messageBytes_ || parseCoap(request, {message.data(), message.size()}) != CoapParse::Ok) {
        return {};
    }
    if (!request.isRequest()) {
        acknowledgements += request.code == kCoapEmpty && request.type == CoapType::Acknowledgement ? 1 : 0;
        return {};
    }
    Bytes before;
    const DedupVerdict verdict = dedup_.check(0, request, 0, before);
    if (verdict == DedupVerdict::InProgress) {
        return {};
    }
    if (verdict == DedupVerdict::Replay) {
        return {Buffer(before.data, before.data + before.size)};
    }
    ++requestsRun;
    char path[64] = "";
    (void)coapPath(request, path, sizeof path);
    if (override_) {
        if (auto answer = override_(request, path)) {
            if (answer->size() == 1) {
                dedup_.answered(0, request, {answer->front().data(), answer->front().size()});
            }
            return *answer;
        }
    }
    Buffer answer = serve(request, path);
    dedup_.answered(0, request, {answer.data(), answer.size()});
    return {answer};
}

Buffer FakeBoard::serve(const CoapMessage& request, const std::string& path) {
    const std::string slotsPath = "rbpf/slots/";
    if (path.starts_with(slotsPath) && path.size() == slotsPath.size() + 1) {
        const unsigned slot = static_cast<unsigned>(path.back() - '0');
        if (request.code == kCoapPut) {
            return upload(request, slot);
        }
        if (request.code == kCoapDelete) {
            return reply(request, slots.erase(slot) != 0 ? kCoapDeleted : kCoapNotFound);
        }
        return slots.contains(slot) ? download(request, slots[slot]) : reply(request, kCoapNotFound);
    }
    const auto found = content.find(path);
    if (path == "rbpf" && found == content.end()) {
        return download(request, {0xA1, 0x68, 'p', 'r', 'o', 't', 'o', 'c', 'o', 'l', 1});
    }
    return found == content.end() ? reply(request, kCoapNotFound) : download(request, found->second);
}

Buffer FakeBoard::upload(const CoapMessage& request, unsigned slot) {
    const Block1Step step = receiver_.take(request, 0);
    std::uint8_t code = kCoapContinue;
    switch (step.action) {
    case Block1Action::Store:
        if (step.first) {
            staged_.clear();
        }
        staged_.resize(step.offset);
        staged_.insert(staged_.end(), request.payload.data, request.payload.data + request.payload.size);
        if (step.last) {
            slots[slot] = staged_;
            ++installs;
            code = kCoapChanged;
        }
        break;
    case Block1Action::Duplicate:
        break;
    case Block1Action::Gap:
        code = kCoapIncomplete;
        break;
    case Block1Action::TooLarge:
        code = kCoapTooLarge;
        break;
    case Block1Action::Malformed:
        code = kCoapBadRequest;
        break;
    }
    Buffer bytes(kHeadRoom);
    CoapBuilder builder(bytes.data(), bytes.size());
    builder.beginResponse(request, code, 1);
    if (step.blockwise) {
        builder.optionUint(kOptionBlock1, encodeBlock(step.reply));
    }
    bytes.resize(builder.finish());
    return bytes;
}

Buffer FakeBoard::download(const CoapMessage& request, const Buffer& whole) {
    Block2Slice slice;
    if (!block2Slice(request, whole.size(), szx_, slice)) {
        return reply(request, kCoapBadOption);
    }
    Buffer bytes(messageBytes_);
    CoapBuilder builder(bytes.data(), bytes.size());
    builder.beginResponse(request, kCoapContent, 1);
    if (etags) {
        std::uint32_t sum = 0;
        for (const std::uint8_t byte : whole) {
            sum = sum * 31 + byte;
        }
        builder.optionUint(kOptionETag, sum | 1);
    }
    if (slice.blockwise) {
        builder.optionUint(kOptionBlock2, encodeBlock(slice.block));
    }
    builder.payload({whole.data() + slice.offset, slice.size});
    bytes.resize(builder.finish());
    return bytes;
}

} // namespace rbpf::test
