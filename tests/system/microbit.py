# SPDX-License-Identifier: GPL-3.0-or-later
"""The micro:bit's firmware, the very ELF that is flashed, in QEMU: the main job over its UART, what survives what, and
scripts and faults that must not take it down."""

import json
import os
import select
import signal
import unittest

from cli_case import DEADLINE, until
import stack_depth
from emulated_board import EmulatedTest, elf, needs, symbol

PAINT = 0xA55AA55A  # firmware/boards/bare/memory.cpp

RETURNING = "int run(void) {{ return {}; }}\n"


@needs("microbit")
class MainJob(EmulatedTest):
    def test_deploy_ask_debug_and_step_back_on_the_emulated_cortex_m0(self):
        record = self.start()
        self.assertEqual([(b["id"], b["board"], b["serial"]) for b in self.report("boards")],
                         [("microbit", "microbit", record["serial"])])
        self.rbpf("new", "coap-sensor", "demo")
        config = self.folder / "demo/rbpf.json"
        settings = json.loads(config.read_text(encoding="utf-8"))
        config.write_text(json.dumps(settings | {"optimise": "debug"}), encoding="utf-8")
        self.assertIn("to microbit slot 0", self.rbpf("deploy", "demo", "--board", "microbit"))
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")

        source = (self.folder / "demo/src/coap_sensor.c").read_text(encoding="utf-8").splitlines()
        read = 1 + next(i for i, line in enumerate(source) if "(bpf_saul_reg_read(sens, &m) < 0)" in line)
        said = self.rbpf("debug", "demo", "--board", "microbit", "--command",
                         self.commands(f"break coap_sensor.c:{read}", "run", "locals", "next", "print m.val[0]",
                                       "who m", "back", "print m.val[0]", "regs", "stack", "frames", "goto live",
                                       "print m.val[0]", "delete", "continue", "quit"))
        for words in ("Breakpoint 1", "m.val[0] = 2150", "call bpf_saul_reg_read", "(rbpf run 1 step ",
                      "High-water mark", "-> #0 coap_resp", "GET /sensor answers 2.05 Content: 21.50"):
            self.assertIn(words, said)
        values = [line for line in said.splitlines() if line.startswith("m.val[0] = ")]
        self.assertEqual(len(values), 3, said)
        self.assertEqual([value == "m.val[0] = 2150" for value in values], [True, False, True])
        self.assertEqual(self.rbpf("get", "/sensor"), "21.50\n")

    def test_log_store_timers_and_devices(self):
        self.start()
        self.rbpf("new", "hello", "hello")
        self.rbpf("deploy", "hello")
        follower = self.start_rbpf("log", "--follow")
        # What is printed before the follower is on the line is not seen again.
        until(lambda: self.report("invoke", "0")["result"] == 42 and
              select.select([follower.stdout], [], [], 0)[0], "the script's line")
        ticking = self.script("""#include <rbpf/rbpf.h>
SEC("timer/20") int tick(void)
{
    uint32_t count;
    bpf_fetch_global(1, &count);
    bpf_store_global(1, count + 1);
    return 0;
}
""", name="ticking")
        self.rbpf("deploy", ticking, "--slot", 1)
        until(lambda: int(self.rbpf("store", "get", "global", "1")) >= 5, "five ticks")
        self.rbpf("remove", "1")
        self.rbpf("store", "set", "global", 9, 4294967295)
        self.assertEqual(self.rbpf("store", "get", "global", "9"), "4294967295\n")

        devices = self.script("""#include <rbpf/rbpf.h>
/* 1: an LED of the matrix is on after it was switched; 2: … the whole matrix; 4: button B is not pressed; 8: nothing is
 * beyond the last device; 16: an LED that is not there is refused. */
int run(void)
{
    phydat_t value = {{4, 2, 1}, UNIT_BOOL, 0};
    phydat_t reading;
    int result = 0;
    bpf_saul_reg_t *led = bpf_saul_reg_find_nth(0);
    bpf_saul_reg_t *matrix = bpf_saul_reg_find_nth(4);
    bpf_saul_reg_write(matrix, &value);
    if (bpf_saul_reg_read(led, &reading) == 1 && reading.val[0] == 1) result |= 1;
    value.val[2] = 0;
    bpf_saul_reg_write(matrix, &value);
    value.val[0] = 1;
    if (bpf_saul_reg_read(led, &reading) == 1 && reading.val[0] == 0 && bpf_saul_reg_write(led, &value) == 1) result |= 2;
    if (bpf_saul_reg_read(bpf_saul_reg_find_nth(3), &reading) == 1 && reading.val[0] == 0) result |= 4;
    if (!bpf_saul_reg_find_nth(5)) result |= 8;
    value.val[0] = 5;
    if (bpf_saul_reg_write(matrix, &value) < 0) result |= 16;
    return result;
}
""", name="devices")
        self.rbpf("deploy", devices, "--slot", 2)
        self.assertEqual(self.report("invoke", "2")["result"], 31)

    def test_scripts_and_values_outlive_stop_and_start(self):
        self.start()
        self.rbpf("deploy", self.script(RETURNING.format(7)))
        self.rbpf("store", "set", "global", 3, 33)
        self.assertEqual(self.rbpf("store", "get", "global", "3"), "33\n")
        self.rbpf("board", "stop", "microbit")
        self.assertEqual(self.report("boards"), [])
        self.start()
        self.assertEqual(self.report("invoke", "0")["result"], 7)
        self.assertEqual(self.rbpf("store", "get", "global", "3"), "33\n")


