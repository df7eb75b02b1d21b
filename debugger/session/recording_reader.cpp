// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "debugger/session/recording.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "rbpf_wire/cbor.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::Result;
using wire::CborType;

namespace {

constexpr std::uint64_t kStepsMax = 1000000000; ///< ten times what any board lets a run execute
constexpr std::uint32_t kRegionBytesMax = 1u << 16;

/// Reads by schema, item by item: what a file claims costs no more memory than what it holds. The first mistake sticks;
/// everything read after it is empty.
class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : in_({bytes.data(), bytes.size()}) {}

    Recording recording() {
        Recording result;
        bool isFirst = true, hasImage = false;
        for (std::uint64_t pairs = head(CborType::Map, "a recording"); pairs > 0 && good(); --pairs) {
            const std::string key = text();
            const Place place(*this, key);
            if (isFirst != (key == "rbpf-recording")) {
                fail("this is not a recording of rBPF Studio");
            } else if (isFirst) {
                if (const auto version = number(UINT32_MAX); good() && version != 1) {
                    fail(fmt::format("version {}; this program reads version 1", version));
                }
            } else if (key == "image") {
                result.image = bytes(UINT32_MAX);
                hasImage = true;
            } else if (key == "debug") {
                result.debugElf = bytes(UINT32_MAX);
            } else if (key == "runs") {
                list("runs", [&] {
                    result.known.push_back(0);
                    result.runs.push_back(run(result.known.back()));
                });
            } else {
                skip();
            }
            isFirst = false;
        }
        if (good() && isFirst) {
            fail("this is not a recording of rBPF Studio");
        } else if (good() && !hasImage) {
            fail("there is no image in it");
        } else if (good() && !in_.atEnd()) {
            fail("more bytes behind its end");
        }
        return result;
    }

    [[nodiscard]] bool good() const { return error_.empty(); }
    [[nodiscard]] const std::string& error() const { return error_; }

private:
    /// A part of the path in messages, as long as it lives.
    class Place {
    public:
        Place(Reader& reader, const std::string& name) : reader_(reader), length_(reader.path_.size()) {
            reader.path_ += (reader.path_.empty() || name.starts_with('[') ? "" : ".") + name;
        }
        ~Place() { reader_.path_.resize(length_); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

    private:
        Reader& reader_;
        std::size_t length_;
    };

    void fail(const std::string& what) {
        if (good()) {
            error_ = (path_.empty() ? "" : path_ + ": ") + what;
        }
    }

    bool next(wire::CborItem& item) {
        if (!good()) {
            return false;
        }
        if (!in_.next(item)) {
            fail(in_.failed() ? "damaged: these bytes are no CBOR of a recording" : "the file ends here");
            return false;
        }
        return true;
    }

    std::uint64_t head(CborType type, const char* what) {
        wire::CborItem item;
        if (next(item) && item.type != type) {
            fail(std::string("expected ") + what);
        }
        return good() ? item.value : 0;
    }

    /// An array of exactly `count` items.
    bool tuple(std::uint64_t count, const char* what) {
        if (head(CborType::Array, what) != count) {
            fail(fmt::format("expected {} of {} items", what, count));
        }
        return good();
    }

    template <typename Function>
    void list(const char* what, Function&& item) {
        const std::uint64_t count = head(CborType::Array, what);
        for (std::uint64_t i = 0; i < count && good(); ++i) {
            const Place place(*this, fmt::format("[{}]", i));
            item();
        }
    }

    std::uint64_t number(std::uint64_t most) {
        wire::CborItem item;
        if (next(item) && (item.type != CborType::Uint || item.value > most)) {
            fail(fmt::format("expected a number up to {}", most));
        }
        return good() ? item.value : 0;
    }

    int integer(int least, int most) {
        wire::CborItem item;
        if (!next(item)) {
            return 0;
        }
        const bool isNumber = item.type == CborType::Uint || item.type == CborType::Negative;
        const std::int64_t value = !isNumber || item.value > INT32_MAX ? std::numeric_limits<std::int64_t>::max()
                                   : item.type == CborType::Uint       ? static_cast<std::int64_t>(item.value)
                                                                       : -1 - static_cast<std::int64_t>(item.value);
        if (value < least || value > most) {
            fail(fmt::format("expected a number from {} to {}", least, most));
        }
        return good() ? static_cast<int>(value) : 0;
    }

    std::vector<std::uint8_t> bytes(std::size_t most) {
        wire::CborItem item;
        if (next(item) && (item.type != CborType::Bytes || item.data.size > most)) {
            fail(fmt::format("expected at most {} bytes", most));
        }
        return good() && item.data.size != 0
                   ? std::vector<std::uint8_t>(item.data.data, item.data.data + item.data.size)
                   : std::vector<std::uint8_t>();
    }

