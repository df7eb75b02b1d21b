// SPDX-License-Identifier: LGPL-2.1-or-later
// What the bindings need of the firmware around them, and the door by which the VM reaches them.
#pragma once

#include "rbpf_bindings/coap_exchange.hpp"
#include "rbpf_bindings/store.hpp"
#include "rbpf_port/port.hpp"
#include "rbpf_vm/rbpf_vm.h"

namespace rbpf::bindings {

/// Takes text for the board's console; may drop it.
using LogFunction = void (*)(void* who, const char* text, size_t size);

/// Told of what bindings do, while a debugger is attached. Addresses are the script's.
class Recorder {
public:
    /// A binding reads or writes (RBPF_READ, RBPF_WRITE) these bytes, all inside of one region. Of what is written the
    /// bytes stand there when called() is.
    virtual void touched(uint32_t address, uint32_t size, uint32_t mode) = 0;
    /// A binding has done its work: `status` as rbpf_firmware_t::call returns it; the result takes its place.
    virtual int called(uint32_t id, int status) = 0;

protected:
    ~Recorder() = default;
};

/// What the scripts of one slot may reach. The agent owns one for each slot and puts it into container.owner.
struct Run {
    port::Port* port = nullptr;
    Store* store = nullptr;
    CoapExchange* coap = nullptr; ///< null outside of a run that answers a CoAP request
    LogFunction log = nullptr;
    void* logOwner = nullptr;
    Recorder* recorder = nullptr; ///< null: nobody records
    uint32_t wakeAtUs = 0;        ///< set by ztimer_periodic_wakeup together with `sleeping`
    uint8_t slot = 0;             ///< scope of the script's own store
    bool sleeping = false;        ///< the run stopped to be gone on with at wakeAtUs; the agent clears it
};

/// `has` and `call` for rbpf_firmware_t. Every container run with it needs a Run as its owner.
extern const rbpf_firmware_t kFirmware;

} // namespace rbpf::bindings
