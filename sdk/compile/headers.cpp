// SPDX-License-Identifier: GPL-3.0-or-later
// Where the headers are that scripts include. The programs are relocatable: build/bin and bin of an installation both
// have share/rbpf beside them; the source tree is the last resort.
#include <cstdlib>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

namespace fs = std::filesystem;

fs::path programDir() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : program.parent_path();
}

bool isHeaders(const fs::path& dir) {
    std::error_code error;
    return !dir.empty() && fs::exists(dir / "rbpf" / "bindings.h", error);
}

bool isResource(const fs::path& dir) {
    std::error_code error;
    return !dir.empty() && fs::exists(dir / "stdint.h", error);
}

} // namespace

support::Result<HeaderDirs> findHeaders(const Request& request) {
    const fs::path share = programDir().parent_path() / "share" / "rbpf";
    HeaderDirs dirs;

    const char* fromEnvironment = std::getenv("RBPF_HEADERS");
    if (!request.headersDir.empty()) {
        dirs.headers = request.headersDir;
    } else if (fromEnvironment != nullptr && *fromEnvironment != '\0') {
        dirs.headers = fromEnvironment;
    } else {
        dirs.headers = isHeaders(share / "headers") ? share / "headers" : fs::path(RBPF_SOURCE_HEADERS);
    }
    if (!isHeaders(dirs.headers)) {
        return support::fail(support::ErrorKind::Io, dirs.headers.string() + ": the headers for scripts are not here",
                             "set RBPF_HEADERS to the folder that holds rbpf/bindings.h");
    }

    // Clang's own headers travel with the programs; a headers folder of one's own may bring them along as well.
    for (const fs::path& candidate : {dirs.headers / "clang", share / "clang", fs::path(RBPF_BUILT_CLANG_HEADERS)}) {
        if (isResource(candidate)) {
            dirs.resource = candidate;
            return dirs;
        }
    }
    return support::fail(support::ErrorKind::Io,
                         (share / "clang").string() + ": the compiler's own headers (stdint.h, …) are not here",
                         "keep share/rbpf beside the program's bin folder");
}

} // namespace rbpf::compile
