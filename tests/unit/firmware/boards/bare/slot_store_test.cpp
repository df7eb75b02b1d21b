// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <string>

#include "boards/bare/slot_store.hpp"
#include "tests/unit/firmware/boards/bare/dying_flash.hpp"

using rbpf::bare::FlashPart;
using rbpf::bare::SlotStore;
using rbpf::test::DyingFlash;

namespace {

constexpr std::uint32_t kSlots = 3;
constexpr std::uint32_t kBytes = 4 * 256; // four areas of four pages
constexpr unsigned kSeeds = 16;           // ways in which a write or an erasure is torn

/// A board between two power cuts.
SlotStore boot(DyingFlash& flash) {
    flash.powerUp();
    SlotStore store(FlashPart(flash, 0, kBytes), kSlots);
    store.start();
    return store;
}

std::string held(const SlotStore& store, std::uint32_t slot) {
    const rbpf::port::Bytes bytes = store.slot(slot);
    return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

rbpf_status_t install(SlotStore& store, std::uint32_t slot, const std::string& image, std::size_t block = 13) {
    rbpf_status_t status = store.stageBegin(slot, image.size());
    for (std::size_t at = 0; status == RBPF_STATUS_OK && at < image.size(); at += block) {
        const std::string piece = image.substr(at, block);
        status = store.stageWrite(at, reinterpret_cast<const std::uint8_t*>(piece.data()), piece.size());
    }
    return status == RBPF_STATUS_OK ? store.stageCommit(slot) : status;
}

std::string image(char letter, std::size_t size) {
    std::string text(size, letter);
    text[size / 2] = '!';
    return text;
}

/// Cuts the power at every operation of `change`, in several ways; then slot 1 holds one of the two, its neighbours
/// what they held, and after a second change everything is as if nothing had happened.
template <typename Prepare, typename Change>
void cutEverywhere(Prepare prepare, Change change, const std::string& before, const std::string& after) {
    bool sawBefore = false;
    for (long at = 0;; ++at) {
        bool through = false;
        for (unsigned seed = 0; seed < kSeeds; ++seed) {
            DyingFlash flash(kBytes);
            SlotStore store = boot(flash);
            REQUIRE(install(store, 0, image('l', 100)) == RBPF_STATUS_OK);
            REQUIRE(install(store, 2, image('r', 220)) == RBPF_STATUS_OK);
            prepare(store);
            flash.cutAfter(at, seed);
            const rbpf_status_t status = change(store);
            through = !flash.dead();
            if (through) {
                REQUIRE(status == RBPF_STATUS_OK);
                CHECK(held(boot(flash), 1) == after);
                break;
            }
            SlotStore again = boot(flash);
            const std::string found = held(again, 1);
            INFO("cut at operation " << at << ", seed " << seed << ", found " << found.size() << " bytes");
            REQUIRE((found == before || found == after));
            sawBefore = sawBefore || found == before;
            CHECK(held(again, 0) == image('l', 100));
            CHECK(held(again, 2) == image('r', 220));
            REQUIRE(install(again, 1, image('z', 200)) == RBPF_STATUS_OK);
            CHECK(held(boot(flash), 1) == image('z', 200));
            CHECK_FALSE(flash.overwritten());
        }
        if (through) {
            CHECK(at > 0);
            break;
        }
    }
    CHECK(sawBefore);
}

} // namespace

TEST_CASE("An installed image is there after a restart, and so is one that replaced it") {
    DyingFlash flash(kBytes);
    SlotStore store = boot(flash);
    CHECK(held(store, 1).empty());
    for (const char letter : std::string("abcdefgh")) {
        REQUIRE(install(store, 1, image(letter, 224)) == RBPF_STATUS_OK);
        CHECK(held(store, 1) == image(letter, 224));
        store = boot(flash);
        CHECK(held(store, 1) == image(letter, 224));
    }
    CHECK(reinterpret_cast<std::uintptr_t>(store.slot(1).data) % 8 == 0);
    CHECK_FALSE(flash.overwritten());
}

TEST_CASE("A power cut at any write or erasure of an update leaves the old image or the new one") {
    const auto prepare = [](SlotStore& store) { REQUIRE(install(store, 1, image('o', 180)) == RBPF_STATUS_OK); };
    cutEverywhere(
        prepare, [](SlotStore& store) { return install(store, 1, image('n', 224)); }, image('o', 180), image('n', 224));
}

TEST_CASE("A power cut at any write of a second update, over used flash, leaves the old image or the new one") {
    const auto prepare = [](SlotStore& store) {
        for (const char letter : std::string("abcdo")) {
            REQUIRE(install(store, 1, image(letter, 200)) == RBPF_STATUS_OK);
        }
    };
    cutEverywhere(
        prepare, [](SlotStore& store) { return install(store, 1, image('n', 150)); }, image('o', 200), image('n', 150));
}

TEST_CASE("A power cut at any write of a first install leaves nothing or the image") {
    cutEverywhere([](SlotStore&) {}, [](SlotStore& store) { return install(store, 1, image('n', 224)); }, "",
                  image('n', 224));
}

TEST_CASE("A power cut at any write of a removal leaves the image or nothing") {
    const auto prepare = [](SlotStore& store) { REQUIRE(install(store, 1, image('o', 180)) == RBPF_STATUS_OK); };
    cutEverywhere(prepare, [](SlotStore& store) { return store.slotRemove(1); }, image('o', 180), "");
}

TEST_CASE("A removed image does not come back, also where an update was cut short before") {
    for (long at = 1; at < 200; ++at) {
        DyingFlash flash(kBytes);
        SlotStore store = boot(flash);
        REQUIRE(install(store, 1, image('o', 180)) == RBPF_STATUS_OK);
        flash.cutAfter(at, 1);
        (void)install(store, 1, image('n', 180));
        store = boot(flash);
        REQUIRE(store.slotRemove(1) == RBPF_STATUS_OK);
        CHECK(held(boot(flash), 1).empty());
    }
}

TEST_CASE("What is staged is not the slot's before it is committed, and may be given up") {
    DyingFlash flash(kBytes);
    SlotStore store = boot(flash);
    REQUIRE(install(store, 1, "old") == RBPF_STATUS_OK);
    REQUIRE(store.stageBegin(1, 3) == RBPF_STATUS_OK);
    REQUIRE(store.stageWrite(0, reinterpret_cast<const std::uint8_t*>("new"), 3) == RBPF_STATUS_OK);
    CHECK(std::string(reinterpret_cast<const char*>(store.staged().data), store.staged().size) == "new");
    CHECK(held(store, 1) == "old");
    store.stageAbort();
    CHECK(store.staged().size == 0);
    CHECK(store.stageCommit(1) == RBPF_STATUS_BLOCK_ORDER);
    CHECK(held(boot(flash), 1) == "old");
}

TEST_CASE("What does not fit, or is out of order, is refused and leaves the slot alone") {
    DyingFlash flash(kBytes);
    SlotStore store = boot(flash);
    REQUIRE(install(store, 1, "old") == RBPF_STATUS_OK);
    CHECK(store.stageBegin(1, store.imageBytes() + 1) == RBPF_STATUS_TOO_LARGE);
    CHECK(store.stageBegin(kSlots, 1) == RBPF_STATUS_NO_SUCH_SLOT);
    CHECK(store.slotRemove(kSlots) == RBPF_STATUS_NO_SUCH_SLOT);
    CHECK(store.stageWrite(0, nullptr, 0) == RBPF_STATUS_BLOCK_ORDER);
    REQUIRE(store.stageBegin(1, 8) == RBPF_STATUS_OK);
    CHECK(store.stageWrite(4, reinterpret_cast<const std::uint8_t*>("late"), 4) == RBPF_STATUS_BLOCK_ORDER);
    const std::string large(store.imageBytes() + 1, 'x');
    CHECK(store.stageWrite(0, reinterpret_cast<const std::uint8_t*>(large.data()), large.size()) ==
          RBPF_STATUS_TOO_LARGE);
    CHECK(store.stageCommit(0) == RBPF_STATUS_BLOCK_ORDER);
    CHECK(held(store, 1) == "old");
    CHECK(install(store, 1, std::string(store.imageBytes(), 'y')) == RBPF_STATUS_OK);
    CHECK(held(boot(flash), 1) == std::string(store.imageBytes(), 'y'));
}

TEST_CASE("An image whose bytes have changed in flash is not taken for whole") {
    DyingFlash flash(kBytes);
    SlotStore store = boot(flash);
    REQUIRE(install(store, 1, image('o', 180)) == RBPF_STATUS_OK);
    const auto at = static_cast<std::uint32_t>(store.slot(1).data - flash.data()) + 100;
    flash.write(at / 4 * 4, 0);
    CHECK(held(boot(flash), 1).empty());
}
