// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/run_options.hpp"

#include "ide/cli/coap_method.hpp"
#include "ide/cli/hex_option.hpp"

namespace rbpf::cli {

using support::ErrorKind;
using support::Result;

Result<image::Entry> findEntry(const image::Image& image, const std::string& name) {
    std::string names;
    for (const image::Entry& entry : image.entries) {
        if (name.empty() || entry.name == name) {
            return entry;
        }
        names += (names.empty() ? "" : ", ") + (entry.name.empty() ? "(unnamed)" : entry.name);
    }
    return support::fail(ErrorKind::Usage, "there is no entry \"" + name + "\" in the image", "it has " + names);
}

namespace {

/// --coap, or what a CoAP entry would be asked: GET of its own path.
Result<std::optional<CoapRequest>> coapRequest(const RunOptions& options, const image::Entry& entry) {
    constexpr std::string_view kPrefix = "coap/";
    const bool isCoap = entry.trigger.starts_with(kPrefix);
    if (options.coap.empty()) {
        const bool hasContext = !options.context.empty() || !options.contextHex.empty();
        return isCoap && !hasContext
                   ? std::optional(CoapRequest{
                         1, entry.trigger.substr(kPrefix.size()), {options.payload.begin(), options.payload.end()}})
                   : std::nullopt;
    }
    const auto method = coapMethod(options.coap[0]);
    if (!method) {
        return tl::unexpected(method.error());
    }
    return CoapRequest{*method, options.coap.at(1), {options.payload.begin(), options.payload.end()}};
}

} // namespace

Result<RunRequest> runRequest(const RunOptions& options, const image::Image& image, std::stop_token stop) {
    const auto entry = findEntry(image, options.entry);
    if (!entry) {
        return tl::unexpected(entry.error());
    }
    auto context = contextBytes(options.context, options.contextHex);
    if (!context) {
        return tl::unexpected(context.error());
    }
    auto coap = coapRequest(options, *entry);
    if (!coap) {
        return tl::unexpected(coap.error());
    }
    return RunRequest{entry->insnIndex, std::move(*context), std::move(*coap), options.budget, options.sensors, std::move(stop), {}};
}

void addRunOptions(CLI::App* command, RunOptions& options) {
    command->add_option("--entry", options.entry, "Name of the entry; the first one if left out");
    auto* file = command->add_option("--context", options.context, "File with the context, what r1 points at");
    auto* hex = command->add_option("--context-hex", options.contextHex, "The context in hexadecimal");
    file->excludes(hex);
    command
        ->add_option("--coap", options.coap,
                     "A CoAP request to answer, as GET /sensor; a CoAP entry is asked GET anyway")
        ->expected(2)
        ->excludes(file)
        ->excludes(hex);
    command->add_option("--payload", options.payload, "Payload of the CoAP request");
    command->add_option("--budget", options.budget, "Instructions the run may execute")->check(CLI::PositiveNumber);
    command->add_option("--sensors", options.sensors, "JSON file that describes the simulated devices");
}

} // namespace rbpf::cli
