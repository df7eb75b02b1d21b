// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/project/config.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sdk/project/json_places.hpp"
#include "sdk/project/trigger_text.hpp"
#include "sdk/support/text.hpp"

namespace rbpf::project {

namespace {

using nlohmann::json;
using support::Diagnostic;

constexpr std::size_t kTextBytesMax = 1u << 20;
constexpr std::size_t kNameBytesMax = 63;
constexpr std::int64_t kStackBytesMax = 65528; // the image's field is 16 bits wide, a multiple of 8

std::string shown(const json& value) {
    if (value.is_object()) {
        return "an object";
    }
    if (value.is_array()) {
        return value.empty() ? "an empty list" : "a list";
    }
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return text.size() <= 60 ? text : text.substr(0, 57) + "…";
}

bool isNameCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

/// Collects mistakes; reads go on behind one so that all are told at once.
class Reader {
public:
    Reader(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

    ParsedConfig run() {
        json root;
        if (text_.size() > kTextBytesMax) {
            expected({}, "at most 1 MB", fmt::format("{} bytes", text_.size()));
        } else {
            try {
                root = json::parse(text_);
                places_ = locate(text_);
                readRoot(root);
            } catch (const json::parse_error& error) {
                syntax(error);
            } catch (const json::out_of_range& error) {
                numberTooLarge(error);
            }
        }
        if (!diagnostics_.empty()) {
            return {std::nullopt, std::move(diagnostics_)};
        }
        return {std::move(config_), {}};
    }

private:
    /// The whole of a text, number or word that begins there.
    [[nodiscard]] support::SourceRange at(const Place& place) const {
        return {file_, place.line, place.column, place.line, place.column + tokenBytes(text_, place)};
    }

    void expected(const Place& place, const std::string& what, const std::string& found, std::string hint = {}) {
        Diagnostic diagnostic;
        diagnostic.range = at(place);
        diagnostic.message = fmt::format("expected {}, found {}", what, found);
        diagnostic.hint = std::move(hint);
        diagnostics_.push_back(std::move(diagnostic));
    }

    /// The last mistake's text was to be another.
    void mend(const std::string& meant) {
        Diagnostic& last = diagnostics_.back();
        last.fixIts.push_back({last.range, "\"" + meant + "\""});
    }

    void expectedAt(const std::string& pointer, const std::string& what, const json& found, std::string hint = {}) {
        expected(places_.value(pointer), what, shown(found), std::move(hint));
    }

    /// The one number that JSON allows and no double holds; the message quotes it, which tells its place.
    void numberTooLarge(const json::out_of_range& error) {
        const std::string_view what = error.what();
        const std::size_t begin = what.find('\'');
        const std::size_t end = what.rfind('\'');
        const std::string_view number = begin < end ? what.substr(begin + 1, end - begin - 1) : std::string_view{};
        const std::size_t offset = text_.find(number);
        expected(placeOf(text_, offset == std::string_view::npos ? 0 : offset), "a number within range",
                 std::string(number.substr(0, 40)));
    }

    /// nlohmann says "… - unexpected X; expected Y": turned round, at the place of the last character read.
    void syntax(const json::parse_error& error) {
        const std::string what = error.what();
        const Place place = placeOf(text_, error.byte > 0 ? error.byte - 1 : 0);
        const auto between = [&](const char* from, const char* to) -> std::string {
            const std::size_t start = what.find(from);
            if (start == std::string::npos) {
                return {};
            }
            const std::size_t begin = start + std::string_view(from).size();
            const std::size_t end = what.find(to, begin);
            return what.substr(begin, end == std::string::npos ? end : end - begin);
        };
        std::string found = between("unexpected ", ";");
        std::string wanted = between("; expected ", "\n");
        if (found.empty()) {
            found = between(" - ", "; last read");
            const std::string lastRead = between("last read: ", "\n");
            found = found.empty() ? what : found;
            found += lastRead.empty() ? "" : " at " + lastRead;
        }
        expected(place, wanted.empty() ? "a JSON value" : wanted, found);
    }

    template <std::size_t N>
    void checkKeys(const json& object, const std::string& pointer, const std::array<std::string_view, N>& known) {
        for (const auto& [key, value] : object.items()) {
            if (std::ranges::find(known, key) != known.end()) {
                continue;
            }
            const auto meant = support::closest(key, known);
            const std::string childPointer = pointer + "/" + escape(key);
            std::string list;
            for (const std::string_view word : known) {
                list += (list.empty() ? "" : ", ") + std::string(word);
            }
            expected(places_.key(childPointer), "one of the keys " + list, "\"" + key + "\"",
                     meant ? "did you mean \"" + *meant + "\"?" : "");
            if (meant) {
                mend(*meant);
            }
        }
    }

    static std::string escape(const std::string& key) {
        std::string text;
        for (const char c : key) {
            text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
        }
        return text;
    }

    void readRoot(const json& root) {
        if (!root.is_object()) {
            expectedAt("", "an object", root, "an rbpf.json starts with { \"name\": \"my-script\" }");
            return;
        }
        static constexpr std::array<std::string_view, 12> kKeys{"name",  "version", "sources",  "include", "defines", "entries",
                                                                "stack", "budget",  "optimise", "board",   "$schema", "bounds"};
        checkKeys(root, "", kKeys);
        for (const std::string& pointer : places_.repeated) {
            expected(places_.key(pointer), "every key once",
                     "\"" + pointer.substr(pointer.rfind('/') + 1) + "\" again");
        }
        if (!root.contains("name")) {
            expected(places_.value(""), "the key \"name\"", "none", "add \"name\": \"my-script\"");
        }
        readName(root, "name", config_.name);
        readVersion(root);
        readPlaced(root, "sources", "a pattern such as \"src/*.c\"", config_.sources);
        if (root.contains("sources") && root["sources"].is_array() && root["sources"].empty()) {
            expectedAt("/sources", "at least one pattern such as \"src/*.c\"", root["sources"]);
        }
        readPlaced(root, "include", "a folder", config_.include);
        readDefines(root);
        readEntries(root);
        readNumber(root, "stack", 8, kStackBytesMax, 8, config_.stackBytes);
        readNumber(root, "budget", 0, UINT32_MAX, 1, config_.budget);
        readBounds(root);
        readOptimise(root);
        readName(root, "board", config_.board);
        if (root.contains("$schema") && !root["$schema"].is_string()) {
            expectedAt("/$schema", "a text", root["$schema"]);
        }
    }

    void readName(const json& root, const char* key, std::string& to) {
        if (!root.contains(key)) {
            return;
        }
        const json& value = root[key];
        const std::string pointer = std::string("/") + key;
        if (!value.is_string()) {
            expectedAt(pointer, "a text", value);
            return;
        }
        const auto text = value.get<std::string>();
        const bool sound = !text.empty() && text.size() <= kNameBytesMax &&
                           std::ranges::all_of(text, isNameCharacter) && text.front() != '.' && text.front() != '-';
        if (!sound) {
            expectedAt(pointer, fmt::format("1 to {} letters, digits, '-', '_' or '.'", kNameBytesMax), value);
            return;
        }
        to = text;
    }

    void readVersion(const json& root) {
        if (!root.contains("version")) {
            return;
        }
        const json& value = root["version"];
        if (!value.is_string()) {
            expectedAt("/version", "a text such as \"0.1.0\"", value);
            return;
        }
        const auto text = value.get<std::string>();
        const auto isVersionCharacter = [](char c) { return isNameCharacter(c) || c == '+'; };
        if (text.empty() || text.size() > kNameBytesMax || !std::ranges::all_of(text, isVersionCharacter)) {
            expectedAt("/version", "a version such as \"0.1.0\"", value);
            return;
        }
        config_.version = text;
    }

    void readPlaced(const json& root, const char* key, const std::string& what, std::vector<Placed>& to) {
        if (!root.contains(key)) {
            return;
        }
        const json& list = root[key];
        const std::string pointer = std::string("/") + key;
        if (!list.is_array()) {
            expectedAt(pointer, "a list of texts, each " + what, list);
            return;
        }
        to.clear();
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string itemPointer = pointer + "/" + std::to_string(i);
            if (!list[i].is_string() || list[i].get<std::string>().empty()) {
                expectedAt(itemPointer, what, list[i]);
                continue;
            }
            const auto text = list[i].get<std::string>();
            if (text.find('\0') != std::string::npos) {
                expectedAt(itemPointer, what, list[i]);
                continue;
            }
            to.push_back({text, at(places_.value(itemPointer))});
        }
    }

