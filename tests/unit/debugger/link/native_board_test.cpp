// SPDX-License-Identifier: GPL-3.0-or-later
// The board client against a real board: the native board, as a process, on its PTY.
#include <optional>

#include "debugger/link/board_client.hpp"
#include "debugger/link/boards.hpp"
#include "debugger/transport/shared_port.hpp"
#include "rbpf_wire/coap_message.hpp"
#include "tests/fakes/image_builder.hpp"
#include "tests/fakes/processes.hpp"
#include "tests/paths.hpp"

using namespace rbpf;
using namespace rbpf::link;
using namespace rbpf::test;
using namespace std::chrono_literals;
using support::ErrorKind;

namespace {

using Image = std::vector<std::uint8_t>;

/// r0 = result; exit. `rodataBytes` make the image as long as a test wants.
Image image(std::int32_t result, std::size_t rodataBytes = 0, const std::string& trigger = "") {
    fakes::ImageParts parts;
    parts.text = fakes::program({fakes::slot(0xB7, 0, 0, 0, result), fakes::slot(0x95, 0, 0, 0, 0)});
    parts.rodata.assign(rodataBytes, 0x42);
    parts.entries.front().trigger = trigger;
    return fakes::buildImage(parts);
}

Options patient() {
    Options options;
    options.deadline = 20s;
    return options;
}

/// A native board that runs as long as this object lives.
struct NativeBoard {
    RuntimeFolder runtime;
    pid_t pid = -1;
    BoardRecord record;

    NativeBoard() {
        pid = fork();
        if (pid == 0) {
            const std::string program = binaryDir() + "/bin/rbpf-board-native";
            std::freopen("/dev/null", "w", stdout);
            execl(program.c_str(), program.c_str(), "--name", "probe", "--udp-port", "0", nullptr);
            _exit(127);
        }
        const auto until = transport::Clock::now() + 20s;
        while (transport::Clock::now() < until) {
            if (const auto found = resolveBoard("probe")) {
                record = *found;
                return;
            }
            poll(nullptr, 0, 5);
        }
        FAIL("the native board did not start");
    }
    NativeBoard(const NativeBoard&) = delete;
    NativeBoard& operator=(const NativeBoard&) = delete;
    ~NativeBoard() {
        ::kill(pid, SIGKILL);
        waitpid(pid, nullptr, 0);
    }

    BoardClient connect() const {
        auto line = transport::openShared(record.serial);
        REQUIRE(line);
        return BoardClient(std::move(*line));
    }
};

/// r0 of slot 0's script.
std::optional<std::int64_t> resultOf(BoardClient& client) {
    const auto run = client.invoke(0, "", {}, patient());
    return run ? std::optional(run->result) : std::nullopt;
}

} // namespace

TEST_CASE("the native board describes itself") {
    NativeBoard board;
    CHECK(board.record.board == "native");
    CHECK(board.record.pid == board.pid);
    CHECK(board.record.coap != 0);
    auto client = board.connect();
    const auto info = client.info(patient());
    REQUIRE(info);
    CHECK(info->protocol == 1);
    CHECK(info->board == "native");
    CHECK(info->slots >= 1);
    CHECK(info->imageBytes > 0);
    CHECK(!info->bindings.empty());
}

TEST_CASE("an image is installed, listed, run, read back and removed on the native board") {
    NativeBoard board;
    auto client = board.connect();
    const Image bytes = image(-42, 3000, "coap/answer");
    REQUIRE(client.install(0, bytes, patient()));
    const auto slots = client.slots(patient());
    REQUIRE(slots);
    REQUIRE(!slots->empty());
    CHECK(slots->front().name == "test");
    CHECK(slots->front().bytes == bytes.size());
    REQUIRE(slots->front().entries.size() == 1);
    CHECK(slots->front().entries.front().trigger == "coap/answer");
    CHECK(resultOf(client) == -42);
    const auto back = client.readBack(0, patient());
    REQUIRE(back);
    CHECK(*back == bytes);
    const auto stats = client.stats(patient());
    REQUIRE(stats);
    CHECK(stats->runs >= 1);
    REQUIRE(client.remove(0, patient()));
    const auto gone = client.readBack(0, patient());
    REQUIRE(!gone);
    CHECK(gone.error().kind == ErrorKind::Board);
}

TEST_CASE("the native board's sensors are read, told what to read, and let go again") {
    NativeBoard board;
    auto client = board.connect();
    const auto devices = client.devices(patient());
    REQUIRE(devices);
    REQUIRE(devices->size() == 6);
    const DeviceInfo& temperature = (*devices)[1];
    CHECK(temperature.name == "temperature");
    CHECK(temperature.scale == -2);
    CHECK(temperature.isSimulated);
    REQUIRE(temperature.values.size() == 1);
    CHECK(temperature.values[0] >= 2000);
    CHECK(temperature.values[0] <= 2300);
    CHECK(!(*devices)[0].isSimulated); // what a script writes is not for us to say
    REQUIRE(client.simulate(1, {-1234}, patient()));
    CHECK(client.devices(patient()).value()[1].values == std::vector<std::int16_t>{-1234});
    REQUIRE(client.simulate(1, {}, patient()));
    CHECK(client.devices(patient()).value()[1].values[0] >= 2000);
    CHECK(!client.simulate(0, {1}, patient()));
    CHECK(!client.simulate(1, {1, 2}, patient()));
    CHECK(!client.simulate(99, {1}, patient()));
    const auto pins = client.pins(patient());
    REQUIRE(pins);
    REQUIRE(pins->size() == 4);
    CHECK((*pins)[0] == PinInfo{0, false, false});
    REQUIRE(client.simulatePin(0, true, patient()));
    CHECK(client.pins(patient()).value()[0].isHigh);
    CHECK(!client.simulatePin(2, true, patient()));
}

