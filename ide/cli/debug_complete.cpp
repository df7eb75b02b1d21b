// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/debug_complete.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "ide/cli/debug_commands.hpp"
#include "ide/cli/debug_shell.hpp"
#include "sdk/image/bindings.hpp"

namespace rbpf::cli::debug {

namespace {

std::size_t wordStart(const std::string& text, std::string_view more) {
    std::size_t start = text.size();
    while (start > 0) {
        const char c = text[start - 1];
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && more.find(c) == std::string_view::npos) {
            break;
        }
        --start;
    }
    return start;
}

class Collector {
public:
    Collector(const std::string& text, std::size_t from) : word_(text.substr(from)) { found_.from = from; }
    void add(std::string_view candidate) {
        if (candidate.starts_with(word_)) {
            found_.list.emplace_back(candidate);
        }
    }
    [[nodiscard]] std::size_t from() const { return found_.from; }
    Candidates take() {
        std::ranges::sort(found_.list);
        const auto [first, last] = std::ranges::unique(found_.list);
        found_.list.erase(first, last);
        return std::move(found_);
    }

private:
    std::string word_;
    Candidates found_;
};

Candidates commandNames(const std::string& text, std::size_t from) {
    Collector found(text, from);
    for (const Command& command : commands()) {
        found.add(command.name);
    }
    return found.take();
}

Candidates expression(Shell& shell, const std::string& text, std::size_t argument) {
    const std::string typed = text.substr(argument);
    Collector found(text, std::max(argument, wordStart(text, "$")));
    for (const std::string& one : shell.session().complete(typed, shell.level())) {
        if (one.size() >= typed.size()) { // candidates are whole expressions
            found.add(one.substr(found.from() - argument));
        }
    }
    return found.take();
}

/// FILE:LINE, functions; behind a keyword a condition.
Candidates place(Shell& shell, const std::string& text, std::size_t argument) {
    if (text.find(" if ", argument > 0 ? argument - 1 : 0) != std::string::npos) {
        return expression(shell, text, text.find(" if ", argument > 0 ? argument - 1 : 0) + 4);
    }
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos && colon >= argument) {
        Collector found(text, colon + 1);
        for (const unsigned line : shell.session().breakpointLines(text.substr(argument, colon - argument))) {
            found.add(std::to_string(line));
        }
        return found.take();
    }
    Collector found(text, argument);
    for (const std::string& file : shell.session().sourceFiles()) {
        found.add(std::filesystem::path(file).filename().string() + ":");
    }
    for (const dwarf::Function& function : shell.session().debugInfo().functions()) {
        found.add(function.name);
    }
    return found.take();
}

Candidates files(const std::string& text, std::size_t argument) {
    Collector found(text, argument);
    const std::filesystem::path typed = text.substr(argument);
    std::error_code code;
    const auto folder = typed.has_parent_path() ? typed.parent_path() : std::filesystem::path(".");
    for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
        const auto name = entry.path().filename();
        found.add((typed.has_parent_path() ? typed.parent_path() / name : name).string());
    }
    return found.take();
}

Candidates bindings(const std::string& text, std::size_t argument) {
    Collector found(text, wordStart(text, ""));
    if (text.find("binding ", argument) == std::string::npos) {
        for (const char* word : {"binding", "entry", "exit"}) {
            found.add(word);
        }
    } else {
        for (const image::Binding& binding : image::bindings()) {
            found.add(binding.name);
        }
    }
    return found.take();
}

} // namespace

Candidates complete(Shell& shell, const std::string& text) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const Words words = splitCommand(text);
    const std::size_t behind = begin + words.command.size();
    if (behind >= text.size()) {
        return commandNames(text, begin);
    }
    const auto command = findCommand(words.command);
    if (!command) {
        return {};
    }
    std::size_t argument = std::min(text.find_first_not_of(" \t", behind), text.size());
    if (argument < text.size() && text[argument] == '/') { // a format
        argument = std::min(text.find(' ', argument), text.size());
        argument = std::min(text.find_first_not_of(' ', argument), text.size());
    }
    switch ((*command)->completes) {
    case Completes::Nothing:
        break;
    case Completes::Place:
        return place(shell, text, argument);
    case Completes::Expression:
        return shell.session().running() ? Candidates{} : expression(shell, text, argument);
    case Completes::CommandName:
        return commandNames(text, argument);
    case Completes::Topic: {
        Collector found(text, argument);
        for (const char* topic : {"breakpoints", "locals", "registers", "regions", "frames", "files"}) {
            found.add(topic);
        }
        return found.take();
    }
    case Completes::Binding:
        return bindings(text, argument);
    case Completes::File:
        return files(text, argument);
    }
    return {};
}

} // namespace rbpf::cli::debug
