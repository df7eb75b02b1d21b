// SPDX-License-Identifier: GPL-3.0-or-later
// The variables view: scopes and values that unfold when they are looked at, and setting them.
#include <algorithm>
#include <fmt/format.h>

#include "debugger/dap/adapter.hpp"
#include "debugger/dwarf/render.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::dap {

namespace {

using nlohmann::json;
using support::ErrorKind;

constexpr std::size_t kChildrenAtOnce = 1000;
constexpr std::uint32_t kRowBytes = 16;
constexpr unsigned kRegisters = 12; // r0 … r10, pc

std::string registerName(unsigned number) {
    return number == 11 ? "pc" : fmt::format("r{}", number);
}

/// Characters that begin a literal: what encode() says about one that it refuses is the best there is to say.
bool looksLikeLiteral(const std::string& text) {
    const auto first = text.find_first_not_of(" -+");
    return first != std::string::npos &&
           (std::string_view("\"'0123456789").find(text[first]) != std::string_view::npos);
}

} // namespace

int Adapter::addNode(Node node) {
    nodes_.emplace(++lastNode_, std::move(node));
    return lastNode_;
}

support::Result<Adapter::Node> Adapter::node(std::int64_t reference) const {
    const auto found = nodes_.find(reference > 0 && reference <= lastNode_ ? static_cast<int>(reference) : 0);
    if (found == nodes_.end()) {
        return support::fail(ErrorKind::Usage, "these variables belong to an earlier stop of the script");
    }
    return found->second;
}

json Adapter::showValue(const dwarf::Value& value, const std::string& expression, int level, bool hexadecimal,
                        bool whole) {
    const auto state = session_->state(level);
    if (!state) {
        return {{"value", "<" + state.error().message + ">"}, {"variablesReference", 0}};
    }
    dwarf::RenderOptions options;
    options.hexadecimal = hexadecimal;
    if (whole) {
        options.maxElements = options.maxText = options.maxBytes = dwarf::kLoadBytes * 4;
    }
    json result{{"value", dwarf::render(value, **state, options)}, {"variablesReference", 0}};
    if (value.type != nullptr) {
        result["type"] = dwarf::typeName(value.type);
    }
    const std::size_t count = dwarf::childCount(value);
    if (count > 0) {
        Node node;
        node.level = level;
        node.value = value;
        node.expression = expression;
        result["variablesReference"] = addNode(std::move(node));
        const bool isArray = dwarf::plain(value.type)->kind == dwarf::TypeKind::Array;
        result[isArray ? "indexedVariables" : "namedVariables"] = count;
    }
    const bool isPointer = value.type != nullptr && dwarf::plain(value.type)->kind == dwarf::TypeKind::Pointer;
    auto address = value.address();
    if (const auto pointee = dwarf::numberOf(value); isPointer && pointee) {
        address = static_cast<std::uint32_t>(*pointee);
    }
    if (address) {
        result["memoryReference"] = fmt::format("{:#x}", *address);
    }
    if (!value.editable()) {
        result["presentationHint"] = {{"attributes", {"readOnly"}}};
    }
    return result;
}

Answer Adapter::variables(const Arguments& arguments) {
    const auto found = node(arguments.number("variablesReference", 0));
    if (!found) {
        return tl::unexpected(found.error());
    }
    auto list = listNode(*found, arguments);
    return list ? Answer(json{{"variables", std::move(*list)}}) : list;
}

Answer Adapter::listNode(const Node& node, const Arguments& arguments) {
    const bool hexadecimal = arguments.object("format").flag("hex");
    json list = json::array();
    switch (node.kind) {
    case Node::Kind::Registers:
        return listRegisters(node.level, hexadecimal);
    case Node::Kind::Regions:
        return listRegions();
    case Node::Kind::Region:
        return listRows(node.region);
    case Node::Kind::Locals:
    case Node::Kind::Globals: {
        const auto variables = session_->variables(node.kind == Node::Kind::Locals ? node.level : -1);
        if (!variables) {
            return tl::unexpected(variables.error());
        }
        for (const session::Variable& variable : *variables) {
            json one = showValue(variable.value, variable.name, node.level, hexadecimal);
            if (variable.lastKnown) {
                // Honest about what the optimiser left: the past is marked as such.
                one["value"] = fmt::format(
                    "{} (last {} at run {}, step {})", one.value("value", ""),
                    showValue(*variable.lastKnown, variable.name, node.level, hexadecimal).value("value", ""),
                    variable.lastKnownAt.run, variable.lastKnownAt.step);
            }
            one["name"] = variable.name;
            one["evaluateName"] = variable.name;
            list.push_back(std::move(one));
        }
        return list;
    }
    case Node::Kind::Value:
        break;
    }
    const bool isArray = dwarf::plain(node.value.type)->kind == dwarf::TypeKind::Array;
    const std::string filter = arguments.text("filter");
    if (!filter.empty() && (filter == "indexed") != isArray) {
        return list;
    }
    const std::int64_t first = std::max<std::int64_t>(arguments.number("start", 0), 0);
    const std::int64_t wanted = arguments.number("count", 0);
    const std::size_t count =
        wanted <= 0 ? kChildrenAtOnce : std::min<std::size_t>(static_cast<std::size_t>(wanted), kChildrenAtOnce);
    const auto state = session_->state(node.level);
    if (!state) {
        return tl::unexpected(state.error());
    }
    dwarf::Value parent = node.value;
    if (!parent.parts.empty()) {
        dwarf::load(parent, **state); // it may have been written to since
    }
    for (const dwarf::Child& child :
         dwarf::children(parent, node.expression, **state, static_cast<std::size_t>(first), count)) {
        json one = showValue(child.value, child.expression, node.level, hexadecimal);
        one["name"] = child.name.empty() ? "(anonymous)" : child.name;
        one["evaluateName"] = child.expression;
        list.push_back(std::move(one));
    }
    return list;
}

