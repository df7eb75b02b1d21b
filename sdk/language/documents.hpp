// SPDX-License-Identifier: GPL-3.0-or-later
// The texts that a language server is told of: what stands in them, their versions, and the message that makes the
// server's copy equal (LSP 3.17, text document synchronisation; positions in bytes).
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace rbpf::language {

class Documents {
public:
    struct Document {
        std::string text;
        int version = 0;
    };

    /// The parameters of didChange, with the one stretch that differs; nothing if the text is the same.
    [[nodiscard]] std::optional<nlohmann::json> change(const std::string& file, std::string text);
    /// Adds the document. The parameters of didOpen.
    [[nodiscard]] nlohmann::json open(const std::string& file, std::string text);
    /// The parameters of didOpen for a server that has just started.
    [[nodiscard]] nlohmann::json openAgain(const std::string& file) const;
    void close(const std::string& file) { all_.erase(file); }

    [[nodiscard]] const Document* find(const std::string& file) const;
    [[nodiscard]] const std::map<std::string, Document>& all() const { return all_; }

private:
    std::map<std::string, Document> all_;
};

/// Where the line and column, counted from 1, are in the text; its end if they are not.
[[nodiscard]] std::size_t offsetOf(std::string_view text, unsigned line, unsigned column);

} // namespace rbpf::language
