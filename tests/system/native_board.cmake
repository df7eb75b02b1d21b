# SPDX-License-Identifier: GPL-3.0-or-later
rbpf_system_test(system_native_board native_board.py)
