// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdk/image/status_text.hpp"

namespace rbpf::image {

namespace {

struct Row {
    int value;
    const char* name;
    const char* sentence;
};

constexpr Row kRows[] = {
#define RBPF_STATUS(value, name, sentence) {value, #name, sentence},
#include <rbpf/status.def>
#undef RBPF_STATUS
};

const Row* find(int status) {
    for (const Row& row : kRows) {
        if (row.value == status) {
            return &row;
        }
    }
    return nullptr;
}

} // namespace

std::string statusName(int status) {
    const Row* row = find(status);
    return row != nullptr ? row->name : "STATUS_" + std::to_string(status);
}

std::string statusSentence(int status) {
    const Row* row = find(status);
    return row != nullptr
               ? row->sentence
               : "the firmware answered with status " + std::to_string(status) + ", which is newer than this program";
}

} // namespace rbpf::image
