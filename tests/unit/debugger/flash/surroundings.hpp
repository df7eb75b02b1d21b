// SPDX-License-Identifier: GPL-3.0-or-later
// The environment that pyOCD runs in during a test: which pyOCD is on PATH, what is plugged in, what goes wrong.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "tests/paths.hpp"

namespace rbpf::test {

class Surroundings {
public:
    enum Kind {
        kReal,   ///< Debian's, with a fake probe once RBPF_FAKE_PROBES names one
        kScript, ///< tests/fakes/pyocd_script
        kNone
    };

    explicit Surroundings(Kind kind) {
        std::string name = (std::filesystem::temp_directory_path() / "rbpf-flash-test-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder = name;
        const std::string fakes = sourceDir() + "/tests/fakes/";
        for (const char* variable : {"RBPF_FAKE_PROBES", "RBPF_FAKE_TROUBLE", "RBPF_FAKE_STARTED"}) {
            set(variable, std::nullopt);
        }
        set("RBPF_FAKE_CHIP", (folder / "chip.bin").string());
        set("PYTHONPATH", fakes + "pyocd_probe");
        set("PYTHONDONTWRITEBYTECODE", "1");
        set("PATH", kind == kReal ? "/usr/bin:/bin" : kind == kScript ? fakes + "pyocd_script:/usr/bin:/bin" : name);
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
    ~Surroundings() {
        for (const auto& [name, value] : before_) {
            put(name, value);
        }
        std::filesystem::remove_all(folder);
    }

    void set(const char* name, const std::optional<std::string>& value) {
        const char* before = std::getenv(name);
        before_.try_emplace(name, before != nullptr ? std::optional<std::string>(before) : std::nullopt);
        put(name, value);
    }

    std::filesystem::path folder; ///< empty; holds chip.bin once something is flashed

private:
    static void put(const std::string& name, const std::optional<std::string>& value) {
        if (value) {
            setenv(name.c_str(), value->c_str(), 1);
        } else {
            unsetenv(name.c_str());
        }
    }

    std::map<std::string, std::optional<std::string>> before_;
};

} // namespace rbpf::test
