// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/firmware/rbpf_agent/debug_bench.hpp"

#include <cstring>
#include <utility>

namespace rbpf::agent {

namespace {

using Bytes = std::vector<std::uint8_t>;

unsigned long number(const std::string& text) {
    return std::stoul(text, nullptr, 16);
}

Bytes fromHex(const std::string& digits) {
    Bytes bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(number(digits.substr(i, 2))));
    }
    return bytes;
}

std::string joined(std::initializer_list<std::uint64_t> numbers) {
    std::string text;
    for (const std::uint64_t each : numbers) {
        char digits[24];
        std::snprintf(digits, sizeof digits, text.empty() ? "%llx" : ",%llx", static_cast<unsigned long long>(each));
        text += digits;
    }
    return text;
}

std::string textOf(const Bytes& bytes) {
    return {bytes.begin(), bytes.end()};
}

std::string shown(const rsp::Event& event) {
    if (const auto* start = std::get_if<rsp::RunStart>(&event)) {
        return "%Start:" + joined({start->run, start->entryPc, start->r1, start->r2, start->r10});
    }
    if (const auto* region = std::get_if<rsp::RunRegion>(&event)) {
        return "%Region:" + joined({static_cast<unsigned>(region->region.index), region->region.size,
                                    static_cast<unsigned>(region->region.access)});
    }
    if (const auto* memory = std::get_if<rsp::RunMemory>(&event)) {
        return "%Memory:" + joined({memory->address}) + "," + textOf(memory->bytes);
    }
    if (const auto* write = std::get_if<rsp::BindingWrite>(&event)) {
        return "%Write:" + joined({write->address}) + "," + textOf(write->bytes);
    }
    if (const auto* call = std::get_if<rsp::BindingCall>(&event)) {
        return "%Call:" + joined({call->step, call->id, call->result});
    }
    if (const auto* end = std::get_if<rsp::RunEnd>(&event)) {
        return "%End:" + joined({end->run, static_cast<unsigned>(end->cause), end->instructions, end->result,
                                 static_cast<unsigned>(-end->status), end->detail});
    }
    if (const auto* resumed = std::get_if<rsp::Resumed>(&event)) {
        return "%Resumed:" + joined({resumed->slot});
    }
    if (const auto* gone = std::get_if<rsp::Gone>(&event)) {
        return "%Gone:" + joined({gone->slot});
    }
    return "%Taken:" + joined({std::get<rsp::Taken>(event).session});
}

std::string read(unsigned area, std::uint32_t address, std::size_t size) {
    return rsp::request(RBPF_DEBUG_READ, area, address, size);
}

std::string write(unsigned area, std::uint32_t address, const Bytes& bytes) {
    return rsp::request(RBPF_DEBUG_WRITE, area, address, 0, bytes);
}

} // namespace

/// The requests whose letter is not simply sent.
std::string DebugBench::packed(const std::string& text) {
    const std::size_t comma = text.find_first_of(",=:");
    const std::string first = text.substr(1, comma - 1),
                      rest = comma == std::string::npos ? "" : text.substr(comma + 1);
    switch (text[0]) {
    case 'q': // session, or "q!" and the session that takes the seat
        return text[1] == '!' ? rsp::request(RBPF_DEBUG_HELLO, 1, static_cast<std::uint32_t>(number(text.substr(2))))
                              : rsp::request(RBPF_DEBUG_HELLO, 0, static_cast<std::uint32_t>(number(first)));
    case 'A':
        return rsp::request(RBPF_DEBUG_ATTACH, static_cast<unsigned>(number(first)));
    case 'm':
        return read(RBPF_AREA_MEMORY, static_cast<std::uint32_t>(number(first)), number(rest));
    case 'M':
        return write(RBPF_AREA_MEMORY, static_cast<std::uint32_t>(number(first)), fromHex(rest));
    case 'p':
        return read(RBPF_AREA_REGISTERS, static_cast<std::uint32_t>(8 * number(first)), 8);
    case 'P':
        return first == "b" ? rsp::request(RBPF_DEBUG_SET_PC, 0, static_cast<std::uint32_t>(number(rest)))
                            : write(RBPF_AREA_REGISTERS, static_cast<std::uint32_t>(8 * number(first)), fromHex(rest));
    case 'Z':
    case 'z': {
        const std::size_t second = rest.find(',');
        const rbpf_debug_point_t point =
            rsp::boardPoint(static_cast<rsp::Point>(number(first)), static_cast<std::uint32_t>(number(rest)),
                            static_cast<std::uint32_t>(number(rest.substr(second + 1))));
        std::erase_if(points_, [&](const auto& each) { return std::memcmp(&each, &point, sizeof point) == 0; });
        if (text[0] == 'Z') {
            points_.push_back(point);
        }
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(points_.data());
        return write(RBPF_AREA_POINTS, 0, Bytes(bytes, bytes + points_.size() * sizeof point));
    }
    default:
        return rsp::request(static_cast<std::uint8_t>(text[0]));
    }
}

