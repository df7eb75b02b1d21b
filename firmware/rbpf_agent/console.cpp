// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rbpf_agent/console.hpp"

#include "rbpf_agent/text.hpp"

namespace rbpf::agent {

void Console::write(const char* text, size_t size) {
    for (size_t i = 0; i < size; ++i) {
        buffer_[size_++] = static_cast<uint8_t>(text[i]);
        if (size_ == capacity_ || text[i] == '\n') {
            flush();
        }
    }
}

void Console::flush() {
    if (size_ == 0) {
        return;
    }
    if (lost_ != told_) {
        uint8_t note[48];
        TextWriter writer(note, sizeof note);
        writer.text("(").number(lost_ - told_).text(" characters lost)\n");
        if (out_.text({note, writer.size()})) {
            told_ = lost_;
        }
    }
    if (!out_.text({buffer_, size_})) {
        lost_ += static_cast<uint32_t>(size_);
    }
    size_ = 0;
}

} // namespace rbpf::agent
