// SPDX-License-Identifier: GPL-3.0-or-later
// A request's arguments: whatever a client sends, reading one never fails; a wrong type is as good as left out.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace rbpf::dap {

class Arguments {
public:
    explicit Arguments(nlohmann::json json) : json_(json.is_object() ? std::move(json) : nlohmann::json::object()) {}

    [[nodiscard]] bool has(const char* name) const { return json_.contains(name) && !json_.at(name).is_null(); }
    [[nodiscard]] std::string text(const char* name, std::string otherwise = {}) const {
        return has(name) && json_.at(name).is_string() ? json_.at(name).get<std::string>() : otherwise;
    }
    [[nodiscard]] std::optional<std::int64_t> number(const char* name) const {
        return has(name) && json_.at(name).is_number_integer() ? std::optional(json_.at(name).get<std::int64_t>())
                                                               : std::nullopt;
    }
    [[nodiscard]] std::int64_t number(const char* name, std::int64_t otherwise) const {
        return number(name).value_or(otherwise);
    }
    [[nodiscard]] bool flag(const char* name, bool otherwise = false) const {
        return has(name) && json_.at(name).is_boolean() ? json_.at(name).get<bool>() : otherwise;
    }
    /// An object; empty if there is none.
    [[nodiscard]] Arguments object(const char* name) const {
        return Arguments(has(name) ? json_.at(name) : nlohmann::json());
    }
    /// The elements of an array of objects.
    [[nodiscard]] std::vector<Arguments> objects(const char* name) const {
        std::vector<Arguments> result;
        if (has(name) && json_.at(name).is_array()) {
            for (const auto& one : json_.at(name)) {
                result.emplace_back(one);
            }
        }
        return result;
    }
    [[nodiscard]] std::vector<std::string> texts(const char* name) const {
        std::vector<std::string> result;
        if (has(name) && json_.at(name).is_array()) {
            for (const auto& one : json_.at(name)) {
                if (one.is_string()) {
                    result.push_back(one.get<std::string>());
                }
            }
        }
        return result;
    }

private:
    nlohmann::json json_;
};

} // namespace rbpf::dap