std::string DebugBench::settings(std::size_t from, const void* bytes, std::size_t size) {
    const auto* data = static_cast<const std::uint8_t*>(bytes);
    return askRaw(write(RBPF_AREA_SETTINGS, static_cast<std::uint32_t>(from), Bytes(data, data + size)));
}

std::string DebugBench::stopOn(unsigned stops, std::vector<unsigned> bindings, std::vector<unsigned> keys) {
    rbpf_debug_settings_t all{};
    all.stops = static_cast<std::uint16_t>(stops);
    for (const unsigned id : bindings) {
        all.binding[id / 32] |= 1u << id % 32;
    }
    for (std::size_t i = 0; i < RBPF_DEBUG_KEYS && !keys.empty(); ++i) {
        all.key[i] = keys[i < keys.size() ? i : 0];
    }
    return settings(offsetof(rbpf_debug_settings_t, stops), &all.stops,
                    sizeof all - offsetof(rbpf_debug_settings_t, stops));
}

std::string DebugBench::hold(std::uint32_t ms, bool aborts) {
    rbpf_debug_settings_t all{};
    all.holdMs = ms;
    all.holdAborts = aborts ? 1 : 0;
    return settings(0, &all, offsetof(rbpf_debug_settings_t, history));
}

std::string DebugBench::history(bool on) {
    const std::uint8_t byte = on ? RBPF_HISTORY_ON | RBPF_HISTORY_DATA : 0;
    return settings(offsetof(rbpf_debug_settings_t, history), &byte, 1);
}

std::vector<std::uint8_t> DebugBench::area(unsigned number) {
    const std::string digits = askRaw(read(number, 0, UINT16_MAX));
    return digits == "OK" ? Bytes() : fromHex(digits);
}

void DebugBench::sendRaw(const std::string& payload) {
    board.sendSerial(Blob(payload.begin(), payload.end()), RBPF_FRAME_DEBUG);
}

void DebugBench::send(const std::string& text) {
    sendRaw(packed(text));
}

void DebugBench::collect() {
    for (const std::string& packet : board.packets()) {
        const auto told = rsp::parseTold(packet);
        if (told) {
            for (const rsp::Event& event : *told) {
                notes_.push_back(shown(event));
            }
            continue;
        }
        rbpf_debug_reply_t head{};
        if (static_cast<std::uint8_t>(packet.at(0)) == RBPF_TELL_STOP || packet.size() < sizeof head) {
            replies_.push_back(packet);
            continue;
        }
        std::memcpy(&head, packet.data(), sizeof head);
        char error[8];
        std::snprintf(error, sizeof error, "E%02x", head.verdict);
        const std::string data = toHex(packet.substr(sizeof head));
        replies_.push_back(head.verdict != RBPF_VERDICT_OK ? error : data.empty() ? "OK" : data);
    }
}

std::vector<std::string> DebugBench::replies() {
    collect();
    return std::exchange(replies_, {});
}

std::vector<std::string> DebugBench::notes() {
    collect();
    return std::exchange(notes_, {});
}

std::string DebugBench::askRaw(const std::string& payload) {
    replies();
    sendRaw(payload);
    board.settle();
    const auto all = replies();
    return all.size() == 1 ? all[0] : "none";
}

std::string DebugBench::ask(const std::string& text) {
    return askRaw(packed(text));
}

Halt DebugBench::stop(const std::string& reply) {
    Halt halt;
    const auto stop = rsp::parseStop(reply);
    if (!stop) {
        return halt;
    }
    halt.came = true;
    std::copy(stop->reg.begin(), stop->reg.end(), halt.reg);
    halt.slot = stop->slot;
    halt.cause = stop->cause;
    halt.instructions = stop->instructions;
    halt.status = static_cast<unsigned>(-stop->status);
    halt.detail = stop->detail;
    halt.watched = stop->watched ? static_cast<unsigned>(stop->watched->point) : 0;
    return halt;
}

void DebugBench::request(const std::string& path) {
    board.sendSerial(board.encode(Ask{wire::kCoapGet, path, {}, {}, {}}));
    board.settle();
}

unsigned runs(BenchBoard& board, unsigned slot) {
    const Blob payload = board.get("rbpf/store/" + std::to_string(slot) + "/1").payload;
    return payload.size() == 1 ? payload[0] : 0;
}

std::string littleEndian(std::uint64_t value, unsigned bytes) {
    return toHex(std::string(reinterpret_cast<const char*>(&value), bytes));
}

std::string toHex(const std::string& bytes) {
    std::string text;
    for (const char byte : bytes) {
        char pair[3];
        std::snprintf(pair, sizeof pair, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
        text += pair;
    }
    return text;
}

} // namespace rbpf::agent
