// SPDX-License-Identifier: LGPL-2.1-or-later
// Slipmux framing (draft-bormann-t2trg-slipmux over RFC 1055): diagnostic text, CoAP and debug packets on one line.
// Frame types are RBPF_FRAME_* of <rbpf/wire.h>; CoAP and debug frames carry an FCS over type and payload.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "rbpf_wire/bytes.hpp"

namespace rbpf::wire {

/// Type byte and FCS: what a decoder's buffer needs besides the payload.
inline constexpr size_t kFrameOverhead = 3;

/// True for the types that carry an FCS.
bool frameHasFcs(uint8_t type);

/// Most bytes that a payload can take on the line: everything escaped, an END on each side.
constexpr size_t slipmuxBound(size_t payloadBytes) {
    return 2 * (payloadBytes + kFrameOverhead) + 2;
}

/// Turns one frame into line bytes piece by piece, as fast as the line takes them. Starts each frame with an END, so
/// that noise before it cannot damage it; never sends an abort (peers do not understand it).
class SlipmuxEncoder {
public:
    /// The payload must stay valid until done().
    void start(uint8_t type, Bytes payload);
    /// Writes the next line bytes, at most `capacity`; the number written, 0 when done.
    size_t read(uint8_t* out, size_t capacity);
    /// True when the whole frame has been read, and before the first start().
    [[nodiscard]] bool done() const { return stage_ == Stage::Done; }

private:
    enum class Stage : uint8_t {
        Begin,
        Body,
        End,
        Done
    };
    uint8_t unescaped() const;

    Bytes payload_;
    size_t position_ = 0; ///< in type | payload | FCS
    size_t total_ = 0;
    uint16_t fcs_ = 0;
    uint8_t type_ = 0;
    uint8_t escaped_ = 0; ///< second byte of an escape still to be written, or 0
    Stage stage_ = Stage::Done;
};

/// A whole frame at once; its length on the line, or 0 if `capacity` is too small (slipmuxBound() always suffices).
size_t slipmuxEncode(uint8_t type, Bytes payload, uint8_t* out, size_t capacity);

/// One received frame: payload without type and FCS, inside of the decoder's buffer.
struct Frame {
    uint8_t type = 0;
    Bytes payload;
};

/// What a decoder has thrown away since it was made; wraps.
struct SlipmuxErrors {
    uint32_t oversize = 0; ///< frames longer than the buffer
    uint32_t damaged = 0;  ///< wrong FCS, impossible escape, or too short
    uint32_t unknown = 0;  ///< frames of a type that is not ours
};

/// Takes line bytes one by one. Begins in an unknown state: what comes before the first END is dropped. A frame that is
/// damaged, too long or of unknown type is dropped whole, and the next END starts afresh.
class SlipmuxDecoder {
public:
    /// `buffer` holds type, payload and FCS of one frame: longest payload + kFrameOverhead bytes.
    SlipmuxDecoder(uint8_t* buffer, size_t capacity) : buffer_(buffer), capacity_(capacity) {}

    /// True if this byte completed a good frame; then frame() is valid until the next put().
    bool put(uint8_t byte);
    [[nodiscard]] const Frame& frame() const { return frame_; }
    [[nodiscard]] const SlipmuxErrors& errors() const { return errors_; }

private:
    bool finish();
    void store(uint8_t byte);

    uint8_t* buffer_;
    size_t capacity_;
    size_t size_ = 0;
    uint16_t fcs_ = 0;
    enum class State : uint8_t {
        Unknown,
        Frame,
        Escape,
        Drop
    } state_ = State::Unknown;
    Frame frame_;
    SlipmuxErrors errors_;
};

} // namespace rbpf::wire