    void readDefines(const json& root) {
        std::vector<Placed> defines;
        readPlaced(root, "defines", "\"NAME\" or \"NAME=VALUE\"", defines);
        for (const Placed& define : defines) {
            const std::string name = define.text.substr(0, define.text.find('='));
            const auto isIdentifier = [](char c) {
                return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
            };
            if (name.empty() || !std::ranges::all_of(name, isIdentifier) ||
                std::isdigit(static_cast<unsigned char>(name.front())) != 0) {
                expected({define.place.line, define.place.column}, "\"NAME\" or \"NAME=VALUE\"",
                         json(define.text).dump(-1, ' ', false, json::error_handler_t::replace));
                continue;
            }
            config_.defines.push_back(define.text);
        }
    }

    void readEntries(const json& root) {
        if (!root.contains("entries")) {
            return;
        }
        const json& list = root["entries"];
        const char* form = "{\"function\": NAME, \"trigger\": TRIGGER}";
        if (!list.is_array()) {
            expectedAt("/entries", std::string("a list of ") + form, list);
            return;
        }
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::string pointer = "/entries/" + std::to_string(i);
            if (!list[i].is_object()) {
                expectedAt(pointer, form, list[i]);
                continue;
            }
            readEntry(list[i], pointer);
        }
    }