Answer Adapter::listRegisters(int level, bool hexadecimal) {
    const auto state = session_->state(level);
    if (!state) {
        return tl::unexpected(state.error());
    }
    json list = json::array();
    for (unsigned number = 0; number < kRegisters; ++number) {
        const auto value = (*state)->readRegister(number);
        const std::string name = registerName(number);
        json one{{"name", name},
                 {"evaluateName", "$" + name},
                 {"variablesReference", 0},
                 {"value", "<lost: calls do not keep it>"}};
        if (value) {
            const bool isAddress = number >= 10;
            one["value"] = hexadecimal || isAddress
                               ? fmt::format("{:#x}", *value)
                               : fmt::format("{} ({:#x})", static_cast<std::int64_t>(*value), *value);
            one["memoryReference"] = fmt::format("{:#x}", static_cast<std::uint32_t>(*value));
        }
        list.push_back(std::move(one));
    }
    return list;
}

Answer Adapter::listRegions() {
    const auto regions = session_->regions();
    if (!regions) {
        return tl::unexpected(regions.error());
    }
    json list = json::array();
    for (const session::Region& region : *regions) {
        Node node;
        node.kind = Node::Kind::Region;
        node.region = region;
        const char* access = region.readable && region.writable ? "read, write" : region.readable ? "read" : "write";
        list.push_back({{"name", region.name},
                        {"value", fmt::format("{:#010x}, {} B, {}", region.address, region.size, access)},
                        {"memoryReference", fmt::format("{:#x}", region.address)},
                        {"variablesReference", region.readable && region.size > 0 ? addNode(std::move(node)) : 0}});
    }
    return list;
}

Answer Adapter::listRows(const session::Region& region) {
    const std::uint32_t size = std::min<std::uint32_t>(region.size, kRowBytes * kChildrenAtOnce);
    const auto bytes = session_->readMemory(region.address, size);
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    json list = json::array();
    for (std::size_t offset = 0; offset < bytes->size(); offset += kRowBytes) {
        const std::size_t count = std::min<std::size_t>(kRowBytes, bytes->size() - offset);
        const auto address = static_cast<std::uint32_t>(region.address + offset);
        list.push_back({{"name", fmt::format("+{:#04x}", offset)},
                        {"value", support::toHex(std::span(*bytes).subspan(offset, count))},
                        {"memoryReference", fmt::format("{:#x}", address)},
                        {"variablesReference", 0}});
    }
    return list;
}

/// A literal goes to the value's place as it is, with its range checked; anything else is a C expression.
support::Result<dwarf::Value> Adapter::assign(dwarf::Value target, const std::string& expression,
                                              const std::string& text, int level) {
    if (target.type != nullptr && target.editable()) {
        const auto bytes = dwarf::encode(target.type, text, target.bitSize);
        if (bytes) {
            const auto state = session_->state(level);
            if (!state) {
                return tl::unexpected(state.error());
            }
            if (const auto stored = dwarf::store(target, *bytes, **state); !stored) {
                return tl::unexpected(stored.error());
            }
            return target;
        }
        if (looksLikeLiteral(text) && text.find_first_of("+*/%&|^<>=()[]") == std::string::npos) {
            return tl::unexpected(bytes.error());
        }
    }
    return session_->evaluate(fmt::format("{} = {}", expression, text), level, true);
}

Answer Adapter::setVariable(const Arguments& arguments) {
    const auto parent = node(arguments.number("variablesReference", 0));
    if (!parent) {
        return tl::unexpected(parent.error());
    }
    const std::string name = arguments.text("name");
    const auto list = listNode(*parent, Arguments(json::object()));
    if (!list) {
        return tl::unexpected(list.error());
    }
    const auto row = std::find_if(list->begin(), list->end(), [&](const json& one) { return one["name"] == name; });
    if (row == list->end() || !row->contains("evaluateName")) {
        return support::fail(ErrorKind::Usage, row == list->end()
                                                   ? fmt::format("there is no \"{}\" here", name)
                                                   : "memory is written through a variable or the memory view");
    }
    const std::string expression = row->value("evaluateName", "");
    const auto old = session_->evaluate(expression, parent->level, false);
    if (!old) {
        return tl::unexpected(old.error());
    }
    const auto set = assign(*old, expression, arguments.text("value"), parent->level);
    if (!set) {
        return tl::unexpected(set.error());
    }
    changed(set->address(), set->bytes.size());
    return showValue(*set, expression, parent->level, arguments.object("format").flag("hex"));
}

} // namespace rbpf::dap
