// SPDX-License-Identifier: LGPL-2.1-or-later
// Bodies made of a function: cborBody([&](wire::CborWriter& cbor) { … }), textBody([&](TextWriter& text) { … }).
#pragma once

#include "rbpf_agent/exchange.hpp"
#include "rbpf_agent/text.hpp"
#include "rbpf_wire/cbor.hpp"

namespace rbpf::agent {

template <typename Writer, typename Function>
class WrittenBody final : public Body {
public:
    explicit WrittenBody(const Function& function) : function_(function) {}
    size_t render(uint8_t* out, size_t capacity, size_t skip) const override {
        Writer writer(out, capacity, skip);
        function_(writer);
        return writer.total();
    }

private:
    const Function& function_; ///< lives as long as the full expression that made the body
};

template <typename Function>
WrittenBody<wire::CborWriter, Function> cborBody(const Function& function) {
    return WrittenBody<wire::CborWriter, Function>(function);
}

template <typename Function>
WrittenBody<TextWriter, Function> textBody(const Function& function) {
    return WrittenBody<TextWriter, Function>(function);
}

} // namespace rbpf::agent
