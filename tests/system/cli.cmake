# SPDX-License-Identifier: GPL-3.0-or-later
rbpf_system_test(system_cli cli.py)
rbpf_system_test(system_cli_board cli_board.py)
rbpf_system_test(system_boards boards.py)
rbpf_system_test(system_size size_cli.py)
rbpf_system_test(system_profile profile_cli.py)
rbpf_system_test(system_size_names_all size_names_all.py)
