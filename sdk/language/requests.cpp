// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of client.hpp, one function each.
#include <type_traits>

#include "sdk/language/binding_help.hpp"
#include "sdk/language/client.hpp"

namespace rbpf::language {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::FixIt;
using support::Result;
using support::SourceRange;

/// What is answered while somebody types, and what somebody waits for.
constexpr std::chrono::milliseconds kSoon = 5s, kPatient = 20s;

json parametersAt(const Place& place) {
    return {{"textDocument", {{"uri", uriOf(place.file)}}}, {"position", positionOf(place.line, place.column)}};
}

json parametersOf(const std::string& file) {
    return {{"textDocument", {{"uri", uriOf(file)}}}};
}

} // namespace

template <typename T>
std::uint64_t Client::ask(const std::string& method, json parameters, std::chrono::milliseconds deadline, Done<T> done,
                          std::function<T(const json&)> read) {
    if (!rpc_) {
        done(support::fail(support::ErrorKind::Link, "clangd does not run"));
        return 0;
    }
    return rpc_->request(method, std::move(parameters), deadline,
                         [done = std::move(done), read = std::move(read)](const Result<json>& answer) {
                             if (answer) {
                                 done(read(*answer));
                             } else {
                                 done(tl::unexpected(answer.error()));
                             }
                         });
}

std::uint64_t Client::complete(const Place& place, Done<Completions> done) {
    return ask<Completions>("textDocument/completion", parametersAt(place), kSoon, std::move(done),
                            [file = place.file](const json& answer) {
                                Completions all = readCompletions(answer, file);
                                helpWithBindings(all);
                                return all;
                            });
}

std::uint64_t Client::help(const Place& place, Done<SignatureHelp> done) {
    return ask<SignatureHelp>("textDocument/signatureHelp", parametersAt(place), kSoon, std::move(done),
                              [this, place](const json& answer) {
                                  SignatureHelp help = readSignatureHelp(answer);
                                  if (const auto* document = documents_.find(place.file)) {
                                      helpWithBindings(help, document->text,
                                                       offsetOf(document->text, place.line, place.column));
                                  }
                                  return help;
                              });
}

std::uint64_t Client::hover(const Place& place, Done<Hover> done) {
    return ask<Hover>("textDocument/hover", parametersAt(place), kSoon, std::move(done),
                      [this, file = place.file](const json& answer) {
                          Hover hover = readHover(answer, file);
                          if (const auto* document = documents_.find(file)) {
                              helpWithBindings(hover, document->text);
                          }
                          return hover;
                      });
}

std::uint64_t Client::definition(const Place& place, Done<std::vector<SourceRange>> done) {
    return ask<std::vector<SourceRange>>("textDocument/definition", parametersAt(place), kPatient, std::move(done),
                                         readLocations);
}

std::uint64_t Client::references(const Place& place, Done<std::vector<SourceRange>> done) {
    json parameters = parametersAt(place);
    parameters["context"] = {{"includeDeclaration", true}};
    return ask<std::vector<SourceRange>>("textDocument/references", std::move(parameters), kPatient, std::move(done),
                                         readLocations);
}

std::uint64_t Client::rename(const Place& place, const std::string& name, Done<std::vector<FixIt>> done) {
    json parameters = parametersAt(place);
    parameters["newName"] = name;
    return ask<std::vector<FixIt>>("textDocument/rename", std::move(parameters), kPatient, std::move(done),
                                   readWorkspaceEdit);
}

std::uint64_t Client::format(const std::string& file, Done<std::vector<FixIt>> done) {
    json parameters = parametersOf(file);
    parameters["options"] = {{"tabSize", 4}, {"insertSpaces", true}};
    return ask<std::vector<FixIt>>("textDocument/formatting", std::move(parameters), kPatient, std::move(done),
                                   [file](const json& answer) { return readEdits(answer, file); });
}

std::uint64_t Client::symbols(const std::string& file, Done<std::vector<Symbol>> done) {
    return ask<std::vector<Symbol>>("textDocument/documentSymbol", parametersOf(file), kPatient, std::move(done),
                                    [file](const json& answer) { return readSymbols(answer, file); });
}

} // namespace rbpf::language
