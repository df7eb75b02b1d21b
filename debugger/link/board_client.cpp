// SPDX-License-Identifier: GPL-3.0-or-later
// One row for each request: path, method, and how its answer is read.
#include "debugger/link/board_client.hpp"

#include <fmt/format.h>

#include <rbpf/status.h>
#include <rbpf/wire.h>

#include "debugger/link/block_transfer.hpp"
#include "debugger/link/board_replies.hpp"
#include "debugger/link/coap_client.hpp"
#include "debugger/link/status_text.hpp"
#include "rbpf_wire/cbor.hpp"
#include "rbpf_wire/coap_message.hpp"

namespace rbpf::link {

using support::ErrorKind;
using support::Result;
using transport::Clock;

namespace {

constexpr const char* kRoot = RBPF_RESOURCE_ROOT;

std::string slotPath(std::uint32_t slot) {
    return fmt::format("{}/{}/{}", kRoot, RBPF_RESOURCE_SLOTS, slot);
}

std::string storePath(const std::string& scope) {
    return fmt::format("{}/{}/{}", kRoot, RBPF_RESOURCE_STORE, scope);
}

void addSplit(CoapRequest& request, std::uint16_t number, std::string_view text, char separator) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(separator), text.size());
        if (end != 0) {
            request.add(number, std::string(text.substr(0, end)));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// `path` may carry a query: "sensor?unit=c&raw=1".
CoapRequest makeRequest(std::uint8_t method, const std::string& path, std::vector<std::uint8_t> payload) {
    CoapRequest request;
    request.method = method;
    const std::size_t question = path.find('?');
    addSplit(request, wire::kOptionUriPath, std::string_view(path).substr(0, question), '/');
    if (question != std::string::npos) {
        addSplit(request, wire::kOptionUriQuery, std::string_view(path).substr(question + 1), '&');
    }
    request.payload = std::move(payload);
    return request;
}

/// A hint for statuses that have an obvious next step.
const char* hintFor(int status) {
    switch (status) {
    case RBPF_STATUS_BLOCK_ORDER:
        return "the board was reset, or another program installs on it at the same time; try again";
    case RBPF_STATUS_UNKNOWN_BINDING:
        return "the board's firmware lacks a binding that the script uses; update the firmware";
    case RBPF_STATUS_TOO_LARGE:
        return "make the script smaller, or choose a board with more memory";
    case RBPF_STATUS_NO_SUCH_SLOT:
    case RBPF_STATUS_SLOT_EMPTY:
        return "`rbpf list` shows the slots";
    case RBPF_STATUS_CHECKSUM:
    case RBPF_STATUS_TRUNCATED:
        return "build the script again and deploy it once more";
    default:
        return "";
    }
}

} // namespace

struct BoardClient::Impl {
    Impl(std::unique_ptr<transport::Transport> line, CoapTiming timing)
        : client(std::move(line), timing), transfer(client) {}

    CoapClient client;
    BlockTransfer transfer;
    std::optional<BoardFault> lastFault;

    Result<CoapReply> perform(CoapRequest request, const Options& options) {
        lastFault.reset();
        const std::size_t total = request.payload.size();
        std::function<void(std::size_t)> sent;
        if (options.progress) {
            sent = [&options, total](std::size_t done) { options.progress(done, total); };
        }
        return transfer.perform(std::move(request), options.deadline, options.stop, sent);
    }

    /// A management request: error responses become Errors.
    Result<CoapReply> manage(CoapRequest request, const Options& options) {
        auto reply = perform(std::move(request), options);
        if (!reply) {
            return reply;
        }
        switch (wire::coapClass(reply->code)) {
        case 2:
            return reply;
        case 4:
        case 5:
            return refusal(*reply);
        default:
            return support::fail(ErrorKind::Board, fmt::format("{}: the board answered {}, which is no answer",
                                                               client.name(), codeText(reply->code)));
        }
    }

