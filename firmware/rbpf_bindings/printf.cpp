// SPDX-License-Identifier: LGPL-2.1-or-later
// printf for scripts, interpreted here and never by a libc: the format and every %s come from the script and are
// hostile until checked. One call prints at most kPrintMax characters; a conversion that is not known is printed as it
// stands.
#include <string.h>

#include "rbpf_bindings/fmt.hpp"
#include "rbpf_bindings/functions.hpp"

namespace rbpf::bindings {

namespace {

constexpr uint32_t kPrintMax = 512; ///< characters of one call; what lies beyond is cut off
constexpr uint32_t kWidthMax = 64;

/// Collects text into pieces for the log.
class Output {
public:
    explicit Output(Run& run) : run_(run) {}
    ~Output() { flush(); }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    void put(char c) {
        if (total_ == kPrintMax) {
            return;
        }
        ++total_;
        piece_[size_++] = c;
        if (size_ == sizeof piece_) {
            flush();
        }
    }
    void put(const char* text, uint32_t size) {
        for (uint32_t i = 0; i < size && !full(); ++i) {
            put(text[i]);
        }
    }
    void pad(char c, uint32_t count) {
        for (uint32_t i = 0; i < count; ++i) {
            put(c);
        }
    }
    [[nodiscard]] bool full() const { return total_ == kPrintMax; }
    [[nodiscard]] uint32_t total() const { return total_; }

private:
    void flush() {
        if (size_ != 0 && run_.log != nullptr) {
            run_.log(run_.logOwner, piece_, size_);
        }
        size_ = 0;
    }

    Run& run_;
    char piece_[32];
    uint32_t size_ = 0;
    uint32_t total_ = 0;
};

struct Conversion {
    char letter = 0;
    bool left = false;
    bool zero = false;
    bool plus = false;
    bool wide = false; ///< l, ll, z, j, t: 64 bits
    bool hasPrecision = false;
    uint32_t width = 0;
    uint32_t precision = 0;
};

/// Reads the format and the four registers behind it.
class Interpreter {
public:
    Interpreter(Call& call, Output& out)
        : call_(call), out_(out), at_(static_cast<const char*>(call.pointer[0])), end_(at_ + call.bytes[0]) {}

    int run() {
        while (at_ != end_ && !out_.full()) {
            if (*at_ != '%') {
                out_.put(*at_++);
                continue;
            }
            const char* start = at_++;
            const Conversion conversion = parse();
            const int status = convert(conversion, start);
            if (status != RBPF_STATUS_OK) {
                return status;
            }
        }
        return RBPF_STATUS_OK;
    }

private:
    /// Registers that are not there read as 0.
    uint64_t argument() { return next_ < kParametersMax ? call_.arg[next_++] : 0; }

    uint32_t number() {
        if (at_ != end_ && *at_ == '*') {
            ++at_;
            const uint32_t value = static_cast<uint32_t>(argument());
            return value > kWidthMax ? 0 : value;
        }
        uint32_t value = 0;
        for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
            value = value * 10 + static_cast<uint32_t>(*at_ - '0');
            if (value > kWidthMax) {
                value = kWidthMax;
            }
        }
        return value;
    }

    Conversion parse() {
        Conversion c;
        for (bool flags = true; flags && at_ != end_;) {
            switch (*at_) {
            case '-':
                c.left = true;
                break;
            case '0':
                c.zero = true;
                break;
            case '+':
                c.plus = true;
                break;
            case ' ':
            case '#':
                break;
            default:
                flags = false;
                continue;
            }
            ++at_;
        }
        c.width = number();
        if (at_ != end_ && *at_ == '.') {
            ++at_;
            c.hasPrecision = true;
            c.precision = number();
        }
        for (; at_ != end_ && strchr("hljzt", *at_) != nullptr; ++at_) {
            c.wide = c.wide || *at_ != 'h';
        }
        if (at_ != end_) {
            c.letter = *at_++;
        }
        return c;
    }

