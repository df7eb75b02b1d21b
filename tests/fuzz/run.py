#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs every fuzz target for some seconds, two at a time, and prints one line for each. Exit code 1 on any crash.

Inputs found on the way are kept in BUILD/corpus and used again; crashes in BUILD/crashes. To look at one:
  build/fuzz/bin/fuzz_vm build/fuzz/crashes/fuzz_vm-crash-…"""
import argparse
import concurrent.futures
import os
import re
import subprocess
import sys

import seeds

HERE = os.path.dirname(os.path.abspath(__file__))
GRACE_SECONDS = 120  # beyond its time a target may finish one slow input


def run(target, args):
    """One line about the target, and whether it passed."""
    program = os.path.join(args.build, "bin", target)
    if not os.path.exists(program):
        return f"{target}: {program} is missing; build it with: cmake --preset fuzz && cmake --build --preset fuzz --target fuzzers", False
    corpus, crashes = os.path.join(args.build, "corpus", target), os.path.join(args.build, "crashes")
    os.makedirs(crashes, exist_ok=True)
    seeds.write(target, corpus)
    command = [program, corpus, f"-max_total_time={args.seconds}", f"-artifact_prefix={crashes}/{target}-", "-max_len=4096", "-timeout=20",
               "-rss_limit_mb=3000", "-print_final_stats=1", "-verbosity=1"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=args.seconds + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return f"{target}: still running {GRACE_SECONDS} s after its time", False
    log = os.path.join(crashes, f"{target}.log")
    if done.returncode != 0:
        with open(log, "w", encoding="utf-8") as file:
            file.write(done.stderr)
        kept = re.search(r"Test unit written to (\S+)", done.stderr)
        cause = re.search(r"^(.*(?:not true|ERROR:|runtime error:).*)$", done.stderr, re.MULTILINE)
        what = cause.group(1).strip() if cause else f"exit code {done.returncode}"
        return f"{target}: FAILED: {what}\n    input: {kept.group(1) if kept else 'none'}\n    log:   {log}", False
    runs = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
    coverage = re.findall(r"cov: (\d+)", done.stderr)
    count = int(runs.group(1)) if runs else 0
    line = f"{target}: {count:,} inputs, {coverage[-1] if coverage else '?'} edges, no crash"
    return (line, True) if count > 0 else (f"{target}: ran no input", False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="for each target (default 20)")
    parser.add_argument("--build", default="build/fuzz", help="build folder of the preset fuzz (default build/fuzz)")
    parser.add_argument("targets", nargs="*", help=f"default: all of {', '.join(seeds.SEEDS)}")
    args = parser.parse_args()
    unknown = [target for target in args.targets if target not in seeds.SEEDS]
    if unknown:
        parser.error(f"no target {unknown[0]}; there are {', '.join(seeds.SEEDS)}")
    passed = True
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for line, good in pool.map(lambda target: run(target, args), args.targets or list(seeds.SEEDS)):
            print(line, flush=True)
            passed = passed and good
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