    tl::unexpected<support::Error> refusal(const CoapReply& reply) {
        lastFault = decodeDiagnostic(reply.payload);
        if (lastFault) {
            return support::fail(ErrorKind::Board, "the board says " + faultText(*lastFault),
                                 hintFor(lastFault->status));
        }
        std::string message = fmt::format("the board answered {}", codeText(reply.code));
        if (reply.code == wire::kCoapTooLarge) {
            if (const auto limit = reply.findUint(wire::kOptionSize1)) {
                message += fmt::format("; it takes at most {} bytes", *limit);
            }
        }
        return support::fail(ErrorKind::Board, std::move(message),
                             reply.code == wire::kCoapNotFound ? "is this a board with rBPF firmware?" : "");
    }

    template <typename Decode>
    auto get(const std::string& path, const Options& options, Decode decode) -> decltype(decode(Payload{})) {
        const auto reply = manage(makeRequest(wire::kCoapGet, path, {}), options);
        return reply ? decode(Payload(reply->payload)) : tl::unexpected(reply.error());
    }

    /// Sends bytes or CBOR and asks for nothing but success.
    Result<void> send(std::uint8_t method, const std::string& path, std::uint16_t format,
                      std::vector<std::uint8_t> payload, const Options& options) {
        CoapRequest request = makeRequest(method, path, std::move(payload));
        if (!request.payload.empty()) {
            request.add(wire::kOptionContentFormat, format);
        }
        const auto reply = manage(std::move(request), options);
        return reply ? Result<void>{} : tl::unexpected(reply.error());
    }
};

BoardClient::BoardClient(std::unique_ptr<transport::Transport> line, CoapTiming timing)
    : impl_(std::make_unique<Impl>(std::move(line), timing)) {}
BoardClient::~BoardClient() = default;
BoardClient::BoardClient(BoardClient&&) noexcept = default;
BoardClient& BoardClient::operator=(BoardClient&&) noexcept = default;

Result<BoardInfo> BoardClient::info(const Options& options) {
    return impl_->get(kRoot, options, decodeInfo);
}

Result<std::vector<SlotInfo>> BoardClient::slots(const Options& options) {
    return impl_->get(fmt::format("{}/{}", kRoot, RBPF_RESOURCE_SLOTS), options, decodeSlots);
}

Result<void> BoardClient::install(std::uint32_t slot, const std::vector<std::uint8_t>& image, const Options& options) {
    return impl_->send(wire::kCoapPut, slotPath(slot), wire::kFormatOctets, image, options);
}

Result<std::vector<std::uint8_t>> BoardClient::readBack(std::uint32_t slot, const Options& options) {
    auto reply = impl_->manage(makeRequest(wire::kCoapGet, slotPath(slot), {}), options);
    return reply ? Result<std::vector<std::uint8_t>>(std::move(reply->payload)) : tl::unexpected(reply.error());
}

Result<void> BoardClient::remove(std::uint32_t slot, const Options& options) {
    return impl_->send(wire::kCoapDelete, slotPath(slot), 0, {}, options);
}

Result<RunInfo> BoardClient::invoke(std::uint32_t slot, const std::string& entry,
                                    const std::vector<std::uint8_t>& context, const Options& options) {
    CoapRequest request =
        makeRequest(wire::kCoapPost, fmt::format("{}/{}", slotPath(slot), RBPF_RESOURCE_INVOKE), context);
    if (!entry.empty()) {
        request.add(wire::kOptionUriQuery, "entry=" + entry);
    }
    const auto reply = impl_->manage(std::move(request), options);
    return reply ? decodeRun(reply->payload) : tl::unexpected(reply.error());
}

Result<std::vector<RunInfo>> BoardClient::fire(const std::string& trigger, const std::vector<std::uint8_t>& context,
                                               const Options& options) {
    const auto reply = impl_->manage(
        makeRequest(wire::kCoapPost, fmt::format("{}/{}/{}", kRoot, RBPF_RESOURCE_HOOKS, trigger), context), options);
    return reply ? decodeRuns(reply->payload) : tl::unexpected(reply.error());
}

Result<std::uint32_t> BoardClient::storeGet(const std::string& scope, std::uint32_t key, const Options& options) {
    return impl_->get(fmt::format("{}/{}", storePath(scope), key), options, decodeValue);
}

Result<void> BoardClient::storeSet(const std::string& scope, std::uint32_t key, std::uint32_t value,
                                   const Options& options) {
    std::vector<std::uint8_t> payload(9);
    wire::CborWriter writer(payload.data(), payload.size());
    writer.uint(value);
    payload.resize(writer.size());
    return impl_->send(wire::kCoapPut, fmt::format("{}/{}", storePath(scope), key), wire::kFormatCbor,
                       std::move(payload), options);
}

Result<std::vector<std::pair<std::uint32_t, std::uint32_t>>> BoardClient::storeList(const std::string& scope,
                                                                                    const Options& options) {
    return impl_->get(storePath(scope), options, decodeStore);
}

Result<void> BoardClient::storeRemove(const std::string& scope, std::uint32_t key, const Options& options) {
    return impl_->send(wire::kCoapDelete, fmt::format("{}/{}", storePath(scope), key), 0, {}, options);
}

Result<std::vector<DeviceInfo>> BoardClient::devices(const Options& options) {
    return impl_->get(fmt::format("{}/{}", kRoot, RBPF_RESOURCE_DEVICES), options, decodeDevices);
}

Result<void> BoardClient::simulate(std::uint32_t device, const std::vector<std::int16_t>& values,
                                   const Options& options) {
    std::vector<std::uint8_t> bytes;
    for (const std::int16_t value : values) {
        bytes.push_back(static_cast<std::uint8_t>(value));
        bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint16_t>(value) >> 8));
    }
    std::vector<std::uint8_t> payload(bytes.size() + 9);
    wire::CborWriter writer(payload.data(), payload.size());
    writer.bytes({bytes.data(), bytes.size()});
    payload.resize(writer.size());
    return impl_->send(wire::kCoapPut, fmt::format("{}/{}/{}", kRoot, RBPF_RESOURCE_DEVICES, device),
                       wire::kFormatCbor, std::move(payload), options);
}

