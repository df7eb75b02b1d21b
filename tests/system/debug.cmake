# SPDX-License-Identifier: GPL-3.0-or-later
rbpf_system_test(system_debug_cli debug_cli.py)
rbpf_system_test(system_replay_cli replay_cli.py)
