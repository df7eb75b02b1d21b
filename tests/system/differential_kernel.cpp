// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/system/differential_kernel.hpp"

#include <cerrno>
#include <cstring>

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace rbpf::differential {
namespace {

uint64_t addressOf(const void* pointer) {
    return reinterpret_cast<uintptr_t>(pointer);
}

long callBpf(bpf_cmd command, bpf_attr& attributes) {
    return syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

KernelRun notRun(KernelOutcome outcome, const char* step, const std::string& log = "") {
    return {outcome, std::string(step) + ": " + std::strerror(errno) + (log.empty() ? "" : "\n" + log), {}};
}

/// Without a right or a feature the load fails by these; a verifier's no is EINVAL or EACCES with a log.
bool meansUnavailable(int error, const std::string& log) {
    return error == EPERM || error == ENOSYS || (error == EACCES && log.empty()) || (error == EINVAL && log.empty());
}

} // namespace

KernelRun runInKernel(const std::vector<uint8_t>& text, const std::vector<uint8_t>& context) {
    std::vector<char> logBuffer(1 << 18);
    bpf_attr load;
    std::memset(&load, 0, sizeof load);
    load.prog_type = BPF_PROG_TYPE_SYSCALL;
    load.prog_flags = BPF_F_SLEEPABLE;
    load.insns = addressOf(text.data());
    load.insn_cnt = static_cast<uint32_t>(text.size() / 8);
    load.license = addressOf("GPL");
    load.log_level = 1;
    load.log_buf = addressOf(logBuffer.data());
    load.log_size = static_cast<uint32_t>(logBuffer.size());
    const long program = callBpf(BPF_PROG_LOAD, load);
    if (program < 0) {
        const std::string log = logBuffer.data();
        return notRun(meansUnavailable(errno, log) ? KernelOutcome::Unavailable : KernelOutcome::Rejected,
                      "BPF_PROG_LOAD", log);
    }

    KernelRun run{KernelOutcome::Ran, "", context};
    bpf_attr test;
    std::memset(&test, 0, sizeof test);
    test.test.prog_fd = static_cast<uint32_t>(program);
    test.test.ctx_in = addressOf(run.context.data()); // written back in place
    test.test.ctx_size_in = static_cast<uint32_t>(run.context.size());
    if (callBpf(BPF_PROG_TEST_RUN, test) < 0)
        run = notRun(KernelOutcome::Unavailable, "BPF_PROG_TEST_RUN");
    close(static_cast<int>(program));
    return run;
}

} // namespace rbpf::differential
