// SPDX-License-Identifier: LGPL-2.1-or-later
#include "boards/native/record.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "boards/native/files.hpp"

namespace rbpf::native {

namespace {

/// The variable's value, or "" if it is unset or empty.
std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

} // namespace

std::string defaultRecordPath(const std::string& name) {
    const std::string own = environment("RBPF_RUNTIME_DIR");
    const std::string session = environment("XDG_RUNTIME_DIR");
    const std::string folder = !own.empty()       ? own
                               : !session.empty() ? session + "/rbpf"
                                                  : "/tmp/rbpf-" + std::to_string(::getuid());
    return folder + "/boards/" + name + ".json";
}

std::string defaultStatePath(const std::string& name) {
    const std::string own = environment("RBPF_RUNTIME_DIR");
    const std::string state = environment("XDG_STATE_HOME");
    const std::string home = environment("HOME");
    if (!own.empty()) {
        return own + "/boards/" + name + ".state";
    }
    return (!state.empty() ? state : (home.empty() ? "/tmp" : home) + "/.local/state") + "/rbpf/" + name + ".state";
}

tl::expected<void, std::string> makeFoldersFor(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (folder.empty() || std::filesystem::exists(folder, error)) {
        return {};
    }
    if (!std::filesystem::create_directories(folder, error) && error) {
        return tl::unexpected("cannot make the folder " + folder.string() + ": " + error.message());
    }
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    return {};
}

tl::expected<void, std::string> writeRecord(const std::string& path, const Record& record) {
    const auto started =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const nlohmann::json json = {{"id", record.name},         {"board", record.board}, {"serial", record.serial},
                                 {"coap", record.coapPort},   {"pid", ::getpid()},     {"state", record.statePath},
                                 {"started", started.count()}};
    const std::string text = json.dump(2) + "\n";
    return writeFileAtomically(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

tl::expected<int, std::string> lockState(const std::string& path) {
    const std::string lock = path + ".lock";
    const int file = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
        return tl::unexpected("cannot write " + lock + ": " + std::strerror(errno));
    }
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return tl::unexpected("another board is running on " + path + "; stop it, or choose another --name or --state");
    }
    return file;
}

} // namespace rbpf::native
