# SPDX-License-Identifier: GPL-3.0-or-later
"""Every template as a newcomer meets it: new, build, deploy to a native board, ask, compare with what its README says."""

import unittest

from board_test import SOURCE, BoardTest, until


def devices(celsius, scale=-1):
    """Position 0: a switch; position 1: a thermometer that always shows the same."""
    return {"devices": [{"name": "relay", "type": "switch", "actuator": True, "unit": "boolean", "value": 0},
                        {"name": "temperature", "type": "temperature", "unit": "celsius", "scale": scale,
                         "signal": celsius}]}


class Templates(BoardTest):
    def test_each_has_a_readme_whose_first_paragraph_is_one_sentence(self):
        listed = {entry["name"]: entry["description"] for entry in self.report("templates")}
        folders = {path.parent.name for path in (SOURCE / "templates").glob("*/rbpf.json")}
        self.assertEqual(set(listed), folders)
        self.assertLessEqual({"hello", "coap-sensor", "counter", "thermostat", "periodic-average", "packet-filter",
                              "fletcher32"}, folders)
        for name, description in listed.items():
            with self.subTest(template=name):
                self.assertTrue(description.endswith("."), description)
                self.assertEqual(description.count(". "), 0, description)

    def test_hello_prints_and_returns_42(self):
        folder = self.project("hello")
        self.assertEqual(self.report("run", self.image(folder))["result"], 42)
        self.start_board(devices(21.5))
        self.deploy(folder)
        log = self.follow_log()

        def greeted():
            self.assertEqual(self.report("invoke", 0, "--board", "test")["result"], 42)
            return "Hello from a script, " in log.read_text(encoding="utf-8")

        until(greeted, "the greeting in the board's log")

    def test_coap_sensor_answers_the_temperature_over_udp_and_serial_alike(self):
        folder = self.project("coap-sensor")
        self.start_board(devices(21.5, -2))
        self.deploy(folder)
        self.assertEqual(self.coap("get", "/sensor"), "21.50")
        self.assertEqual(self.rbpf("get", "/sensor", "--board", "test").strip(), "21.50")

    def test_coap_sensor_answers_an_error_where_there_is_no_sensor(self):
        folder = self.project("coap-sensor")
        self.start_board({"devices": []})
        self.deploy(folder)
        self.assertIn("5.00", self.coap("get", "/sensor"))

    def test_counter_goes_on_after_a_redeploy_and_a_restart(self):
        folder = self.project("counter")
        self.start_board(devices(21.5))
        self.deploy(folder)
        self.assertEqual([self.coap("get", "/counter") for _ in range(3)], ["1", "2", "3"])
        self.deploy(folder)
        self.assertEqual(self.coap("get", "/counter"), "4")
        self.stop_board()
        self.start_board(devices(21.5))
        self.assertEqual(self.coap("get", "/counter"), "5")

    def test_thermostat_heats_below_its_target_and_takes_another_target(self):
        folder = self.project("thermostat")
        self.start_board(devices(15))
        self.deploy(folder)
        until(lambda: self.coap("get", "/thermostat") == "on", "heating at 15.0 degrees")
        self.coap("put", "/thermostat", "-e", "100")
        until(lambda: self.coap("get", "/thermostat") == "off", "no heating above the target of 10.0 degrees")
        self.assertIn("4.00", self.coap("put", "/thermostat", "-e", "warm"))
        self.assertIn("4.05", self.coap("delete", "/thermostat"))

    def test_thermostat_does_not_heat_when_it_is_warm(self):
        folder = self.project("thermostat")
        self.start_board(devices(25))
        self.deploy(folder)
        until(lambda: any(slot.get("runs", 0) > 0 for slot in self.report("list", "--board", "test")),
              "the first run")
        self.assertEqual(self.coap("get", "/thermostat"), "off")

    def test_periodic_average_answers_and_shares_the_average(self):
        folder = self.project("periodic-average")
        self.start_board(devices(21.5))
        self.deploy(folder)
        until(lambda: self.coap("get", "/average") == "21.5", "the average of samples")
        self.assertEqual(self.report("store", "get", "global", 256, "--board", "test")["value"], 215)

    def test_packet_filter_drops_requests_that_change_something_and_counts_them(self):
        folder = self.project("packet-filter")
        self.start_board(devices(21.5))
        self.assertIn("4.04", self.coap("put", "/anything", "-N", "-e", "1"))
        self.deploy(folder)
        self.assertNotIn("4.04", self.coap("put", "/anything", "-N", "-e", "1", "-B", "1"))
        self.assertIn("4.04", self.coap("get", "/anything"))
        self.assertEqual(self.report("store", "get", "global", 512, "--board", "test")["value"], 1)

    def test_packet_filter_decides_without_a_board_too(self):
        image = self.image(self.project("packet-filter"))
        context = "1000004000000000" + "04000000" + "3316" + "0000"
        for packet, result in (("40030001", -1), ("40010001", 0), ("40020001", -1), ("00030001", 0)):
            with self.subTest(packet=packet):
                found = self.report("run", image, "--context-hex", context + packet)["result"]
                self.assertEqual(found, result)

    def test_fletcher32_returns_the_checksum_on_the_workstation_and_on_the_board(self):
        folder = self.project("fletcher32")
        cases = {"03000000616263646500": 0xF04FC729, "03000000616263646566": 0x56502D2A,
                 "040000006162636465666768": 0xEBE19591}
        self.start_board(devices(21.5))
        self.deploy(folder)
        for context, checksum in cases.items():
            with self.subTest(context=context):
                self.assertEqual(self.report("run", self.image(folder), "--context-hex", context)["result"], checksum)
                self.assertEqual(self.report("invoke", 0, "--context-hex", context, "--board", "test")["result"],
                                 checksum)


if __name__ == "__main__":
    unittest.main()
