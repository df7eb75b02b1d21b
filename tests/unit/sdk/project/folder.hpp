// SPDX-License-Identifier: GPL-3.0-or-later
// A temporary folder with files, gone at the end of a test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sdk/support/files.hpp"

namespace rbpf::testing {

class Folder {
public:
    Folder() {
        char name[] = "/tmp/rbpf-project-XXXXXX";
        if (mkdtemp(name) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void write(const std::string& name, std::string_view text) const {
        if (!support::writeAtomically(path_ / name, text)) {
            throw std::runtime_error("cannot write " + name);
        }
    }

private:
    std::filesystem::path path_;
};

} // namespace rbpf::testing
