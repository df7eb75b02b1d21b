// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>

namespace rbpf::cli {

support::Result<std::shared_ptr<TemporaryFolder>> TemporaryFolder::make() {
    std::error_code code;
    std::string path = (std::filesystem::temp_directory_path(code) / "rbpf-size-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) {
        return support::fail(support::ErrorKind::Io, fmt::format("no temporary folder {}: {}", path, std::strerror(errno)),
                             "TMPDIR names a folder that can be written");
    }
    return std::make_shared<TemporaryFolder>(path);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
}

} // namespace rbpf::cli
