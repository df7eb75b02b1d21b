# SPDX-License-Identifier: GPL-3.0-or-later
rbpf_system_test(system_link_loss link_loss.py)