    int convert(const Conversion& c, const char* start) {
        switch (c.letter) {
        case 'd':
        case 'i': {
            const uint64_t raw = argument();
            const int64_t value = c.wide ? static_cast<int64_t>(raw)
                                         : static_cast<int64_t>(static_cast<int32_t>(static_cast<uint32_t>(raw)));
            const uint64_t magnitude = value < 0 ? 0 - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
            char text[20];
            digits(c, value < 0 ? "-" : c.plus ? "+" : "", text, fmtU64(text, magnitude));
            return RBPF_STATUS_OK;
        }
        case 'u': {
            char text[20];
            digits(c, "", text, fmtU64(text, cut(c, argument())));
            return RBPF_STATUS_OK;
        }
        case 'x':
        case 'X':
        case 'p': {
            char text[16];
            const uint64_t value = cut(c, argument());
            digits(c, c.letter == 'p' ? "0x" : "", text, hex(text, value, c.letter == 'X' ? 'A' : 'a'));
            return RBPF_STATUS_OK;
        }
        case 'c': {
            const char character = static_cast<char>(argument());
            field(c, &character, 1);
            return RBPF_STATUS_OK;
        }
        case 's':
            return string(c);
        case '%':
            out_.put('%');
            return RBPF_STATUS_OK;
        default:
            // %n, %f and whatever else: as it stands; its argument is passed over, so that the next ones stay right.
            out_.put(start, static_cast<uint32_t>(at_ - start));
            (void)argument();
            return RBPF_STATUS_OK;
        }
    }

    static uint64_t cut(const Conversion& c, uint64_t value) { return c.wide ? value : value & 0xFFFFFFFFu; }

    static uint32_t hex(char* out, uint64_t value, char ten) {
        uint32_t count = 1;
        while (count < 16 && value >> (4 * count) != 0) {
            ++count;
        }
        for (uint32_t i = 0; i < count; ++i) {
            const unsigned digit = static_cast<unsigned>(value >> (4 * (count - 1 - i))) & 15;
            out[i] = static_cast<char>(digit < 10 ? '0' + digit : ten + digit - 10);
        }
        return count;
    }

    int string(const Conversion& c) {
        const uint64_t address = argument();
        if (c.hasPrecision) {
            // As in C: no NUL is needed within the precision.
            uint32_t length = 0;
            for (; length < c.precision; ++length) {
                const void* byte = rbpf_container_access(&call_.container, address + length, 1, RBPF_READ);
                if (byte == nullptr) {
                    call_.container.fault.detail = static_cast<uint32_t>(address + length);
                    return RBPF_STATUS_READ_FAULT;
                }
                if (*static_cast<const char*>(byte) == '\0') {
                    break;
                }
            }
            const void* text = length == 0 ? "" : rbpf_container_access(&call_.container, address, length, RBPF_READ);
            if (text == nullptr) {
                call_.container.fault.detail = static_cast<uint32_t>(address);
                return RBPF_STATUS_READ_FAULT;
            }
            field(c, static_cast<const char*>(text), length);
            return RBPF_STATUS_OK;
        }
        const char* text = nullptr;
        uint32_t length = 0;
        if (!call_.string(address, text, length)) {
            return RBPF_STATUS_READ_FAULT;
        }
        field(c, text, length);
        return RBPF_STATUS_OK;
    }

    void field(const Conversion& c, const char* text, uint32_t size) {
        const uint32_t padding = c.width > size ? c.width - size : 0;
        if (!c.left) {
            out_.pad(' ', padding);
        }
        out_.put(text, size);
        if (c.left) {
            out_.pad(' ', padding);
        }
    }

    void digits(const Conversion& c, const char* sign, const char* text, size_t count) {
        const uint32_t signBytes = static_cast<uint32_t>(strlen(sign));
        const uint32_t digitBytes = static_cast<uint32_t>(count);
        uint32_t zeros = c.hasPrecision && c.precision > digitBytes ? c.precision - digitBytes : 0;
        if (c.zero && !c.left && !c.hasPrecision && c.width > signBytes + digitBytes) {
            zeros = c.width - signBytes - digitBytes;
        }
        const uint32_t size = signBytes + zeros + digitBytes;
        const uint32_t padding = c.width > size ? c.width - size : 0;
        if (!c.left) {
            out_.pad(' ', padding);
        }
        out_.put(sign, signBytes);
        out_.pad('0', zeros);
        out_.put(text, digitBytes);
        if (c.left) {
            out_.pad(' ', padding);
        }
    }

    Call& call_;
    Output& out_;
    const char* at_;
    const char* end_;
    unsigned next_ = 1;
};

} // namespace

int bind_printf(Call& call) {
    Output out(call.run);
    const int status = Interpreter(call, out).run();
    call.result(out.total());
    return status;
}

int bind_print_debug(Call& call) {
    char text[kFmtBytes];
    Output out(call.run);
    out.put(text, static_cast<uint32_t>(fmtU32(text, call.u32(0))));
    out.put('\n');
    call.result(out.total());
    return RBPF_STATUS_OK;
}

} // namespace rbpf::bindings