Result<std::vector<PinInfo>> BoardClient::pins(const Options& options) {
    return impl_->get(fmt::format("{}/{}", kRoot, RBPF_RESOURCE_PINS), options, decodePins);
}

Result<void> BoardClient::simulatePin(std::uint32_t pin, bool isHigh, const Options& options) {
    return impl_->send(wire::kCoapPut, fmt::format("{}/{}/{}", kRoot, RBPF_RESOURCE_PINS, pin), wire::kFormatCbor,
                       {static_cast<std::uint8_t>(isHigh ? 1 : 0)}, options);
}

Result<Stats> BoardClient::stats(const Options& options) {
    return impl_->get(fmt::format("{}/{}", kRoot, RBPF_RESOURCE_STATS), options, decodeStats);
}

Result<Response> BoardClient::request(std::uint8_t method, const std::string& path,
                                      const std::vector<std::uint8_t>& payload, const Options& options,
                                      std::optional<std::uint16_t> format) {
    CoapRequest request = makeRequest(method, path, payload);
    if (format) {
        request.add(wire::kOptionContentFormat, *format);
    }
    auto reply = impl_->perform(std::move(request), options);
    if (!reply) {
        return tl::unexpected(reply.error());
    }
    Response response;
    response.code = reply->code;
    if (const auto format = reply->findUint(wire::kOptionContentFormat); format && *format <= 0xFFFF) {
        response.format = static_cast<std::uint16_t>(*format);
    }
    if (const auto* tag = reply->find(wire::kOptionETag)) {
        response.etag.assign(tag->begin(), tag->end());
    }
    response.payload = std::move(reply->payload);
    return response;
}

Result<std::string> BoardClient::log(std::chrono::milliseconds wait, const Options& options) {
    if (auto listened = impl_->client.listen(Clock::now() + wait, options.stop);
        !listened && impl_->client.console().empty()) {
        return tl::unexpected(listened.error());
    }
    return impl_->client.console().take();
}

const std::optional<BoardFault>& BoardClient::lastFault() const {
    return impl_->lastFault;
}

} // namespace rbpf::link