@needs("microbit")
class Hostile(EmulatedTest):
    def test_scripts_that_loop_for_ever_or_write_below_their_stack_do_not_take_the_board_down(self):
        self.start()
        self.rbpf("deploy", self.script("int run(void) { for (volatile int i = 0;; ++i) {} }\n", name="loop"),
                  "--slot", 0)
        self.rbpf("deploy", self.script("int run(void)\n{\n    volatile char here;\n"
                                        "    for (volatile char *at = &here;; --at) {\n        *at = 1;\n    }\n}\n",
                                        name="deep"), "--slot", 1)
        self.rbpf("deploy", self.script(RETURNING.format(5), name="good"), "--slot", 2)
        loop = self.start_rbpf("invoke", "0")
        self.assertIn("main.c:5: ", self.fails(1, "invoke", "1"))
        self.assertEqual(self.report("invoke", "2")["result"], 5)
        _, words = loop.communicate(timeout=DEADLINE)
        self.assertEqual(loop.returncode, 1, words)
        self.assertIn("budget", words)
        self.assertEqual(self.report("invoke", "2")["result"], 5)

    def test_a_qemu_that_dies_is_noticed_and_told(self):
        record = self.start()
        children = f"/proc/{record['pid']}/task/{record['pid']}/children"
        with open(children, encoding="ascii") as file:
            qemu = int(file.read().split()[0])
        os.kill(qemu, signal.SIGKILL)
        until(lambda: self.report("boards") == [], "the board to go")
        log = self.folder / "run/boards/microbit.log"
        until(lambda: "QEMU was ended by signal 9; the board is gone" in log.read_text(encoding="utf-8"), "its words")
        self.start()

    def test_what_is_missing_is_named_with_the_way_to_get_it(self):
        self.env["RBPF_FIRMWARE"] = str(self.folder)
        words = self.fails(3, "board", "start", "microbit")
        self.assertIn(f"there is no firmware rbpf-microbit.elf in {self.folder}", words)
        self.assertIn("cmake --preset firmware", words)
        self.env["RBPF_QEMU"] = "no-such-qemu"
        words = self.fails(3, "board", "start", "microbit")
        self.assertIn("no-such-qemu is not here", words)
        self.assertIn("apt install qemu-system-arm", words)
        del self.env["RBPF_QEMU"]
        (self.folder / "rbpf-microbit.elf").write_text("no ELF", encoding="utf-8")
        self.assertIn("expected a firmware's ELF file", self.fails(3, "board", "start", "microbit"))
        self.assertIn("there are: native, microbit, mps2_an386", self.fails(2, "board", "start", "macrobit"))
        self.assertIn("is no option of the board microbit",
                      self.fails(2, "board", "start", "microbit", "--open-management"))


