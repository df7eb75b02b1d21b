# SPDX-License-Identifier: GPL-3.0-or-later
"""Python imports this by itself from PYTHONPATH: the real pyOCD then finds fake_probe among its probes."""

import os

if os.environ.get("RBPF_FAKE_PROBES"):
    try:
        import fake_probe
        fake_probe.plug_in()
    except ImportError:
        pass  # not pyOCD's interpreter
