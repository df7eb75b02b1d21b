// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/workstation_run.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include "boards/native/simulated_port.hpp"
#include "rbpf_agent/config.hpp"
#include "rbpf_bindings/bindings.hpp"
#include "rbpf_vm/rbpf_vm.h"
#include "rbpf_wire/coap_builder.hpp"
#include "sdk/image/verify.hpp"

namespace rbpf::cli {

namespace {

using support::ErrorKind;
using support::Result;
using Limits = agent::LargeConfig; // what a native board allows is what runs here

constexpr std::uint32_t kSliceInstructions = 1u << 20;               ///< between two looks at the stop token
constexpr std::uint32_t kRegionPacketRecord = RBPF_REGION_GRANT + 1; ///< as the agent grants it

std::size_t words(std::size_t bytes) {
    return (bytes + 7) / 8;
}

/// Memory aligned to 8, zeroed.
class Memory {
public:
    explicit Memory(std::size_t bytes) : bytes_(bytes), words_(std::make_unique<std::uint64_t[]>(words(bytes) + 1)) {}
    [[nodiscard]] std::uint8_t* data() { return reinterpret_cast<std::uint8_t*>(words_.get()); }
    [[nodiscard]] std::size_t size() const { return bytes_; }

private:
    std::size_t bytes_;
    std::unique_ptr<std::uint64_t[]> words_;
};

/// The one run, with everything it may reach.
class Run {
public:
    Run(const image::Image& image, const RunRequest& request, native::Devices devices)
        : image_(image), request_(request), port_(std::move(devices)), bytes_(image.bytes.size()),
          stack_(image.stackBytes), ram_(image.dataBytes + image.bssBytes), context_(request.context.size()),
          message_(Limits::kMessageBytes) {
        port_.clock = [this] { return nowUs_; };
        std::memcpy(bytes_.data(), image.bytes.data(), image.bytes.size());
        std::ranges::copy(request.context, context_.data());
    }

    Result<RunResult> run() {
        rbpf_image_t opened{};
        if (rbpf_image_open(&opened, bytes_.data(), static_cast<std::uint32_t>(bytes_.size())) != RBPF_STATUS_OK) {
            return support::fail(ErrorKind::Script, "the firmware's loader refuses the image");
        }
        scope_.port = &port_;
        scope_.store = &store_;
        scope_.log = [](void* who, const char* text, std::size_t size) {
            static_cast<Run*>(who)->log_.append(text, size);
        };
        scope_.logOwner = this;
        rbpf_container_init(&container_, &opened, &bindings::kFirmware, stack_.data(), ram_.data());
        container_.owner = &scope_;
        result_.regions = regionsOf(image_);
        if (request_.coap) {
            if (!grantRequest()) {
                return support::fail(ErrorKind::Usage, "the CoAP request does not fit into a message");
            }
        } else if (context_.size() != 0) {
            grant(RBPF_REGION_CONTEXT, "context", context_.data(), context_.size(), true);
        }
        rbpf_container_start(&container_, request_.insnIndex);
        if (!execute()) {
            return support::fail(ErrorKind::Cancelled, "cancelled");
        }
        report();
        return std::move(result_);
    }

private:
    void grant(std::uint32_t region, const char* name, void* memory, std::size_t size, bool writable) {
        const auto bytes = static_cast<std::uint32_t>(size);
        rbpf_container_grant(&container_, region, memory, bytes, writable ? 1 : 0);
        result_.regions.push_back({name, RBPF_ADDRESS(region, 0), bytes, writable});
    }

    /// The request as it would lie in the agent's buffer.
    bool grantRequest() {
        constexpr std::uint8_t kToken[] = {1, 2, 3, 4};
        wire::CoapBuilder builder(message_.data(), message_.size());
        builder.begin(wire::CoapType::Confirmable, request_.coap->method, 1, {kToken, sizeof kToken});
        builder.path(request_.coap->path.c_str());
        builder.payload({request_.coap->payload.data(), request_.coap->payload.size()});
        wire::CoapMessage message;
        const std::size_t length = builder.finish();
        if (length == 0 || wire::parseCoap(message, {message_.data(), length}) != wire::CoapParse::Ok) {
            return false;
        }
        exchange_.buffer = message_.data();
        exchange_.capacity = static_cast<std::uint32_t>(message_.size());
        exchange_.messageId = message.messageId;
        std::memcpy(exchange_.token, kToken, sizeof kToken);
        exchange_.tokenBytes = sizeof kToken;
        exchange_.describe(message);
        scope_.coap = &exchange_;
        // bpf_coap_ctx_t
        const std::uint64_t context[] = {RBPF_ADDRESS(kRegionPacketRecord, 0), RBPF_ADDRESS(RBPF_REGION_GRANT, 0),
                                         exchange_.capacity};
        std::memcpy(coapContext_, context, sizeof context);
        grant(RBPF_REGION_CONTEXT, "context", coapContext_, sizeof coapContext_, true);
        grant(RBPF_REGION_GRANT, "CoAP message", message_.data(), message_.size(), true);
        grant(kRegionPacketRecord, "packet record", &exchange_.packet, sizeof exchange_.packet, false);
        return true;
    }

