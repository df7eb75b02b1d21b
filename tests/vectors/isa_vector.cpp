// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/vectors/isa_vector.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/paths.hpp"

namespace rbpf::vectors {
namespace {

using Json = nlohmann::json;

std::vector<uint8_t> fromHex(const std::string& hex) {
    if (hex.size() % 2 != 0 || hex.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw std::runtime_error("'" + hex + "' is not pairs of hex digits");
    std::vector<uint8_t> bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        bytes.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

IsaVector parse(const Json& json) {
    IsaVector vector;
    vector.name = json.at("name");
    for (const std::string line : json.at("code")) {
        const auto slots = fromHex(line.substr(0, line.find(' ')));
        vector.text.insert(vector.text.end(), slots.begin(), slots.end());
        vector.listing += line + "\n";
    }
    vector.memory = fromHex(json.value("memory", ""));
    vector.rodata = fromHex(json.value("rodata", ""));
    vector.data = fromHex(json.value("data", ""));
    vector.after = json.contains("after") ? fromHex(json["after"]) : vector.memory;
    if (json.contains("result"))
        vector.result = std::stoull(json["result"].get<std::string>(), nullptr, 16);
    if (json.contains("fault")) {
        const auto& fault = json["fault"];
        vector.fault = ExpectedFault{fault.at("status"), fault.at("insn"), std::nullopt};
        if (fault.contains("detail"))
            vector.fault->detail = fault["detail"].get<uint32_t>();
    }
    if (json.contains("rejection")) {
        const auto& rejection = json["rejection"];
        vector.rejection = ExpectedRejection{rejection.at("status"), std::nullopt};
        if (rejection.contains("insn"))
            vector.rejection->insn = rejection["insn"].get<uint32_t>();
    }
    if (vector.result.has_value() + vector.fault.has_value() + vector.rejection.has_value() != 1)
        throw std::runtime_error("needs exactly one of result, fault and rejection");
    return vector;
}

void readFile(const std::filesystem::path& path, std::vector<IsaVector>& out) {
    std::ifstream stream(path);
    std::string name = "?";
    try {
        for (const auto& json : Json::parse(stream)) {
            name = json.value("name", "?");
            out.push_back(parse(json));
            out.back().file = path.stem().string();
        }
    } catch (const std::exception& error) {
        throw std::runtime_error(path.string() + ": vector '" + name + "': " + error.what());
    }
}

} // namespace

std::vector<IsaVector> readIsaVectors() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(test::sourceDir() + "/tests/vectors/isa"))
        if (entry.path().extension() == ".json")
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    std::vector<IsaVector> vectors;
    for (const auto& path : paths)
        readFile(path, vectors);
    return vectors;
}

} // namespace rbpf::vectors
