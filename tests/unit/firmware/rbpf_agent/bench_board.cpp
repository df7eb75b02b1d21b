// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

#include <rbpf/wire.h>

#include "rbpf_wire/cbor.hpp"
#include "rbpf_wire/coap_builder.hpp"

namespace rbpf::agent {

Blob BenchBoard::encode(const Ask& ask, std::uint16_t id) const {
    Blob bytes(4096);
    const std::uint8_t token[] = {0x77, static_cast<std::uint8_t>(id)};
    const std::size_t question = ask.path.find('?');
    wire::CoapBuilder builder(bytes.data(), bytes.size());
    builder.begin(ask.type, ask.method, id, {token, sizeof token});
    if (ask.observe) {
        builder.optionUint(wire::kOptionObserve, *ask.observe);
    }
    builder.path(ask.path.substr(0, question).c_str());
    bool queried = question == std::string::npos;
    for (const Option& option : ask.options) {
        if (!queried && option.number > wire::kOptionUriQuery) {
            builder.option(wire::kOptionUriQuery, wire::textBytes(ask.path.c_str() + question + 1));
            queried = true;
        }
        builder.optionUint(option.number, option.value);
    }
    if (!queried) {
        builder.option(wire::kOptionUriQuery, wire::textBytes(ask.path.c_str() + question + 1));
    }
    builder.payload({ask.payload.data(), ask.payload.size()});
    bytes.resize(builder.finish());
    return bytes;
}

void BenchBoard::sendSerial(const Blob& message, std::uint8_t type) {
    Blob line(wire::slipmuxBound(message.size()));
    line.resize(wire::slipmuxEncode(type, {message.data(), message.size()}, line.data(), line.size()));
    agent->serialInput(line.data(), line.size());
}

void BenchBoard::settle(unsigned limit) {
    while (limit-- != 0 && agent->poll() == 0) {
    }
}

void BenchBoard::collect() {
    for (; seen_ < port.line.size(); ++seen_) {
        if (!decoder_.put(port.line[seen_])) {
            continue;
        }
        const wire::Frame& frame = decoder_.frame();
        const Blob bytes(frame.payload.data, frame.payload.data + frame.payload.size);
        if (frame.type == RBPF_FRAME_COAP) {
            answers_.push_back(decode(bytes));
        } else if (frame.type == RBPF_FRAME_DEBUG) {
            packets_.emplace_back(bytes.begin(), bytes.end());
        } else {
            text_.append(bytes.begin(), bytes.end());
        }
    }
}

std::vector<Answer> BenchBoard::answers() {
    collect();
    return std::exchange(answers_, {});
}

std::vector<std::string> BenchBoard::packets() {
    collect();
    return std::exchange(packets_, {});
}

std::string BenchBoard::text() {
    collect();
    return std::exchange(text_, {});
}

Answer BenchBoard::decode(const Blob& bytes) {
    Answer answer;
    wire::CoapMessage message;
    if (wire::parseCoap(message, {bytes.data(), bytes.size()}) != wire::CoapParse::Ok) {
        return answer;
    }
    answer.came = true;
    answer.type = message.type;
    answer.code = message.code;
    answer.id = message.messageId;
    answer.token.assign(message.token.data, message.token.data + message.token.size);
    answer.payload.assign(message.payload.data, message.payload.data + message.payload.size);
    answer.whole = bytes;
    const auto option = [&message](std::uint16_t number) {
        std::uint32_t value = 0;
        return wire::findUint(message, number, value) ? std::optional<std::uint32_t>(value) : std::nullopt;
    };
    answer.block1 = option(wire::kOptionBlock1);
    answer.block2 = option(wire::kOptionBlock2);
    answer.observe = option(wire::kOptionObserve);
    answer.format = option(wire::kOptionContentFormat);
    return answer;
}

Answer BenchBoard::ask(const Ask& ask) {
    answers();
    const Blob message = encode(ask);
    sendSerial(message);
    settle();
    for (const Answer& answer : answers()) {
        if (answer.token == Blob(message.begin() + 4, message.begin() + 6)) {
            return answer;
        }
    }
    return Answer{};
}

Answer BenchBoard::askUdp(std::uint32_t peer, bool loopback, const Ask& ask) {
    const Blob message = encode(ask);
    port.datagrams[peer].clear();
    agent->datagramInput(peer, loopback, message.data(), message.size());
    settle();
    return port.datagrams[peer].empty() ? Answer{} : decode(port.datagrams[peer].front());
}

Answer BenchBoard::block(unsigned slot, const Blob& image, std::uint32_t number, bool udp, std::uint32_t peer) {
    constexpr std::size_t kBlock = 64;
    const std::size_t from = std::min<std::size_t>(number * kBlock, image.size());
    const std::size_t to = std::min(from + kBlock, image.size());
    Ask request{wire::kCoapPut,
                "rbpf/slots/" + std::to_string(slot),
                Blob(image.begin() + static_cast<long>(from), image.begin() + static_cast<long>(to)),
                {},
                {}};
    request.options = {{wire::kOptionBlock1, number << 4 | (to < image.size() ? 8u : 0u) | 2u}};
    return udp ? askUdp(peer, true, request) : ask(request);
}

Answer BenchBoard::install(unsigned slot, const Blob& image) {
    Answer answer;
    for (std::uint32_t number = 0; number * 64 < image.size(); ++number) {
        answer = block(slot, image, number);
        if (answer.code != wire::kCoapContinue) {
            break;
        }
    }
    return answer;
}

Blob make(std::initializer_list<Blob> text, const std::string& trigger, const std::string& name, std::uint32_t budget) {
    fakes::ImageParts parts;
    parts.text = fakes::program(text);
    parts.name = name;
    parts.budget = budget;
    parts.entries[0].trigger = trigger;
    return fakes::buildImage(parts);
}

Blob returns(std::int32_t value, const std::string& trigger, const std::string& name) {
    return make({mov(0, value), leave()}, trigger, name);
}

Blob says(char character, const std::string& path) {
    return make({move(6, 1), mov(2, 0x45), call(0x40), move(1, 6), mov(2, 0), call(0x42), move(1, 6), mov(2, 1),
                 call(0x41), move(8, 0), move(1, 6), call(0x43), fakes::slot(0x72, 0, 0, 0, character), move(0, 8),
                 add(0, 1), leave()},
                "coap/" + path, std::string("says-") + character);
}

Blob counts(const std::string& trigger, const std::string& name) {
    return make({mov(1, 1), move(2, 10), add(2, -8), call(0x12), fakes::slot(0x61, 7, 10, -8, 0), add(7, 1), mov(1, 1),
                 move(2, 7), call(0x10), move(0, 7), leave()},
                trigger, name);
}

Blob spins(const std::string& trigger, std::uint32_t budget) {
    return make({loop(), mov(0, 0), leave()}, trigger, "spins", budget);
}

std::optional<std::int64_t> field(const Answer& answer, const std::string& key) {
    wire::CborReader reader({answer.payload.data(), answer.payload.size()});
    wire::CborItem item;
    while (reader.next(item)) {
        if (item.type == wire::CborType::Text && std::string(item.data.data, item.data.data + item.data.size) == key) {
            if (!reader.next(item)) {
                return std::nullopt;
            }
            return item.type == wire::CborType::Negative ? -1 - static_cast<std::int64_t>(item.value)
                                                         : static_cast<std::int64_t>(item.value);
        }
    }
    return std::nullopt;
}

int status(const Answer& answer) {
    return static_cast<int>(field(answer, RBPF_KEY_STATUS).value_or(0));
}

} // namespace rbpf::agent
