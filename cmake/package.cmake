# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install` and cpack put where. The programs find their data from their own place, in ../share/rbpf, so a
# prefix may lie anywhere and be moved. Each folder installs what is its own; here is what belongs to all.
set(RBPF_INSTALL_DATA share/rbpf)
set(RBPF_INSTALL_DOC share/doc/rbpf-studio)

install(FILES README.md COPYING COPYING.LESSER DESTINATION ${RBPF_INSTALL_DOC})
install(FILES headers/GLOSSARY.md DESTINATION ${RBPF_INSTALL_DOC}/headers)
# Docs name each other by their paths in the tree.
foreach(folder headers firmware sdk debugger ide)
    install(DIRECTORY ${folder}/docs DESTINATION ${RBPF_INSTALL_DOC}/${folder}
            FILES_MATCHING PATTERN *.md PATTERN *.png)
endforeach()

set(CPACK_PACKAGE_NAME rbpf-studio)
set(CPACK_PACKAGE_VENDOR "rBPF Studio")
set(CPACK_PACKAGE_CONTACT "rBPF Studio <rbpf-studio@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "IDE and on-device debugger for small scripts on microcontrollers")
set(CPACK_PACKAGE_DESCRIPTION
"Small C functions, compiled to eBPF, run in a sandbox inside the firmware of a
microcontroller. They are written in rBPF Studio or any editor, measured while
typing, deployed in milliseconds, and stepped through on the board, forwards and
backwards. With no board at hand the same happens on a virtual board.
.
The package holds the application rbpf-studio, the command rbpf, the virtual
boards, the headers and templates that scripts are made from, and documents.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/COPYING)
set(CPACK_GENERATOR TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
# The libraries are found by dpkg-shlibdeps. Of what is run as a program nothing is needed for the main job.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clangd-19, python3-pyocd, qemu-system-arm")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libcoap3-bin")
include(CPack)
