// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/session/recording.hpp"

#include "debugger/session/history_impl.hpp"
#include "rbpf_wire/cbor.hpp"
#include "sdk/support/files.hpp"

namespace rbpf::session {

using support::ErrorKind;
using support::Result;

namespace {

constexpr std::uintmax_t kFileBytesMax = std::uintmax_t{256} << 20;

wire::Bytes view(const std::vector<std::uint8_t>& bytes) {
    return {bytes.data(), bytes.size()};
}

void put(wire::CborWriter& out, const RecordedWrite& write) {
    out.array(2);
    out.uint(write.address);
    out.bytes(view(write.bytes));
}

void put(wire::CborWriter& out, const std::vector<RecordedWrite>& writes) {
    out.array(writes.size());
    for (const RecordedWrite& write : writes) {
        put(out, write);
    }
}

void put(wire::CborWriter& out, const RecordedRun& run, std::uint64_t known) {
    out.map(7);
    out.text("start");
    out.array(4);
    out.uint(run.entryPc);
    out.uint(run.r1);
    out.uint(run.r2);
    out.uint(run.r10);
    out.text("regions");
    out.array(run.regions.size());
    for (const RecordedRegion& region : run.regions) {
        out.array(3);
        out.integer(region.index);
        out.uint(region.size);
        out.integer(region.access);
    }
    out.text("memory");
    put(out, run.memory);
    out.text("calls");
    out.array(run.calls.size());
    for (const RecordedCall& call : run.calls) {
        out.array(4);
        out.uint(call.step);
        out.uint(call.id);
        out.uint(call.result);
        put(out, call.writes);
    }
    out.text("edits");
    out.array(run.edits.size());
    for (const RecordedEdit& edit : run.edits) {
        out.array(4);
        out.uint(edit.step);
        out.integer(edit.reg);
        out.uint(edit.value);
        put(out, edit.write);
    }
    out.text("end");
    if (run.end) {
        out.array(5);
        out.integer(run.end->cause);
        out.uint(run.end->instructions);
        out.uint(run.end->result);
        out.integer(run.end->status);
        out.uint(run.end->detail);
    } else {
        out.null();
    }
    out.text("known");
    out.uint(known);
}

void put(wire::CborWriter& out, const std::vector<std::uint8_t>& image, const std::vector<std::uint8_t>& debugElf,
         const std::vector<RecordedRun>& runs, const std::vector<std::uint64_t>& known) {
    out.map(4);
    out.text("rbpf-recording");
    out.uint(1);
    out.text("image");
    out.bytes(view(image));
    out.text("debug");
    out.bytes(view(debugElf));
    out.text("runs");
    out.array(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        put(out, runs[i], i < known.size() ? known[i] : 0);
    }
}

std::vector<std::uint8_t> encode(const std::vector<std::uint8_t>& image, const std::vector<std::uint8_t>& debugElf,
                                 const std::vector<RecordedRun>& runs, const std::vector<std::uint64_t>& known) {
    wire::CborWriter measure(nullptr, 0);
    put(measure, image, debugElf, runs, known);
    std::vector<std::uint8_t> bytes(measure.total());
    wire::CborWriter out(bytes.data(), bytes.size());
    put(out, image, debugElf, runs, known);
    return bytes;
}

} // namespace

std::vector<std::uint8_t> encodeRecording(const Recording& recording) {
    return encode(recording.image, recording.debugElf, recording.runs, recording.known);
}

Result<History::Loaded> openRecording(std::span<const std::uint8_t> bytes) {
    auto recording = decodeRecording(bytes);
    if (!recording) {
        return tl::unexpected(recording.error());
    }
    auto history = History::create(std::move(recording->image));
    if (!history) {
        return tl::unexpected(history.error());
    }
    for (std::size_t i = 0; i < recording->runs.size(); ++i) {
        history->beginRun(std::move(recording->runs[i]));
        history->reached(recording->known[i]);
    }
    return History::Loaded{std::move(*history), std::move(recording->debugElf)};
}

Result<void> History::save(const std::filesystem::path& file, const std::vector<std::uint8_t>& debugElf) const {
    return support::writeAtomically(
        file, std::span<const std::uint8_t>(encode(image(), debugElf, impl_->runs, impl_->known)));
}

Result<History::Loaded> History::load(const std::filesystem::path& file) {
    std::error_code code;
    if (std::filesystem::file_size(file, code) > kFileBytesMax && !code) {
        return support::fail(ErrorKind::Io, file.string() + ": larger than any recording");
    }
    const auto bytes = support::readBytes(file);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    auto loaded = openRecording(*bytes);
    if (!loaded) {
        loaded.error().message = file.string() + ": " + loaded.error().message;
    }
    return loaded;
}

} // namespace rbpf::session
