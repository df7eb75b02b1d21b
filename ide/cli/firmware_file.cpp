// SPDX-License-Identifier: GPL-3.0-or-later
#include "ide/cli/firmware_file.hpp"

#include <cstdlib>
#include <vector>

#include "sdk/support/files.hpp"

namespace rbpf::cli {

namespace fs = std::filesystem;

support::Result<fs::path> firmwareFile(const std::string& board) {
    const std::string name = "rbpf-" + board + ".elf";
    const char* given = std::getenv("RBPF_FIRMWARE");
    const fs::path programs = support::programFolder();
    const std::vector<fs::path> folders =
        given != nullptr && *given != '\0'
            ? std::vector<fs::path>{given}
            : std::vector<fs::path>{programs / "../firmware/bin", programs / "../share/rbpf/firmware"};
    std::string looked;
    for (const fs::path& folder : folders) {
        const fs::path file = (folder / name).lexically_normal();
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored)) {
            return fs::absolute(file);
        }
        looked += (looked.empty() ? "" : ", ") + file.parent_path().string();
    }
    return support::fail(support::ErrorKind::Board, "there is no firmware " + name + " in " + looked,
                         "`cmake --preset firmware && cmake --build --preset firmware` in the source folder builds it; "
                         "RBPF_FIRMWARE names another folder");
}

} // namespace rbpf::cli