    std::string text() {
        wire::CborItem item;
        if (next(item) && item.type != CborType::Text) {
            fail("expected a name");
        }
        if (!good() || item.data.size > 32) {
            return {}; // no key of ours
        }
        std::string key(reinterpret_cast<const char*>(item.data.data), item.data.size);
        const bool isPlain = std::ranges::all_of(key, [](char c) { return c >= ' ' && c <= '~'; });
        return isPlain ? key : std::string();
    }

    void skip() {
        if (good() && !in_.skip()) {
            fail("damaged: these bytes are no CBOR of a recording");
        }
    }

    RecordedWrite write() {
        RecordedWrite result;
        if (tuple(2, "a piece of memory")) {
            result.address = static_cast<std::uint32_t>(number(UINT32_MAX));
            result.bytes = bytes(kRegionBytesMax);
        }
        return result;
    }

    /// Steps in a list must not go backwards.
    std::uint64_t step(std::uint64_t least) {
        const std::uint64_t value = number(kStepsMax);
        if (value < least) {
            fail(fmt::format("step {} comes behind a later one", value));
        }
        return value;
    }

    RecordedCall call(std::uint64_t least) {
        RecordedCall result;
        if (tuple(4, "a binding call")) {
            result.step = step(least);
            result.id = static_cast<std::uint32_t>(number(UINT32_MAX));
            result.result = number(UINT64_MAX);
            list("writes", [&] { result.writes.push_back(write()); });
        }
        return result;
    }

    RecordedEdit edit(std::uint64_t least) {
        RecordedEdit result;
        if (tuple(4, "a change")) {
            result.step = step(least);
            result.reg = integer(-1, RBPF_REGISTERS);
            result.value = number(UINT64_MAX);
            result.write = write();
        }
        return result;
    }

    std::optional<RecordedEnd> end() {
        wire::CborItem item;
        if (!next(item) || item.type == CborType::Null) {
            return std::nullopt;
        }
        if (item.type != CborType::Array || item.value != 5) {
            fail("expected an end of 5 items");
        }
        RecordedEnd result;
        result.cause = static_cast<rbpf_cause_t>(integer(0, RBPF_CAUSE_GONE));
        result.instructions = number(kStepsMax);
        result.result = number(UINT64_MAX);
        result.status = integer(-127, 127);
        result.detail = static_cast<std::uint32_t>(number(UINT32_MAX));
        if (result.cause != RBPF_CAUSE_EXIT && result.cause != RBPF_CAUSE_FAULT && result.cause != RBPF_CAUSE_BUDGET) {
            fail("a run does not end like that");
        }
        return result;
    }

    RecordedRun run(std::uint64_t& known) {
        RecordedRun result;
        for (std::uint64_t pairs = head(CborType::Map, "a run"); pairs > 0 && good(); --pairs) {
            const std::string key = text();
            const Place place(*this, key);
            if (key == "start") {
                if (tuple(4, "a start")) {
                    result.entryPc = static_cast<std::uint32_t>(number(UINT32_MAX));
                    result.r1 = number(UINT64_MAX);
                    result.r2 = number(UINT64_MAX);
                    result.r10 = number(UINT64_MAX);
                }
            } else if (key == "regions") {
                list("regions", [&] {
                    if (tuple(3, "a region")) {
                        const int index = integer(0, RBPF_REGION_COUNT - 1);
                        const auto size = static_cast<std::uint32_t>(number(kRegionBytesMax));
                        result.regions.push_back({index, size, integer(0, 3)});
                    }
                });
            } else if (key == "memory") {
                list("memory", [&] { result.memory.push_back(write()); });
            } else if (key == "calls") {
                list("calls",
                     [&] { result.calls.push_back(call(result.calls.empty() ? 0 : result.calls.back().step + 1)); });
            } else if (key == "edits") {
                list("edits",
                     [&] { result.edits.push_back(edit(result.edits.empty() ? 0 : result.edits.back().step)); });
            } else if (key == "end") {
                result.end = end();
            } else if (key == "known") {
                known = number(kStepsMax);
            } else {
                skip();
            }
        }
        return result;
    }

    wire::CborReader in_;
    std::string path_, error_;
};

} // namespace

Result<Recording> decodeRecording(std::span<const std::uint8_t> bytes) {
    Reader reader(bytes);
    Recording recording = reader.recording();
    if (!reader.good()) {
        return support::fail(ErrorKind::Io, reader.error(), "a recording is what `save` in a debug session writes");
    }
    return recording;
}

} // namespace rbpf::session
