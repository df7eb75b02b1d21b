// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every kernel natively and in the VM and prints instructions executed, one figure a line: "NAME VALUE". Meant for
//   qemu-system-arm -M mps2-an386 -icount shift=0 -semihosting -nographic -kernel rbpf-bench-m4
//   qemu-system-arm -M microbit -icount shift=0 -semihosting -nographic -kernel rbpf-bench-m0
// where time is counted in instructions. Ends with status 1 if a script and its native form disagree.
#include <string.h>

#include "rbpf_vm/rbpf_vm.h"
#include "tests/bench/kernels/kernel.h"
#include "tests/bench/boards/listing1.hpp"
#include "tests/bench/boards/measure.hpp"
#include "tests/bench/boards/stubs.hpp"

namespace rbpf::bench {

namespace {

constexpr uint32_t kStackBytes = 1024, kRamBytes = 1024;

union Context {
    kernel_bytes_t bytes;
    kernel_numbers_t numbers;
    kernel_sieve_t sieve;
    bpf_coap_ctx_t coap;
};

struct Kernel {
    const char* name;
    const uint8_t* image;
    const uint8_t* imageEnd;
    uint64_t (*native)(Context& context);
    void (*prepare)(Context& context);
    uint32_t contextBytes;
};

void prepareBytes(Context& context) {
    context.bytes = {KERNEL_BYTES, 12345, {}};
    for (uint32_t i = 0; i < KERNEL_BYTES; i++)
        context.bytes.data[i] = static_cast<uint8_t>(i * 7 + (i >> 3));
}

void prepareText(Context& context) {
    static const char text[] = "The quick brown fox jumps over the lazy dog while sensors sleep between two samples. ";
    context.bytes = {KERNEL_BYTES, 0, {}};
    for (uint32_t i = 0; i + 1 < KERNEL_BYTES; i++)
        context.bytes.data[i] = static_cast<uint8_t>(text[i % (sizeof text - 1)]);
}

void prepareNumbers(Context& context) {
    context.numbers = {KERNEL_NUMBERS, 0, {}};
    uint32_t x = 1;
    for (uint32_t& number : context.numbers.number)
        number = (x = x * 1664525 + 1013904223) >> 8;
}

void prepareSieve(Context& context) {
    context.sieve = {};
}

void prepareCoap(Context& context) {
    context.coap = {};
}

#define IMAGE(name) extern "C" const uint8_t image_##name[], image_##name##_end[];
IMAGE(fletcher32)
IMAGE(crc32)
IMAGE(sort)
IMAGE(sieve)
IMAGE(arithmetic64)
IMAGE(scan)
IMAGE(listing1)
#undef IMAGE

#define KERNEL(name, member, prepare)                                                                                  \
    {#name,                                                                                                            \
     image_##name,                                                                                                     \
     image_##name##_end,                                                                                               \
     [](Context& context) { return static_cast<uint64_t>(name(&context.member)); },                                    \
     prepare,                                                                                                          \
     sizeof(Context::member)}
const Kernel kernels[] = {
    KERNEL(fletcher32, bytes, prepareBytes),   KERNEL(crc32, bytes, prepareBytes),
    KERNEL(sort, numbers, prepareNumbers),     KERNEL(sieve, sieve, prepareSieve),
    KERNEL(arithmetic64, bytes, prepareBytes), KERNEL(scan, bytes, prepareText),
    KERNEL(listing1, coap, prepareCoap),
};
#undef KERNEL

Context context;
alignas(8) uint8_t stack[kStackBytes];
alignas(8) uint8_t ram[kRamBytes];
uint8_t granted[RBPF_REGION_COUNT][16];

bool fail(const char* kernel, const char* what, int status) {
    mps2::print(kernel);
    mps2::print(what);
    if (status < 0)
        mps2::print("-");
    mps2::print(static_cast<uint32_t>(status < 0 ? -status : status));
    mps2::print("\n");
    return false;
}

/// How a kernel is run.
struct Form {
    const char* what;
    uint32_t regions; ///< granted, the context among them
    uint32_t slice;   ///< instructions that a call of run may execute
};

constexpr uint32_t kWhole = 10000000;
constexpr uint32_t kSlice = 2000; ///< what the agent gives a script before it is another one's turn

constexpr Form kForms[] = {
    {".instructions", 1, kWhole},        {".instructions.regions4", 4, kWhole}, {".instructions.regions16", 16, kWhole},
    {".instructions.sliced", 1, kSlice}, {".instructions.single", 1, 1},
};

/// Instructions of a run; 0 if the script did not exit with `expected`.
uint32_t interpreted(const Kernel& kernel, const rbpf_image_t& image, const Form& form, uint64_t expected,
                     uint32_t& steps) {
    static rbpf_container_t container;
    rbpf_container_init(&container, &image, &stubFirmware, stack, ram);
    rbpf_container_grant(&container, RBPF_REGION_CONTEXT, &context, kernel.contextBytes, 1);
    for (uint32_t i = 1; i < form.regions && RBPF_REGION_CONTEXT + i < RBPF_REGION_COUNT; i++)
        rbpf_container_grant(&container, RBPF_REGION_CONTEXT + i, granted[i], sizeof granted[i], 1);
    const uint32_t entry = rbpf_image_entry(&image, 0).insnIndex;
    bool ok = true;
    const uint32_t count = instructions(
        [&] {
            kernel.prepare(context);
            rbpf_container_start(&container, entry);
        },
        [&] {
            rbpf_halt_t halt = RBPF_HALT_BUDGET;
            while (halt == RBPF_HALT_BUDGET)
                halt = rbpf_container_run(&container, form.slice);
            ok = ok && halt == RBPF_HALT_EXITED && container.reg[0] == expected;
        });
    steps = static_cast<uint32_t>(container.instructions);
    if (!ok)
        fail(kernel.name, ": the script's result is not the native one, or it faulted: ", container.fault.status);
    return ok ? count - overhead() : 0;
}

bool measure(const Kernel& kernel) {
    rbpf_image_t image;
    rbpf_fault_t rejection;
    const rbpf_limits_t limits = {65536, sizeof stack, sizeof ram};
    rbpf_status_t status = rbpf_image_open(&image, kernel.image, static_cast<uint32_t>(kernel.imageEnd - kernel.image));
    if (status == RBPF_STATUS_OK)
        status = rbpf_image_verify(&image, &limits, &stubFirmware, &rejection);
    if (status != RBPF_STATUS_OK)
        return fail(kernel.name, ": the image is rejected: ", status);

    uint64_t expected = 0;
    const uint32_t native =
        instructions([&] { kernel.prepare(context); }, [&] { expected = kernel.native(context); }) - overhead();
    figure("native", kernel.name, ".instructions", native);

    uint32_t steps = 0;
    for (const Form& form : kForms) {
        const uint32_t count = interpreted(kernel, image, form, expected, steps);
        if (!count)
            return false;
        figure("interpreter", kernel.name, form.what, count);
    }
    figure("interpreter", kernel.name, ".steps", steps);
    figure("image", kernel.name, ".text", image.textBytes);
    return kernel.prepare != prepareCoap || measureListing1(image, stack, ram);
}

} // namespace

bool measureAll() {
    mps2::timerStart();
    bool ok = true;
    for (const Kernel& kernel : kernels)
        ok = measure(kernel) && ok;
    figure("ram", "container", "", sizeof(rbpf_container_t));
    return ok;
}

} // namespace rbpf::bench

int main() {
    return rbpf::bench::measureAll() ? 0 : 1;
}
