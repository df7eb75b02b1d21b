// SPDX-License-Identifier: LGPL-2.1-or-later
// The only door from the firmware to a platform: clock, serial line, datagrams, storage, devices, log.
// A board implements it once; tests implement it with fakes that misbehave. All calls come from the one thread that
// runs the agent; none may block.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <rbpf/phydat.h>
#include <rbpf/status.h>

namespace rbpf::port {

/// A run of bytes that somebody else owns; std::span where there is no standard library.
struct Bytes {
    const uint8_t* data = nullptr;
    size_t size = 0;
};

/// One sensor or actuator of the board, in registry order.
struct Device {
    const char* name; ///< static, for people
    uint8_t type;     ///< SAUL class (saul.h)
};

/// A GPIO pin of a board whose world is simulated.
struct Pin {
    uint32_t number;
    bool output;
    int level;
};

class Port {
public:
    /// Monotonic, wraps. Microseconds since start.
    virtual uint32_t nowUs() = 0;
    /// Monotonic milliseconds since start; not derived from nowUs, which wraps earlier.
    virtual uint32_t nowMs() = 0;
    /// A number nobody else on the line is likely to have (message ids, tokens).
    virtual uint32_t random() = 0;

    /// Queues bytes on the serial line; the number taken, fewer than `size` when the line is congested.
    virtual size_t serialWrite(const uint8_t* data, size_t size) = 0;
    /// Sends a datagram to the peer that `peer` (the board's own number for it) stands for. Drops it if it can't.
    virtual void datagramWrite(uint32_t peer, const uint8_t* data, size_t size) = 0;

    /// The bytes committed to a slot, where they are executed in place (aligned to 8), or {nullptr, 0}.
    virtual Bytes slot(uint32_t slot) = 0;
    /// Starts staging `size` bytes for a slot. What the slot holds stays valid until commit.
    virtual rbpf_status_t stageBegin(uint32_t slot, size_t size) = 0;
    /// Adds staged bytes at `offset`, which is where the last write ended.
    virtual rbpf_status_t stageWrite(size_t offset, const uint8_t* data, size_t size) = 0;
    /// The staged bytes, where they would be executed; for the verifier.
    virtual Bytes staged() = 0;
    /// Switches the slot to the staged bytes in one step: after a power cut it holds either the old or the new ones.
    /// `size` 0 empties the slot. A failure leaves the slot as it was.
    virtual rbpf_status_t stageCommit(uint32_t slot) = 0;
    /// Forgets staged bytes.
    virtual void stageAbort() = 0;
    /// Empties a slot.
    virtual rbpf_status_t slotRemove(uint32_t slot) = 0;

    /// The key-value stores as one blob, as last saved; {nullptr, 0} if never.
    virtual Bytes storeLoad() = 0;
    /// Saves them. May put off the write; must not lose an earlier blob when it fails.
    virtual rbpf_status_t storeSave(const uint8_t* data, size_t size) = 0;

    /// Devices of the SAUL registry, 0 … deviceCount()-1.
    virtual uint32_t deviceCount() = 0;
    virtual Device device(uint32_t index) = 0;
    /// The number of values read or written (1 … 3), negative on failure. index < deviceCount().
    virtual int deviceRead(uint32_t index, phydat_t& reading) = 0;
    virtual int deviceWrite(uint32_t index, const phydat_t& value) = 0;
    /// Levels of GPIO pins (pin = port * 32 + number in the port): 0 or 1, negative if there is no such pin.
    virtual int gpioRead(uint32_t pin, bool output) = 0;
    virtual int gpioWrite(uint32_t pin, int level) = 0;

    /// A board whose sensors are made up, so that they can be told what to read. Others need none of the following.
    virtual bool isSimulated() const { return false; }
    /// From now on the sensor reads these values (in units of its scale); `count` 0 = its own signal again. Negative on
    /// failure. index < deviceCount().
    virtual int deviceSimulate(uint32_t, const int16_t*, unsigned) { return -1; }
    virtual uint32_t pinCount() { return 0; }
    /// index < pinCount().
    virtual Pin pin(uint32_t) { return {}; }
    /// Sets what an input pin reads. Negative if there is no such input.
    virtual int pinSimulate(uint32_t, int) { return -1; }

protected:
    ~Port() = default;
};

} // namespace rbpf::port
