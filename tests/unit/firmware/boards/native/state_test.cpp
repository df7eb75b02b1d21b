// SPDX-License-Identifier: GPL-3.0-or-later
#include "boards/native/state_file.hpp"

#include <filesystem>

#include <catch2/catch.hpp>

#include "boards/native/files.hpp"
#include "boards/native/simulated_port.hpp"
#include "tests/unit/firmware/boards/native/scratch_folder.hpp"

namespace rbpf::native {

namespace {

rbpf_status_t install(SimulatedPort& port, uint32_t slot, const std::string& bytes) {
    rbpf_status_t status = port.stageBegin(slot, bytes.size());
    if (status == RBPF_STATUS_OK) {
        status = port.stageWrite(0, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    }
    return status == RBPF_STATUS_OK ? port.stageCommit(slot) : status;
}

std::string held(SimulatedPort& port, uint32_t slot) {
    const port::Bytes bytes = port.slot(slot);
    return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

SimulatedPort portOn(const std::string& path) {
    auto state = loadState(path, 4);
    REQUIRE(state);
    return SimulatedPort(Devices{}, std::move(*state), path, 1000);
}

} // namespace

TEST_CASE("slots and stores come back from the state file") {
    const ScratchFolder folder;
    const std::string path = folder.file("state");
    {
        SimulatedPort port = portOn(path);
        CHECK(install(port, 0, "first") == RBPF_STATUS_OK);
        CHECK(install(port, 3, "last one") == RBPF_STATUS_OK);
        CHECK(port.storeSave(reinterpret_cast<const uint8_t*>("keys"), 4) == RBPF_STATUS_OK);
    }
    SimulatedPort port = portOn(path);
    CHECK(held(port, 0) == "first");
    CHECK(held(port, 1).empty());
    CHECK(held(port, 3) == "last one");
    CHECK(reinterpret_cast<std::uintptr_t>(port.slot(3).data) % 8 == 0);
    CHECK(port.storeLoad().size == 4);
    CHECK(port.slotRemove(0) == RBPF_STATUS_OK);
    CHECK(held(port, 0).empty());
}

TEST_CASE("a state file that cannot be written is STORAGE, and what was stored stays") {
    const ScratchFolder folder;
    const std::string path = folder.file("state");
    SimulatedPort port = portOn(path);
    REQUIRE(install(port, 0, "old") == RBPF_STATUS_OK);
    const std::string before = *readFile(path);
    std::filesystem::create_directory(path + ".new"); // where the new file would be written
    CHECK(install(port, 0, "new") == RBPF_STATUS_STORAGE);
    CHECK(held(port, 0) == "old");
    CHECK(port.slotRemove(0) == RBPF_STATUS_STORAGE);
    CHECK(held(port, 0) == "old");
    CHECK(port.storeSave(reinterpret_cast<const uint8_t*>("x"), 1) == RBPF_STATUS_STORAGE);
    CHECK(port.storeLoad().size == 0);
    CHECK(port.storageError().find(path) != std::string::npos);
    CHECK(*readFile(path) == before);
    std::filesystem::remove(path + ".new");
    CHECK(install(port, 0, "new") == RBPF_STATUS_OK);
}

TEST_CASE("a state file that is cut or changed is refused and kept") {
    const ScratchFolder folder;
    const std::string path = folder.file("state");
    SimulatedPort port = portOn(path);
    REQUIRE(install(port, 1, "some image") == RBPF_STATUS_OK);
    const std::string whole = *readFile(path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        folder.write("cut", whole.substr(0, size));
        CHECK_FALSE(loadState(folder.file("cut"), 4));
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        folder.write("changed", changed);
        CHECK_FALSE(loadState(folder.file("changed"), 4));
    }
    CHECK_FALSE(loadState(path, 1)); // a board with fewer slots would lose one
    CHECK(loadState(folder.file("absent"), 4));
}

TEST_CASE("staging takes bytes in order, of one slot, up to the limit") {
    SimulatedPort port = portOn("");
    const uint8_t bytes[8] = {};
    CHECK(port.stageWrite(0, bytes, 8) == RBPF_STATUS_BLOCK_ORDER);
    CHECK(port.stageBegin(9, 8) == RBPF_STATUS_NO_SUCH_SLOT);
    CHECK(port.stageBegin(0, 1001) == RBPF_STATUS_TOO_LARGE);
    REQUIRE(port.stageBegin(0, 8) == RBPF_STATUS_OK);
    CHECK(port.stageWrite(8, bytes, 8) == RBPF_STATUS_BLOCK_ORDER);
    CHECK(port.stageWrite(0, bytes, 8) == RBPF_STATUS_OK);
    CHECK(port.stageCommit(1) == RBPF_STATUS_BLOCK_ORDER);
    CHECK(port.stageCommit(0) == RBPF_STATUS_OK);
    CHECK(port.slot(0).size == 8);
}

TEST_CASE("clocks count from the start and readings follow them") {
    SimulatedPort port(defaultDevices());
    std::uint64_t now = 15000000;
    port.clock = [&now] { return now; };
    CHECK(port.nowMs() == 15000);
    phydat_t reading;
    CHECK(port.deviceRead(1, reading) == 1);
    CHECK(reading.val[0] == 2300);
    now = 0x100000000u + 7;
    CHECK(port.nowUs() == 7);
    CHECK(port.nowMs() == 4294967);
}

} // namespace rbpf::native
