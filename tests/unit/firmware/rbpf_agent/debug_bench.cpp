// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/firmware/rbpf_agent/debug_bench.hpp"

namespace rbpf::agent {

namespace {

std::uint64_t fromLittleEndian(const std::string& digits) {
    std::uint64_t value = 0;
    for (std::size_t i = digits.size(); i >= 2; i -= 2) {
        value = value << 8 | std::stoul(digits.substr(i - 2, 2), nullptr, 16);
    }
    return value;
}

} // namespace

void DebugBench::send(const std::string& payload) {
    board.sendSerial(Blob(payload.begin(), payload.end()), RBPF_FRAME_DEBUG);
}

void DebugBench::collect() {
    for (const std::string& packet : board.packets()) {
        (!packet.empty() && packet[0] == '%' ? notes_ : replies_).push_back(packet);
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

std::string DebugBench::ask(const std::string& payload) {
    replies();
    send(payload);
    board.settle();
    const auto all = replies();
    return all.size() == 1 ? all[0] : "none";
}

Halt DebugBench::stop(const std::string& reply) {
    Halt halt;
    if (reply.size() < 3 || reply[0] != 'T') {
        return halt;
    }
    halt.came = true;
    halt.signal = std::stoi(reply.substr(1, 2), nullptr, 16);
    halt.fields = reply.substr(3);
    for (std::size_t at = 3; at < reply.size();) {
        const std::size_t colon = reply.find(':', at), end = reply.find(';', at);
        const std::string name = reply.substr(at, colon - at), value = reply.substr(colon + 1, end - colon - 1);
        if (name == "rbpf") {
            unsigned long long instructions = 0;
            std::sscanf(value.c_str(), "%x,%llx,%x,%x", &halt.cause, &instructions, &halt.status, &halt.detail);
            halt.instructions = instructions;
        } else if (name.size() == 2) {
            halt.reg[std::stoul(name, nullptr, 16)] = fromLittleEndian(value);
        }
        at = end + 1;
    }
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