@needs("microbit")
class Resets(EmulatedTest):
    def setUp(self):
        super().setUp()
        self.start_open()
        self.rbpf("deploy", self.script(RETURNING.format(7)))

    def answers(self, pattern):
        """The reason of the last reset, once the board is back; its script is, too."""
        until(lambda: self.last_reset().startswith(pattern), f"a board that tells of {pattern!r}")
        self.assertEqual(self.report("invoke", "0")["result"], 7)
        return self.last_reset()

    def test_a_reset_leaves_the_scripts(self):
        self.qmp.ask("system_reset")
        self.answers("power or reset pin")

    def test_a_hard_fault_is_told_with_its_place_after_the_reset(self):
        gdb = self.gdb()
        gdb.set_pc(0x60000000)
        gdb.leave()
        self.assertEqual(self.answers("hard fault"), "hard fault at 0x60000000")
        for command in ("stats", "boards"):
            self.assertIn("last reset: hard fault at 0x60000000\n", self.rbpf(command))
        self.qmp.ask("system_reset")
        self.answers("power or reset pin")
        self.assertNotIn("last reset", self.rbpf("boards"))

    def test_a_spent_stack_is_told_after_the_reset(self):
        gdb = self.gdb()
        gdb.set_word(symbol("microbit", " stackBottom"), 0)
        gdb.leave()
        self.answers("stack overflow")

    def test_a_program_that_hangs_is_told_after_the_reset(self):
        # In RAM that nothing uses: cpsie i, b .
        gdb = self.gdb()
        at = (symbol("microbit", " bssEnd") + 3) // 4 * 4
        gdb.set_word(at, 0xE7FEB662)
        gdb.set_pc(at)
        gdb.leave()
        self.assertEqual(self.answers("watchdog"), f"watchdog at 0x{at + 2:08x}")

    def test_the_stack_stays_within_what_was_computed(self):
        """The high-water mark after work of every kind."""
        self.rbpf("new", "coap-sensor", "demo")
        self.rbpf("deploy", "demo")
        self.rbpf("get", "/sensor")
        self.rbpf("store", "set", "global", 1, 1)
        self.rbpf("debug", "demo", "--command", self.commands("break coap_resp", "run", "next", "back", "delete",
                                                              "continue", "quit"))
        gdb = self.gdb()
        bottom, top = symbol("microbit", " stackBottom"), symbol("microbit", " stackTop")
        words = gdb.words(bottom, (top - bottom) // 4)
        gdb.leave()
        used = 4 * (len(words) - next(i for i, word in enumerate(words) if word != PAINT))
        print(f"\nmicrobit: {used} of {top - bottom} bytes of stack have been used")
        roots = ["resetHandler", "uart0Handler", "timer0Interrupt"]
        main, *interrupts = (depth for depth, _ in stack_depth.worst(elf("microbit"), roots).values())
        self.assertLessEqual(used, main + max(interrupts) + 36)


@needs("microbit")
class Matrix(EmulatedTest):
    def test_a_lit_led_shows_at_its_row_and_column_pins(self):
        self.start_open()
        lit = self.script("""#include <rbpf/rbpf.h>
int run(void)
{
    phydat_t middle = {{2, 2, 1}, UNIT_BOOL, 0};
    return bpf_saul_reg_write(bpf_saul_reg_find_nth(4), &middle);
}
""")
        self.rbpf("deploy", lit)
        self.assertEqual(self.report("invoke", "0")["result"], 3)
        columns, row, column = 0x1FF << 4, 1 << 14, 1 << 6
        seen = set()

        def pins():
            out = int(self.qmp.human("x /1wx 0x50000504").split(":")[1], 16)
            seen.add((out & row != 0, out & columns))
            return len(seen) >= 2

        until(pins, "rows being lit in turn")
        until(lambda: pins() and (True, columns & ~column) in seen, "the middle")
        self.assertNotIn((True, columns), seen)


@needs("microbit")
class PowerCuts(EmulatedTest):
    def test_a_power_cut_in_a_deploy_leaves_the_old_script_or_the_new_one(self):
        table = ",".join(str(i % 251) for i in range(4000))
        self.start_open()
        self.rbpf("deploy", self.script(RETURNING.format(1)))
        old = self.report("list")[0]["bytes"]
        new = self.script(f"static const volatile unsigned char table[] = {{{table}}};\n"
                          "int run(int *at) { return table[(unsigned)at % sizeof table] == 255 ? 3 : 2; }\n", name="script")
        self.rbpf("build", new)
        image = new / "build/script.rbpf"
        area = symbol("microbit", "storageStart")
        found = set()
        for written in (0, 400, 2000, 3900, None):  # bytes of the new image that have reached the flash
            deploy = self.start_rbpf("deploy", image, "--slot", 0)
            if written is None:
                self.assertEqual(deploy.wait(DEADLINE), 0)
            else:
                # Whichever area is being filled: the processor's own view of it tells how far it is.
                until(lambda: self.filled(area) >= written or deploy.poll() is not None, f"{written} bytes", DEADLINE)
            self.qmp.ask("stop")
            self.save_flash()
            self.cut()
            deploy.kill()
            deploy.wait(DEADLINE)
            self.start_open()
            size = self.report("list")[0]["bytes"]
            result = self.report("invoke", "0")["result"]
            self.assertEqual(result, 1 if size == old else 2)
            found.add(result)
            if result == 2 and written is not None:
                self.rbpf("deploy", self.script(RETURNING.format(1), name="old"), "--slot", 0)
                old = self.report("list")[0]["bytes"]
        self.assertEqual(found, {1, 2})

    def test_a_power_cut_before_any_write_of_an_update_leaves_the_old_script_or_the_new_one(self):
        """The processor is stopped at every write and erasure of one deploy; each time what the flash holds is kept, and
        later a board is started with it."""
        self.start_open()
        self.rbpf("deploy", self.script(RETURNING.format(1)))
        new = self.script(RETURNING.format(2))
        self.rbpf("build", new)
        gdb = self.gdb()
        for name in ("Nvm5writeE", "Nvm5eraseE"):
            gdb.stop_at(symbol("microbit", name))
        flash = []
        deploy = self.start_rbpf("deploy", new / "build/script.rbpf", "--slot", 0)
        while gdb.resume(lambda: deploy.poll() is not None):
            flash.append(self.save_flash())
            gdb.step()
        self.assertEqual(deploy.wait(DEADLINE), 0)
        flash.append(self.save_flash())
        results = []
        for each in dict.fromkeys(flash):
            self.cut()
            (self.folder / "flash").write_bytes(each)
            self.start_open()
            results.append(self.report("invoke", "0")["result"])
        print(f"\n{len(flash) - 1} writes and erasures, {len(results)} states of the flash")
        self.assertGreater(len(flash), 30)
        self.assertEqual(results, sorted(results), "once it is the new one it stays so")
        self.assertEqual(set(results), {1, 2})

    def filled(self, area):
        """Bytes that the area being filled holds, of those whose commit word is still erased."""
        best = 0
        for start in range(area, area + 5 * 16384, 16384):
            words = self.qmp.human(f"x /1wx {start}").split(":")[1].split()
            if words == ["0xffffffff"]:
                at = start + 32
                while at < start + 4200 and "0xffffffff" not in self.qmp.human(f"x /1wx {at}"):
                    at += 64
                best = max(best, at - start - 32)
        return best


if __name__ == "__main__":
    unittest.main()
