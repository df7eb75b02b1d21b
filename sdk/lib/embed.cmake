# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DIN=file -DOUT=file.inc -P embed.cmake: bytes as the elements of a C array.
file(READ "${IN}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUT}" "${bytes}\n")
