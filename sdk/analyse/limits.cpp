// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/analyse/limits.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace rbpf::analyse {

namespace {

using support::ErrorKind;

struct Measure {
    const char* name;
    const char* unit;
    std::uint32_t SizeReport::* value;
};

constexpr Measure kMeasures[] = {{"text", " B", &SizeReport::text},
                                 {"rodata", " B", &SizeReport::rodata},
                                 {"data", " B", &SizeReport::data},
                                 {"bss", " B", &SizeReport::bss},
                                 {"stack", " B", &SizeReport::stack},
                                 {"image", " B", &SizeReport::image},
                                 {"instructions", "", &SizeReport::instructions}};
constexpr std::string_view kWorst = "worst";

const Measure* measureNamed(std::string_view name) {
    const auto found = std::ranges::find(kMeasures, name, &Measure::name);
    return found == std::end(kMeasures) ? nullptr : found;
}

std::string sentenceOf(const std::string& what, std::uint64_t value, std::uint64_t most, const std::string& unit) {
    if (value <= most) {
        return fmt::format("{} is {}{}, {}{} under its limit of {}{}", what, value, unit, most - value, unit, most, unit);
    }
    return fmt::format("{} is {}{}, {}{} over its limit of {}{}", what, value, unit, value - most, unit, most, unit);
}

LimitCheck checkWorst(const SizeReport& report, const Limit& limit) {
    LimitCheck check{limit, 0, true, {}};
    std::string costliest;
    for (const EntryCost& entry : report.entries) {
        if (entry.worst.kind == WorstCase::Kind::Unbounded) {
            check.value.reset();
            check.isKept = false;
            check.sentence = fmt::format("the worst case of {} is unbounded, so it breaks its limit of {} instructions: {}",
                                         entry.name, limit.most,
                                         entry.worst.because.empty() ? "there is a loop" : entry.worst.because);
            return check;
        }
        if (costliest.empty() || entry.worst.instructions > *check.value) {
            check.value = entry.worst.instructions;
            costliest = entry.name;
        }
    }
    check.isKept = *check.value <= limit.most;
    check.sentence = sentenceOf("the worst case of " + costliest, *check.value, limit.most, " instructions");
    return check;
}

} // namespace

support::Result<std::vector<Limit>> parseLimits(std::string_view text) {
    constexpr const char* kHint = "as text=400,stack=256; there are text, rodata, data, bss, stack, image, instructions "
                                  "and worst";
    std::vector<Limit> limits;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        const std::size_t equals = part.find('=');
        const std::string_view name = part.substr(0, equals);
        Limit limit{std::string(name), 0};
        const std::string_view number = equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1);
        const auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), limit.most);
        if (number.empty() || code != std::errc() || end != number.data() + number.size()) {
            return support::fail(ErrorKind::Usage, fmt::format("\"{}\" is no limit", part), kHint);
        }
        if (name != kWorst && measureNamed(name) == nullptr) {
            return support::fail(ErrorKind::Usage, fmt::format("nothing called \"{}\" can be limited", name), kHint);
        }
        limits.push_back(std::move(limit));
    }
    return limits;
}

std::vector<LimitCheck> checkLimits(const SizeReport& report, const std::vector<Limit>& limits) {
    std::vector<LimitCheck> checks;
    for (const Limit& limit : limits) {
        const Measure* measure = measureNamed(limit.name);
        if (measure == nullptr) {
            checks.push_back(checkWorst(report, limit));
            continue;
        }
        const std::uint64_t value = report.*measure->value;
        checks.push_back({limit, value, value <= limit.most, sentenceOf(limit.name, value, limit.most, measure->unit)});
    }
    return checks;
}

} // namespace rbpf::analyse
