// SPDX-License-Identifier: GPL-3.0-or-later
// Going on, forwards and backwards. A request starts it; the stop comes as an event.
#include "debugger/dap/adapter.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;

session::Granularity granularityOf(const Arguments& arguments) {
    return arguments.text("granularity") == "instruction" ? session::Granularity::Instruction
                                                          : session::Granularity::Line;
}

} // namespace

Answer Adapter::resume(const Arguments&) {
    if (const auto done = session_->resume(); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json{{"allThreadsContinued", true}};
}

Answer Adapter::next(const Arguments& arguments) {
    if (const auto done = session_->stepOver(granularityOf(arguments)); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json();
}

Answer Adapter::stepIn(const Arguments& arguments) {
    if (const auto done = session_->stepInto(granularityOf(arguments)); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json();
}

Answer Adapter::stepOut(const Arguments&) {
    if (const auto done = session_->stepOut(); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json();
}

Answer Adapter::stepBack(const Arguments& arguments) {
    if (const auto done = session_->stepBackOver(granularityOf(arguments)); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json();
}

Answer Adapter::reverseContinue(const Arguments&) {
    if (const auto done = session_->reverseResume(); !done) {
        return tl::unexpected(done.error());
    }
    forget();
    return json();
}

Answer Adapter::pause(const Arguments&) {
    if (!session_->running()) {
        return json(); // it has stopped by itself on the way
    }
    if (const auto done = session_->interrupt(); !done) {
        return tl::unexpected(done.error());
    }
    return json();
}

} // namespace rbpf::dap
