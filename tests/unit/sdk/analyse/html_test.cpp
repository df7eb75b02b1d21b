// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "sdk/analyse/html.hpp"
#include "sdk/analyse/squarify.hpp"
#include "tests/unit/sdk/image/image_builder.hpp"

using namespace rbpf::testing;
using namespace rbpf;

TEST_CASE("a hostile name or source line stays text") {
    TestImage made;
    made.text = join({insn(0xb7, 0, 0, 0, 1), insn(0x95)});
    made.entries = {{"main", "", 0, 0}};
    const auto image = image::read(made.build()).value();
    const std::string evil = "</td><script>alert('1')</script>\" onclick=\"x";
    const auto report = analyse::measure(image, {{evil, evil + ".c", 1, 0, 16, 0}});
    const std::string page = analyse::sizePage({report, image, {{evil, 0}}, {{0, 8, evil, 1}, {8, 8, evil, 2}},
                                                [&](const std::string&, unsigned) { return evil; }});
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("\" onclick") == std::string::npos);
    CHECK(page.find("&lt;script&gt;") != std::string::npos);
    CHECK(page.find("http:") == std::string::npos); // nothing from elsewhere
    CHECK(page.find("https:") == std::string::npos);
}

TEST_CASE("areas are in proportion and fill what there is") {
    const std::vector<double> weights{6, 6, 4, 3, 2, 2, 1};
    double sum = 0;
    const auto areas = analyse::squarify(weights, {0, 0, 6, 4});
    REQUIRE(areas.size() == weights.size());
    for (std::size_t i = 0; i < areas.size(); ++i) {
        const auto& area = areas[i];
        CHECK(area.width * area.height == Approx(weights[i]));
        CHECK(area.left >= 0);
        CHECK(area.top + area.height <= 4 + 1e-6);
        CHECK(area.left + area.width <= 6 + 1e-6);
        sum += area.width * area.height;
    }
    CHECK(sum == Approx(24));
    CHECK(analyse::squarify({}, {0, 0, 1, 1}).empty());
}
