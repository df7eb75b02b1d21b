// SPDX-License-Identifier: GPL-3.0-or-later
// A place for files that nobody needs afterwards.
#pragma once

#include <filesystem>
#include <memory>

#include "sdk/support/error.hpp"

namespace rbpf::cli {

/// A folder of its own, gone with it.
class TemporaryFolder {
public:
    [[nodiscard]] static support::Result<std::shared_ptr<TemporaryFolder>> make();
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace rbpf::cli