    /// False if cancelled.
    bool execute() {
        result_.budget = request_.budget != 0 ? request_.budget
                         : image_.budget != 0 ? image_.budget
                                              : std::uint64_t{Limits::kBudget};
        while (!request_.stop.stop_requested()) {
            const std::uint64_t left = result_.budget - std::min(result_.budget, container_.instructions);
            if (left == 0) {
                result_.halt = RBPF_HALT_BUDGET;
                return true;
            }
            const std::uint32_t pc = container_.pc;
            const std::uint64_t before = container_.instructions;
            const rbpf_halt_t halt = rbpf_container_run(
                &container_,
                static_cast<std::uint32_t>(std::min<std::uint64_t>(left, request_.executed ? 1 : kSliceInstructions)));
            if (request_.executed && container_.instructions != before) {
                request_.executed(pc);
            }
            if (halt == RBPF_HALT_INTERRUPT && scope_.sleeping) {
                // Wakes at once: the clock is ours. Modulo 2^32, as the script's clock is.
                nowUs_ += scope_.wakeAtUs - static_cast<std::uint32_t>(nowUs_);
                scope_.sleeping = false;
            } else if (halt != RBPF_HALT_BUDGET && halt != RBPF_HALT_INTERRUPT) {
                result_.halt = halt;
                return true;
            }
        }
        return false;
    }

    void report() {
        result_.result = static_cast<std::int64_t>(container_.reg[0]);
        result_.instructions = container_.instructions;
        result_.log = std::move(log_);
        if (!request_.coap) {
            result_.context.assign(context_.data(), context_.data() + context_.size());
        }
        if (result_.halt == RBPF_HALT_FAULT) {
            const rbpf_fault_t& fault = container_.fault;
            result_.fault = Fault{fault.status, fault.insnIndex, fault.detail};
        } else if (result_.halt == RBPF_HALT_BUDGET) {
            result_.fault = Fault{RBPF_STATUS_BUDGET_SPENT, container_.pc, std::nullopt};
        } else if (request_.coap) {
            result_.answer = answer();
        }
    }

    /// What the agent would send: the result is a length, or minus a response code (headers/rbpf/coap.h).
    CoapAnswer answer() {
        const auto result = static_cast<std::int32_t>(container_.reg[0]);
        const int code = result < 0 && result >= -255 ? -result : wire::kCoapInternalError;
        const unsigned kind = wire::coapClass(static_cast<std::uint8_t>(code));
        if (result < 0 || exchange_.code == 0 || static_cast<std::uint32_t>(result) > exchange_.capacity) {
            return {static_cast<std::uint8_t>(kind == 4 || kind == 5 ? code : wire::kCoapInternalError), {}};
        }
        exchange_.stamp(wire::CoapType::Acknowledgement, exchange_.messageId);
        wire::CoapMessage message;
        if (wire::parseCoap(message, {exchange_.buffer, static_cast<std::size_t>(result)}) != wire::CoapParse::Ok) {
            return {wire::kCoapInternalError, {}};
        }
        return {message.code, {message.payload.data, message.payload.data + message.payload.size}};
    }

    static constexpr std::size_t kKeys = Limits::kKeysPerScope;

    const image::Image& image_;
    const RunRequest& request_;
    native::SimulatedPort port_;
    Memory bytes_;
    Memory stack_;
    Memory ram_;
    Memory context_;
    Memory message_;
    std::uint64_t coapContext_[3]{};
    std::uint64_t nowUs_ = 0;
    bindings::Store::Entry entries_[2 * kKeys];
    bindings::Store store_{entries_, 1, kKeys};
    bindings::CoapExchange exchange_{};
    bindings::Run scope_{};
    rbpf_container_t container_{};
    std::string log_;
    RunResult result_;
};

} // namespace

Result<RunResult> runHere(const image::Image& image, const RunRequest& request) {
    if (const auto rejection = image::verify(image)) {
        return support::fail(ErrorKind::Script, "the verifier rejects the image: " + rejection->sentence);
    }
    native::Devices devices = native::defaultDevices();
    if (!request.sensors.empty()) {
        auto loaded = native::loadDevices(request.sensors);
        if (!loaded) {
            return support::fail(ErrorKind::Script, loaded.error());
        }
        devices = std::move(*loaded);
    }
    // On the heap: with its stores it is large.
    return std::make_unique<Run>(image, request, std::move(devices))->run();
}

} // namespace rbpf::cli
