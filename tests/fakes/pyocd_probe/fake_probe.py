# SPDX-License-Identifier: GPL-3.0-or-later
"""A debug probe for the real pyOCD, both generations of it, with a fake_chip behind.

RBPF_FAKE_PROBES    unique ids of the probes that are plugged in, by ","
RBPF_FAKE_CHIP      the file in which the chip's flash lives
RBPF_FAKE_TROUBLE   what goes wrong: locked, busy, forbidden, unplugged, worn, flips
"""

import os

import usb.core
from pyocd.core import exceptions
from pyocd.core.memory_interface import MemoryInterface
from pyocd.probe.debug_probe import DebugProbe

import fake_chip

DPIDR, AP_IDR, AP_BASE = 0x0BB11477, 0x04770021, fake_chip.ROM_TABLE | 3
POWERED = 0xF0000000
AP_READY = 0x03000042  # control and status: enabled, words
OPENING = {"busy": (16, "Resource busy"), "forbidden": (13, "Access denied (insufficient permissions)")}


def algorithm():
    """The table of entry points that this pyOCD has for the chip."""
    import importlib
    for module in ("pyocd.target.target_nRF51822_xxAA", "pyocd.target.builtin.target_nRF51822_xxAA"):
        try:
            return importlib.import_module(module).FLASH_ALGO
        except ImportError:
            pass
    raise ImportError("pyOCD has no nRF51")


class Memory(MemoryInterface):
    def __init__(self, chip):
        self.chip = chip

    def guarded(self, act, address, *arguments):
        try:
            return act(address, *arguments)
        except fake_chip.Fault:
            raise exceptions.TransferFaultError(fault_address=address, length=4) if hasattr(
                exceptions, "FlashFailure") else exceptions.TransferFaultError(address)
        except ConnectionError:
            raise exceptions.ProbeError("[Errno 19] No such device (it may have been disconnected)")

    def write_memory(self, address, data, transfer_size=32, **_):
        self.guarded(self.chip.write, address, data, transfer_size // 8)

    def read_memory(self, address, transfer_size=32, now=True, **_):
        value = self.guarded(self.chip.read, address, transfer_size // 8)
        return value if now else lambda: value

    def write_memory_block32(self, address, data, **_):
        for i, word in enumerate(data):
            self.write_memory(address + 4 * i, word)

    def read_memory_block32(self, address, size, **_):
        return [self.read_memory(address + 4 * i) for i in range(size)]

    def write_memory_block8(self, address, data, **_):
        for i, byte in enumerate(data):
            self.write_memory(address + i, byte, 8)

    def read_memory_block8(self, address, size, **_):
        return [self.read_memory(address + i, 8) for i in range(size)]


class FakeProbe(DebugProbe):
    @classmethod
    def get_all_connected_probes(cls, unique_id=None, is_explicit=False):
        ids = os.environ.get("RBPF_FAKE_PROBES", "")
        return [cls(one) for one in ids.split(",") if one]

    @classmethod
    def get_probe_with_id(cls, unique_id, is_explicit=False):
        return next((probe for probe in cls.get_all_connected_probes() if probe.unique_id == unique_id), None)

    def __init__(self, unique_id):
        super().__init__()
        self._id = unique_id
        self._open = False
        self._connected = None
        self._chip = None
        self._memory = None

    vendor_name = "Fake"
    product_name = "CMSIS-DAP"
    capabilities = frozenset()
    supported_wire_protocols = (DebugProbe.Protocol.DEFAULT, DebugProbe.Protocol.SWD)

    @property
    def unique_id(self):
        return self._id

    @property
    def wire_protocol(self):
        return self._connected

    @property
    def is_open(self):
        return self._open

    def open(self):
        trouble = os.environ.get("RBPF_FAKE_TROUBLE", "")
        if trouble in OPENING:
            number, words = OPENING[trouble]
            try:
                raise usb.core.USBError(words, errno=number)
            except usb.core.USBError as error:
                raise exceptions.ProbeError("Unable to open device") from error
        self._chip = fake_chip.Chip(os.environ["RBPF_FAKE_CHIP"], algorithm(), trouble)
        self._memory = Memory(self._chip)
        self._open = True

    def close(self):
        self._open = False

    def connect(self, protocol=None):
        self._connected = DebugProbe.Protocol.SWD

    def disconnect(self):
        self._connected = None

    def swj_sequence(self, *_):
        pass

    def set_clock(self, frequency):
        pass

    def reset(self):
        self._chip.reset()

    def assert_reset(self, asserted):
        if not asserted:
            self._chip.reset()

    def is_reset_asserted(self):
        return False

    def flush(self):
        pass

    def read_dp(self, addr, now=True):
        value = DPIDR if int(getattr(addr, "value", addr)) == 0 else POWERED
        return value if now else lambda: value

    def write_dp(self, addr, data):
        pass

    def read_ap(self, addr, now=True):
        number, register = addr >> 24, addr & 0xFC
        value = {0x00: AP_READY, 0xFC: AP_IDR, 0xF8: AP_BASE}.get(register, 0) if number == 0 else 0
        return value if now else lambda: value

    def write_ap(self, addr, data):
        pass

    def get_memory_interface_for_ap(self, ap_address):
        return self._memory


def plug_in():
    from pyocd.probe import aggregator
    if isinstance(aggregator.PROBE_CLASSES, dict):
        aggregator.PROBE_CLASSES["fake"] = FakeProbe
    else:
        aggregator.PROBE_CLASSES.append(FakeProbe)
