// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/link/board_replies.hpp"

#include <limits>

#include <rbpf/wire.h>

#include "debugger/link/cbor_value.hpp"

namespace rbpf::link {

using support::ErrorKind;
using support::Result;
using wire::CborType;

namespace {

constexpr const char* kHint = "the board's firmware speaks another version of the protocol; update it";

tl::unexpected<support::Error> wrong(const std::string& what) {
    return support::fail(ErrorKind::Board, "the board's answer makes no sense: " + what, kHint);
}

Result<CborValue> decode(Payload payload, CborType type, const char* expected) {
    auto value = decodeCbor(payload);
    if (!value) {
        return wrong("it is not CBOR, or cut off");
    }
    if (!value->is(type)) {
        return wrong(std::string("expected ") + expected);
    }
    return std::move(*value);
}

/// Reads the keys of one map; an absent key leaves the field alone, a wrong type is remembered.
class MapReader {
public:
    explicit MapReader(const CborValue& map) : map_(map) {
        if (!map.is(CborType::Map)) {
            problem_ = "expected a map";
        }
    }

    template <typename Read>
    void read(const char* key, const char* expected, Read read) {
        const CborValue* value = map_.find(key);
        if (value != nullptr && !read(*value) && problem_.empty()) {
            problem_ = std::string("\"") + key + "\" is not " + expected;
        }
    }
    void require(const char* key) {
        if (map_.find(key) == nullptr && problem_.empty()) {
            problem_ = std::string("\"") + key + "\" is missing";
        }
    }
    void u32(const char* key, std::uint32_t& out) {
        read(key, "a number of 32 bits", [&](const CborValue& value) { return assign(value.u32(), out); });
    }
    void u32(const char* key, std::optional<std::uint32_t>& out) {
        read(key, "a number of 32 bits", [&](const CborValue& value) { return assign(value.u32(), out); });
    }
    void u64(const char* key, std::uint64_t& out) {
        read(key, "a number", [&](const CborValue& value) {
            out = value.number;
            return value.is(CborType::Uint);
        });
    }
    void integer(const char* key, std::int64_t& out) {
        read(key, "a number of 64 bits", [&](const CborValue& value) { return assign(value.i64(), out); });
    }
    void text(const char* key, std::string& out) {
        read(key, "text", [&](const CborValue& value) { return assign(value.text(), out); });
    }
    void boolean(const char* key, bool& out) {
        read(key, "true or false", [&](const CborValue& value) {
            out = value.number != 0;
            return value.is(CborType::Boolean);
        });
    }
    void bytes(const char* key, std::vector<std::uint8_t>& out) {
        read(key, "a byte string", [&](const CborValue& value) {
            out = value.bytes;
            return value.is(CborType::Bytes);
        });
    }
    void fail(std::string problem) {
        if (problem_.empty()) {
            problem_ = std::move(problem);
        }
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    template <typename From, typename To>
    static bool assign(const std::optional<From>& from, To& to) {
        if (from) {
            to = *from;
        }
        return from.has_value();
    }

    const CborValue& map_;
    std::string problem_;
};

template <typename T>
Result<T> finish(const MapReader& reader, T value) {
    if (!reader.problem().empty()) {
        return wrong(reader.problem());
    }
    return value;
}

/// Status, instruction, detail and slot of any map that has them.
std::optional<BoardFault> readFault(MapReader& reader) {
    std::int64_t status = 0;
    BoardFault fault;
    reader.integer(RBPF_KEY_STATUS, status);
    reader.u32(RBPF_KEY_INDEX, fault.insnIndex);
    reader.u32(RBPF_KEY_DETAIL, fault.detail);
    reader.u32(RBPF_KEY_SLOT, fault.slot);
    if (status < std::numeric_limits<std::int8_t>::min() || status > 0) {
        reader.fail("\"" RBPF_KEY_STATUS "\" is out of range");
        return std::nullopt;
    }
    fault.status = static_cast<int>(status);
    return status == 0 ? std::nullopt : std::optional(fault);
}

Result<SlotInfo> readSlot(const CborValue& map) {
    MapReader reader(map);
    SlotInfo slot;
    reader.require(RBPF_KEY_SLOT);
    reader.u32(RBPF_KEY_SLOT, slot.slot);
    reader.text(RBPF_KEY_STATE, slot.state);
    reader.text(RBPF_KEY_NAME, slot.name);
    reader.text(RBPF_KEY_VERSION, slot.version);
    reader.bytes(RBPF_KEY_BUILD, slot.buildId);
    reader.u32(RBPF_KEY_BYTES, slot.bytes);
    reader.u32(RBPF_KEY_RUNS, slot.runs);
    reader.u32(RBPF_KEY_FAULTS, slot.faults);
    reader.read(RBPF_KEY_ENTRIES, "a list", [&](const CborValue& list) {
        for (const CborValue& item : list.items) {
            MapReader entryReader(item);
            EntryInfo entry;
            entryReader.text(RBPF_KEY_NAME, entry.name);
            entryReader.text(RBPF_KEY_TRIGGER, entry.trigger);
            if (!entryReader.problem().empty()) {
                reader.fail("\"" RBPF_KEY_ENTRIES "\": " + entryReader.problem());
            }
            slot.entries.push_back(std::move(entry));
        }
        return list.is(CborType::Array);
    });
    return finish(reader, std::move(slot));
}

Result<RunInfo> readRun(const CborValue& map) {
    MapReader reader(map);
    RunInfo run;
    std::uint32_t halt = 0;
    reader.require(RBPF_KEY_HALT);
    reader.u32(RBPF_KEY_HALT, halt);
    reader.integer(RBPF_KEY_RESULT, run.result);
    reader.u64(RBPF_KEY_INSTRUCTIONS, run.instructions);
    reader.bytes(RBPF_KEY_CONTEXT, run.context);
    reader.u32(RBPF_KEY_SLOT, run.slot);
    run.fault = readFault(reader);
    if (halt > 255) {
        reader.fail("\"" RBPF_KEY_HALT "\" is out of range");
    }
    run.halt = static_cast<int>(halt & 0xFF);
    return finish(reader, std::move(run));
}

Result<DeviceInfo> readDevice(const CborValue& map) {
    MapReader reader(map);
    DeviceInfo device;
    std::uint32_t type = 0;
    std::uint32_t unit = 0;
    std::int64_t scale = 0;
    std::vector<std::uint8_t> bytes;
    reader.require(RBPF_KEY_NAME);
    reader.text(RBPF_KEY_NAME, device.name);
    reader.u32(RBPF_KEY_TYPE, type);
    reader.u32(RBPF_KEY_UNIT, unit);
    reader.integer(RBPF_KEY_SCALE, scale);
    reader.bytes(RBPF_KEY_VALUES, bytes);
    reader.boolean(RBPF_KEY_SIMULATED, device.isSimulated);
    if (type > 0xFF || unit > 0xFF || scale < -128 || scale > 127 || bytes.size() % 2 != 0 || bytes.size() > 6) {
        reader.fail("a device's type, unit, scale or values are out of range");
    }
    device.type = static_cast<std::uint8_t>(type & 0xFF);
    device.unit = static_cast<std::uint8_t>(unit & 0xFF);
    device.scale = static_cast<std::int8_t>(scale);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        device.values.push_back(static_cast<std::int16_t>(bytes[i] | bytes[i + 1] << 8));
    }
    return finish(reader, std::move(device));
}

Result<PinInfo> readPin(const CborValue& map) {
    MapReader reader(map);
    PinInfo pin;
    std::uint32_t level = 0;
    reader.require(RBPF_KEY_PIN);
    reader.u32(RBPF_KEY_PIN, pin.pin);
    reader.boolean(RBPF_KEY_OUTPUT, pin.isOutput);
    reader.u32(RBPF_KEY_VALUES, level);
    pin.isHigh = level != 0;
    return finish(reader, pin);
}

/// Reads every item of an array with `read`.
template <typename T, typename Read>
Result<std::vector<T>> readList(Payload payload, Read read) {
    const auto list = decode(payload, CborType::Array, "a list");
    if (!list) {
        return tl::unexpected(list.error());
    }
    std::vector<T> result;
    for (const CborValue& item : list->items) {
        auto value = read(item);
        if (!value) {
            return tl::unexpected(value.error());
        }
        result.push_back(std::move(*value));
    }
    return result;
}

} // namespace

Result<BoardInfo> decodeInfo(Payload payload) {
    const auto map = decode(payload, CborType::Map, "a map");
    if (!map) {
        return tl::unexpected(map.error());
    }
    MapReader reader(*map);
    BoardInfo info;
    reader.require(RBPF_KEY_PROTOCOL);
    reader.u32(RBPF_KEY_PROTOCOL, info.protocol);
    reader.text(RBPF_KEY_FIRMWARE, info.firmware);
    reader.text(RBPF_KEY_BOARD, info.board);
    reader.u32(RBPF_KEY_TABLE, info.tableHash);
    reader.u32(RBPF_KEY_SLOTS, info.slots);
    reader.u32(RBPF_KEY_TEXT, info.imageBytes);
    reader.u32(RBPF_KEY_RAM, info.ramBytes);
    reader.u32(RBPF_KEY_STACK, info.stackBytes);
    reader.u32(RBPF_KEY_REGIONS, info.regions);
    reader.u32(RBPF_KEY_BUDGET, info.budget);
    reader.text(RBPF_KEY_RESET, info.lastReset);
    std::vector<std::uint8_t> ids;
    reader.bytes(RBPF_KEY_BINDINGS, ids);
    if (ids.size() % 2 != 0) {
        reader.fail("\"" RBPF_KEY_BINDINGS "\" is not a list of 2-byte numbers");
    }
    for (std::size_t i = 0; i + 1 < ids.size(); i += 2) {
        info.bindings.push_back(static_cast<std::uint16_t>(ids[i] | ids[i + 1] << 8));
    }
    reader.read(RBPF_KEY_CAPABILITIES, "a list of texts", [&](const CborValue& list) {
        bool good = list.is(CborType::Array);
        for (const CborValue& item : list.items) {
            const auto text = item.text();
            good = good && text.has_value();
            info.capabilities.push_back(text.value_or(""));
        }
        return good;
    });
    return finish(reader, std::move(info));
}

Result<std::vector<SlotInfo>> decodeSlots(Payload payload) {
    return readList<SlotInfo>(payload, readSlot);
}

Result<RunInfo> decodeRun(Payload payload) {
    const auto map = decode(payload, CborType::Map, "a map");
    return map ? readRun(*map) : tl::unexpected(map.error());
}

Result<std::vector<RunInfo>> decodeRuns(Payload payload) {
    return readList<RunInfo>(payload, readRun);
}

Result<std::vector<DeviceInfo>> decodeDevices(Payload payload) {
    return readList<DeviceInfo>(payload, readDevice);
}

Result<std::vector<PinInfo>> decodePins(Payload payload) {
    return readList<PinInfo>(payload, readPin);
}

Result<Stats> decodeStats(Payload payload) {
    const auto map = decode(payload, CborType::Map, "a map");
    if (!map) {
        return tl::unexpected(map.error());
    }
    MapReader reader(*map);
    Stats stats;
    reader.u64(RBPF_KEY_RUNS, stats.runs);
    reader.u64(RBPF_KEY_FAULTS, stats.faults);
    reader.u64(RBPF_KEY_INSTRUCTIONS, stats.instructions);
    if (const CborValue* last = map->find(RBPF_KEY_LAST); last != nullptr && !last->is(CborType::Null)) {
        MapReader lastReader(*last);
        stats.last = readFault(lastReader);
        if (!lastReader.problem().empty()) {
            reader.fail("\"" RBPF_KEY_LAST "\": " + lastReader.problem());
        }
    }
    return finish(reader, std::move(stats));
}

Result<std::uint32_t> decodeValue(Payload payload) {
    const auto value = decode(payload, CborType::Uint, "a number");
    if (!value) {
        return tl::unexpected(value.error());
    }
    const auto number = value->u32();
    return number ? Result<std::uint32_t>(*number) : wrong("the number is longer than 32 bits");
}

Result<std::vector<std::pair<std::uint32_t, std::uint32_t>>> decodeStore(Payload payload) {
    const auto map = decode(payload, CborType::Map, "a map");
    if (!map) {
        return tl::unexpected(map.error());
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
    for (std::size_t i = 0; i + 1 < map->items.size(); i += 2) {
        const auto key = map->items[i].u32();
        const auto value = map->items[i + 1].u32();
        if (!key || !value) {
            return wrong("a key or value is not a number of 32 bits");
        }
        result.emplace_back(*key, *value);
    }
    return result;
}

std::optional<BoardFault> decodeDiagnostic(Payload payload) {
    const auto map = decodeCbor(payload);
    if (!map || !map->is(CborType::Map)) {
        return std::nullopt;
    }
    MapReader reader(*map);
    auto fault = readFault(reader);
    return reader.problem().empty() ? fault : std::nullopt;
}

} // namespace rbpf::link