TEST_CASE("a key of a store is removed") {
    NativeBoard board;
    auto client = board.connect();
    REQUIRE(client.storeSet("global", 3, 4, patient()));
    REQUIRE(client.storeRemove("global", 3, patient()));
    CHECK(client.storeList("global", patient()).value().empty());
    CHECK(!client.storeRemove("global", 3, patient()));
}

TEST_CASE("a rejection by the native board says what, where and why, and leaves the old script") {
    NativeBoard board;
    auto client = board.connect();
    REQUIRE(client.install(0, image(1), patient()));
    fakes::ImageParts parts;
    parts.text = fakes::program(
        {fakes::slot(0xB7, 0, 0, 0, 1), fakes::slot(0x85, 0, 0, 0, 0x7777), fakes::slot(0x95, 0, 0, 0, 0)});
    const auto installed = client.install(0, fakes::buildImage(parts), patient());
    REQUIRE(!installed);
    REQUIRE(client.lastFault());
    CHECK(client.lastFault()->insnIndex == 1u);
    CHECK(client.lastFault()->detail == 0x7777u);
    CHECK(installed.error().message.find("UNKNOWN_BINDING") != std::string::npos);
    CHECK(resultOf(client) == 1);
}

TEST_CASE("a fault on the native board is told with its place") {
    NativeBoard board;
    auto client = board.connect();
    fakes::ImageParts parts; // *(u32 *)(0) = 0
    parts.text =
        fakes::program({fakes::slot(0xB7, 1, 0, 0, 0), fakes::slot(0x62, 1, 0, 4, 0), fakes::slot(0x95, 0, 0, 0, 0)});
    REQUIRE(client.install(0, fakes::buildImage(parts), patient()));
    const auto run = client.invoke(0, "", {}, patient());
    REQUIRE(run);
    REQUIRE(run->fault);
    CHECK(run->fault->status == -31);
    CHECK(run->fault->insnIndex == 1u);
    CHECK(run->fault->detail == 4u);
}

TEST_CASE("the store of the native board keeps what is set") {
    NativeBoard board;
    auto client = board.connect();
    REQUIRE(client.storeSet("global", 7, 0xFFFFFFFF, patient()));
    REQUIRE(client.storeSet("global", 4000000000u, 5, patient()));
    CHECK(client.storeGet("global", 7, patient()) == 0xFFFFFFFFu);
    const auto list = client.storeList("global", patient());
    REQUIRE(list);
    CHECK(list->size() == 2);
    CHECK(!client.storeGet("global", 8, patient()));
    REQUIRE(client.lastFault());
    CHECK(client.lastFault()->status == -54);
}

TEST_CASE("an install killed at any block leaves the old script, and the next install works") {
    NativeBoard board;
    const Image fresh = image(2, 9000);
    std::vector<std::size_t> steps; // bytes after each block, as an undisturbed install counts them
    {
        auto client = board.connect();
        Options options = patient();
        options.progress = [&](std::size_t done, std::size_t) { steps.push_back(done); };
        REQUIRE(client.install(0, fresh, options));
    }
    REQUIRE(steps.size() >= 9);
    steps.pop_back(); // after the last block it is installed
    for (const std::size_t step : steps) {
        INFO(step);
        {
            auto client = board.connect();
            REQUIRE(client.install(0, image(1), patient()));
        }
        const pid_t deploy = fork();
        if (deploy == 0) {
            auto line = transport::openShared(board.record.serial);
            BoardClient client(std::move(*line));
            Options options = patient();
            options.progress = [step](std::size_t done, std::size_t) {
                if (done == step) {
                    raise(SIGKILL);
                }
            };
            (void)client.install(0, fresh, options);
            _exit(0);
        }
        int status = 0;
        waitpid(deploy, &status, 0);
        REQUIRE(WIFSIGNALED(status));
        auto client = board.connect();
        REQUIRE(resultOf(client) == 1);
        REQUIRE(client.install(0, fresh, patient()));
        REQUIRE(resultOf(client) == 2);
    }
}

TEST_CASE("a script that answers CoAP on the native board can be asked through the serial line") {
    NativeBoard board;
    auto client = board.connect();
    REQUIRE(client.install(0, image(0, 0, "coap/answer"), patient()));
    const auto answer = client.request(wire::kCoapGet, "answer", {}, patient());
    REQUIRE(answer);
    const auto missing = client.request(wire::kCoapGet, "nothing", {}, patient());
    REQUIRE(missing);
    CHECK(missing->code == wire::kCoapNotFound);
}
