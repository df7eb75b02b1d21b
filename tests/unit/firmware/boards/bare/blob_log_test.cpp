// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>
#include <string>

#include "boards/bare/blob_log.hpp"
#include "tests/unit/firmware/boards/bare/dying_flash.hpp"

using rbpf::bare::BlobLog;
using rbpf::bare::FlashPart;
using rbpf::test::DyingFlash;

namespace {

constexpr std::uint32_t kBytes = 8 * DyingFlash::kPageBytes;

BlobLog boot(DyingFlash& flash) {
    flash.powerUp();
    BlobLog log(FlashPart(flash, 0, kBytes));
    log.start();
    return log;
}

std::string held(const BlobLog& log) {
    return {reinterpret_cast<const char*>(log.load().data), log.load().size};
}

rbpf_status_t save(BlobLog& log, const std::string& blob) {
    return log.save(reinterpret_cast<const std::uint8_t*>(blob.data()), blob.size());
}

std::string blob(unsigned number) {
    return std::to_string(number) + std::string(20 + number % 50, '.');
}

} // namespace

TEST_CASE("The last save is what a restart finds, over many rounds through the flash") {
    DyingFlash flash(kBytes);
    BlobLog log = boot(flash);
    CHECK(log.load().data == nullptr);
    for (unsigned i = 0; i < 100; ++i) {
        REQUIRE(save(log, blob(i)) == RBPF_STATUS_OK);
        CHECK(held(log) == blob(i));
        if (i % 7 == 0) {
            log = boot(flash);
            CHECK(held(log) == blob(i));
        }
    }
    CHECK_FALSE(flash.overwritten());
}

TEST_CASE("A power cut at any write or erasure leaves the last save or the one before") {
    for (unsigned saved = 0; saved < 12; ++saved) { // into the first half, into the second, back into the first
        for (long at = 1;; ++at) {
            bool through = false;
            for (unsigned seed = 0; seed < 8 && !through; ++seed) {
                DyingFlash flash(kBytes);
                BlobLog log = boot(flash);
                for (unsigned i = 0; i < saved; ++i) {
                    REQUIRE(save(log, blob(i)) == RBPF_STATUS_OK);
                }
                flash.cutAfter(at, seed);
                (void)save(log, blob(saved));
                through = !flash.dead();
                BlobLog again = boot(flash);
                INFO(saved << " saves, cut at operation " << at << ", seed " << seed);
                REQUIRE((held(again) == blob(saved) || held(again) == (saved == 0 ? "" : blob(saved - 1))));
                REQUIRE(save(again, "next") == RBPF_STATUS_OK);
                CHECK(held(boot(flash)) == "next");
                CHECK_FALSE(flash.overwritten());
            }
            if (through) {
                CHECK(at > 5);
                break;
            }
        }
    }
}

TEST_CASE("A blob that half of the flash cannot hold is refused") {
    DyingFlash flash(kBytes);
    BlobLog log = boot(flash);
    REQUIRE(save(log, "kept") == RBPF_STATUS_OK);
    CHECK(save(log, std::string(kBytes / 2 - 15, 'x')) == RBPF_STATUS_TOO_LARGE);
    CHECK(held(log) == "kept");
    CHECK(save(log, std::string(kBytes / 2 - 16, 'x')) == RBPF_STATUS_OK);
    CHECK(held(boot(flash)).size() == kBytes / 2 - 16);
}