    void readEntry(const json& object, const std::string& pointer) {
        static constexpr std::array<std::string_view, 2> kKeys{"function", "trigger"};
        checkKeys(object, pointer, kKeys);
        EntrySetting entry;
        if (!object.contains("function")) {
            expected(places_.value(pointer), "the key \"function\"", "none");
            return;
        }
        const json& function = object["function"];
        if (!function.is_string() || function.get<std::string>().empty()) {
            expectedAt(pointer + "/function", "the name of a function", function);
            return;
        }
        entry.function = function.get<std::string>();
        entry.place = at(places_.value(pointer + "/function"));
        if (object.contains("trigger")) {
            const json& trigger = object["trigger"];
            if (!trigger.is_string()) {
                expectedAt(pointer + "/trigger", "a text such as \"coap/sensor\"", trigger);
                return;
            }
            entry.trigger = trigger.get<std::string>();
            if (const auto problem = triggerProblem(*entry.trigger)) {
                expectedAt(pointer + "/trigger", *problem, trigger);
                return;
            }
        }
        for (const EntrySetting& other : config_.entries) {
            if (other.function == entry.function) {
                expectedAt(pointer + "/function", "every function once", function);
                return;
            }
        }
        config_.entries.push_back(std::move(entry));
    }

    void readNumber(const json& root, const char* key, std::int64_t least, std::int64_t most, std::int64_t step,
                    std::uint32_t& to) {
        if (!root.contains(key)) {
            return;
        }
        const json& value = root[key];
        const std::string what = fmt::format("a number from {} to {}{}", least, most,
                                             step > 1 ? fmt::format(", a multiple of {}", step) : "");
        const bool fits =
            value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
        const std::int64_t number = fits ? value.get<std::int64_t>() : -1;
        if (!fits || number < least || number > most || number % step != 0) {
            expectedAt(std::string("/") + key, what, value);
            return;
        }
        to = static_cast<std::uint32_t>(number);
    }

    /// {"src/main.c:14": 64}
    void readBounds(const json& root) {
        if (!root.contains("bounds")) {
            return;
        }
        const json& object = root["bounds"];
        if (!object.is_object()) {
            expectedAt("/bounds", "an object such as {\"src/main.c:14\": 64}", object);
            return;
        }
        for (const auto& [key, value] : object.items()) {
            const std::size_t colon = key.rfind(':');
            const std::string line = colon == std::string::npos ? "" : key.substr(colon + 1);
            const bool isLine = !line.empty() && line.size() < 9 && line != "0" &&
                                std::ranges::all_of(line, [](char c) { return c >= '0' && c <= '9'; });
            const std::string pointer = "/bounds/" + escape(key);
            if (colon == 0 || !isLine) {
                expected(places_.key(pointer), "a loop's file and line such as \"src/main.c:14\"", "\"" + key + "\"");
            } else if (!value.is_number_unsigned() || value.get<std::uint64_t>() > UINT32_MAX) {
                expectedAt(pointer, fmt::format("the loop's most turns, a number from 0 to {}", UINT32_MAX), value);
            } else {
                config_.bounds.push_back({key.substr(0, colon), static_cast<unsigned>(std::stoul(line)), value.get<std::uint64_t>()});
            }
        }
    }

    void readOptimise(const json& root) {
        if (!root.contains("optimise")) {
            return;
        }
        const json& value = root["optimise"];
        const std::string text = value.is_string() ? value.get<std::string>() : std::string();
        static constexpr std::array<std::string_view, 3> kWords{"size", "speed", "debug"};
        if (text == kWords[0]) {
            config_.optimise = compile::Optimise::Size;
        } else if (text == kWords[1]) {
            config_.optimise = compile::Optimise::Speed;
        } else if (text == kWords[2]) {
            config_.optimise = compile::Optimise::Debug;
        } else {
            const auto meant = support::closest(text, kWords);
            expectedAt("/optimise", "\"size\", \"speed\" or \"debug\"", value,
                       meant ? "did you mean \"" + *meant + "\"?" : "");
            if (meant) {
                mend(*meant);
            }
        }
    }

    std::string_view text_;
    std::string file_;
    Places places_;
    Config config_;
    std::vector<Diagnostic> diagnostics_;
};

} // namespace

ParsedConfig parseConfig(std::string_view text, const std::string& file) {
    return Reader(text, file).run();
}

} // namespace rbpf::project
