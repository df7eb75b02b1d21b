// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/unit/firmware/rbpf_agent/bench_board.hpp"

namespace rbpf::agent {

namespace {
/// What the script at /old answers.
std::string answerOf(BenchBoard& board, const std::string& path) {
    const Answer answer = board.get(path);
    return answer.code == wire::kCoapContent ? std::string(answer.payload.begin(), answer.payload.end()) : "";
}
} // namespace

TEST_CASE("an image installed block by block answers, and comes back after a restart") {
    BenchBoard board;
    CHECK(board.install(2, says('x', "old")).code == wire::kCoapCreated);
    CHECK(answerOf(board, "old") == "x");
    board.restart();
    CHECK(answerOf(board, "old") == "x");
    CHECK(board.install(2, says('y', "old")).code == wire::kCoapChanged);
    CHECK(answerOf(board, "old") == "y");
}

TEST_CASE("an install cut off at any block leaves the old script answering") {
    BenchBoard board;
    const Blob image = says('y', "old");
    const auto blocks = static_cast<std::uint32_t>((image.size() + 63) / 64);
    REQUIRE(blocks >= 3);
    board.install(0, says('x', "old"));
    for (std::uint32_t cut = 1; cut < blocks; ++cut) {
        for (std::uint32_t number = 0; number < cut; ++number) {
            REQUIRE(board.block(0, image, number).code == wire::kCoapContinue);
        }
        CHECK(answerOf(board, "old") == "x");
        board.restart();
        CHECK(answerOf(board, "old") == "x");
    }
    CHECK(board.install(0, image).code == wire::kCoapChanged);
}

TEST_CASE("a rejected image leaves the old script and says what is wrong where") {
    BenchBoard board;
    board.install(0, says('x', "old"));
    const Blob bad = make({mov(0, 1), fakes::slot(0x8D, 0, 0, 0, 0), leave()}, "");
    Answer answer = board.install(0, bad);
    CHECK(answer.code == wire::kCoapBadRequest);
    CHECK(status(answer) == RBPF_STATUS_INDIRECT_CALL);
    CHECK(field(answer, "insn") == 1);
    answer = board.install(0, make({call(0x7E), leave()}, ""));
    CHECK(status(answer) == RBPF_STATUS_UNKNOWN_BINDING);
    CHECK(field(answer, "detail") == 0x7E);
    answer = board.install(0, returns(0, "xdp/eth0"));
    CHECK(status(answer) == RBPF_STATUS_TRIGGER);
    Blob damaged = says('y', "old");
    damaged[damaged.size() / 2] ^= 1;
    CHECK(status(board.install(0, damaged)) == RBPF_STATUS_CHECKSUM);
    CHECK(status(board.put("rbpf/slots/0", {1, 2, 3})) != 0);
    CHECK(answerOf(board, "old") == "x");
    CHECK_FALSE(board.port.staging);
}

TEST_CASE("blocks out of order, missing or twice do not harm an install") {
    BenchBoard board;
    board.install(0, says('x', "old"));
    const Blob image = says('y', "old");
    Answer answer = board.block(0, image, 1);
    CHECK(answer.code == wire::kCoapIncomplete);
    CHECK(status(answer) == RBPF_STATUS_BLOCK_ORDER);
    REQUIRE(board.block(0, image, 0).code == wire::kCoapContinue);
    REQUIRE(board.block(0, image, 1).code == wire::kCoapContinue);
    CHECK(board.block(0, image, 1).code == wire::kCoapContinue);
    CHECK(board.block(0, image, 3).code == wire::kCoapIncomplete);
    CHECK(answerOf(board, "old") == "x");
    REQUIRE(board.block(0, image, 2).code != wire::kCoapIncomplete);
}

TEST_CASE("an image that is too large is refused at its first block") {
    BenchBoard board;
    Ask ask{
        wire::kCoapPut, "rbpf/slots/0", Blob(64), {{wire::kOptionBlock1, 8 | 2}, {wire::kOptionSize1, 1000000}}, {}};
    Answer answer = board.ask(ask);
    CHECK(answer.code == wire::kCoapTooLarge);
    CHECK(status(answer) == RBPF_STATUS_TOO_LARGE);
    CHECK(board.install(0, Blob(4096)).code == wire::kCoapTooLarge); // without telling its size
    fakes::ImageParts parts;
    parts.text = fakes::program({mov(0, 0), leave()});
    parts.stackBytes = 4096;
    CHECK(status(board.install(0, fakes::buildImage(parts))) == RBPF_STATUS_TOO_LARGE);
}

TEST_CASE("two installs at once do not mix: one of them is told") {
    BenchBoard board(true);
    const Blob left = says('l', "left");
    const Blob right = says('r', "right");
    REQUIRE(board.block(0, left, 0).code == wire::kCoapContinue);
    REQUIRE(board.block(1, right, 0, true).code == wire::kCoapContinue);
    CHECK(board.block(0, left, 1).code == wire::kCoapIncomplete);
    for (std::uint32_t number = 1; number * 64 < right.size(); ++number) {
        board.block(1, right, number, true);
    }
    CHECK(answerOf(board, "right") == "r");
    CHECK(answerOf(board, "left").empty());
    CHECK(board.install(0, left).code == wire::kCoapCreated);
}

TEST_CASE("storage that fails is told and loses nothing") {
    BenchBoard board;
    board.install(0, says('x', "old"));
    const Blob image = says('y', "old");
    SECTION("at the first block") {
        board.port.failStage = true;
    }
    SECTION("when it is full") {
        board.port.stageRoom = 100;
    }
    SECTION("at the switch") {
        board.port.failCommit = true;
    }
    const Answer answer = board.install(0, image);
    CHECK(answer.code == wire::kCoapInternalError);
    CHECK(status(answer) == RBPF_STATUS_STORAGE);
    CHECK(answerOf(board, "old") == "x");
    board.restart();
    CHECK(answerOf(board, "old") == "x");
}

TEST_CASE("a slot that is removed answers no more, and one that cannot be removed goes on") {
    BenchBoard board;
    board.install(0, says('x', "old"));
    board.port.failCommit = true;
    CHECK(status(board.ask({wire::kCoapDelete, "rbpf/slots/0", {}, {}, {}})) == RBPF_STATUS_STORAGE);
    CHECK(answerOf(board, "old") == "x");
    board.port.failCommit = false;
    CHECK(board.ask({wire::kCoapDelete, "rbpf/slots/0", {}, {}, {}}).code == wire::kCoapDeleted);
    CHECK(board.get("old").code == wire::kCoapNotFound);
    CHECK(status(board.ask({wire::kCoapDelete, "rbpf/slots/0", {}, {}, {}})) == RBPF_STATUS_SLOT_EMPTY);
    CHECK(status(board.get("rbpf/slots/9")) == RBPF_STATUS_NO_SUCH_SLOT);
}

TEST_CASE("a stored image that is damaged leaves its slot empty and says so") {
    BenchBoard board;
    Blob image = says('x', "old");
    board.install(0, image);
    image.back() ^= 0xFF;
    image[60] ^= 0xFF;
    board.port.slots[0].assign(image.data(), image.size());
    board.restart();
    CHECK(board.get("old").code == wire::kCoapNotFound);
    CHECK(board.text().find("slot 0: the stored image is rejected") != std::string::npos);
}

TEST_CASE("an image is read back in blocks as it was installed") {
    BenchBoard board;
    const Blob image = says('x', "old");
    board.install(3, image);
    Blob read;
    for (std::uint32_t number = 0;; ++number) {
        const Answer answer =
            board.ask({wire::kCoapGet, "rbpf/slots/3", {}, {{wire::kOptionBlock2, number << 4 | 1}}, {}});
        REQUIRE(answer.code == wire::kCoapContent);
        read.insert(read.end(), answer.payload.begin(), answer.payload.end());
        REQUIRE(answer.block2);
        if ((*answer.block2 & 8) == 0) {
            break;
        }
    }
    CHECK(read == image);
    CHECK(board.ask({wire::kCoapGet, "rbpf/slots/3", {}, {{wire::kOptionBlock2, 1000 << 4}}, {}}).code ==
          wire::kCoapBadOption);
}

TEST_CASE("an update keeps a script's store, another script does not inherit it") {
    BenchBoard board;
    board.install(0, counts("", "counter"));
    board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}});
    board.install(0, counts("", "counter"));
    CHECK(field(board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}), "result") == 2);
    board.install(0, counts("", "other"));
    CHECK(field(board.ask({wire::kCoapPost, "rbpf/slots/0/invoke", {}, {}, {}}), "result") == 1);
}

} // namespace rbpf::agent
