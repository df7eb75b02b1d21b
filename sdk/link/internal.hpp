// SPDX-License-Identifier: GPL-3.0-or-later
// What the passes of sdk/link share: the object as read, and what has been worked out so far. Not for other folders.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <rbpf/image.h>

#include "sdk/link/link.hpp"

namespace rbpf::linker {

enum class Kind : std::uint8_t {
    Text,
    Rodata,
    Data,
    Bss,
    Debug,      ///< .debug_*: relocated and kept for the debug ELF
    StackSizes, ///< frame sizes, from the code generator
    Functions,  ///< .rbpf.functions: source places, from sdk/compile
    Globals,    ///< .rbpf.globals: the addresses on which sdk/compile has counted
    Other,      ///< not carried over
};

/// Relocation types of the BPF psABI (LLVM's BPFRelocs, kernel's llvm_reloc document).
enum class Reloc : std::uint32_t {
    None = 0,
    Wide = 1,     ///< R_BPF_64_64: the immediates of a lddw
    Abs64 = 2,    ///< R_BPF_64_ABS64
    Abs32 = 3,    ///< R_BPF_64_ABS32
    NoDyld32 = 4, ///< R_BPF_64_NODYLD32
    Call = 10,    ///< R_BPF_64_32: the immediate of a call
};

struct Relocation {
    std::uint64_t offset = 0; ///< into the section
    std::size_t symbol = 0;
    std::uint32_t type = 0;
    std::optional<std::int64_t> addend; ///< REL objects keep it in place
};

struct Section {
    std::string name;
    Kind kind = Kind::Other;
    std::vector<std::uint8_t> bytes; ///< empty for Bss
    std::uint64_t size = 0;
    std::uint64_t align = 1; ///< a power of two
    std::vector<Relocation> relocations;
    bool kept = true;
    std::uint64_t address = 0; ///< VM address once laid out; 0 for debug sections
};

constexpr std::size_t kNoSection = 0; ///< ELF's undefined section

struct Symbol {
    std::string name;
    std::size_t section = kNoSection;
    std::uint64_t value = 0; ///< offset into its section
    std::uint64_t size = 0;
    std::uint8_t type = 0;    ///< STT_*
    std::uint8_t binding = 0; ///< STB_*
    bool isAbsolute = false;
    bool isDefined() const { return isAbsolute || section != kNoSection; }
};

struct Object {
    std::vector<Section> sections; ///< by ELF index
    std::vector<Symbol> symbols;   ///< by ELF index
};

/// What the passes read and write.
struct Link {
    const Request& request;
    Output& output;
    Object object;
    std::vector<std::uint8_t> text, rodata, data; ///< final bytes
    std::uint32_t bssBytes = 0;
    std::vector<std::uint16_t> bindings;     ///< ascending
    std::vector<std::size_t> entryFunctions; ///< Output::functions index of each entry
    std::array<std::uint8_t, RBPF_BUILD_ID_BYTES> buildId{};

    void complain(std::string message, std::string hint, const Function* at = nullptr);
    [[nodiscard]] bool hasErrors() const;
};

[[nodiscard]] support::Result<Object> readObject(const std::vector<std::uint8_t>& bytes);

// The passes, in the order in which link() calls them. Complaints go to Link::output.

/// Marks the text sections that no entry reaches.
void drop(Link& link);
/// Gives the kept sections their VM addresses and lists the functions.
void layOut(Link& link);
/// Applies the relocations of all kept sections.
void relocate(Link& link);
/// Copies the sections' bytes together.
void join(Link& link);
/// Frame sizes into the functions and the local calls; the deepest path; the binding ids.
void countFrames(Link& link);
/// The image, and Link::buildId.
void pack(Link& link);
/// The debug ELF. After pack.
[[nodiscard]] std::vector<std::uint8_t> writeDebugElf(const Link& link);

/// Source places and frames as text: "symbol \t frame bytes \t line \t file \n" each, in the section .rbpf.functions of
/// the object (frame bytes 0) and of the debug ELF.
struct Place {
    std::uint32_t frameBytes = 0;
    unsigned line = 0;
    std::string file;
};
[[nodiscard]] std::map<std::string, Place> readPlaces(const std::vector<std::uint8_t>& bytes);
[[nodiscard]] std::vector<std::uint8_t> writePlaces(const std::vector<Function>& functions);

/// The section .rbpf.globals: "symbol \t VM address \n" each.
[[nodiscard]] std::map<std::string, std::uint64_t> readAddresses(const std::vector<std::uint8_t>& bytes);

/// Little-endian numbers in place; the caller has checked the bounds.
[[nodiscard]] std::uint64_t load(const std::vector<std::uint8_t>& bytes, std::size_t offset, std::size_t size);
void store(std::vector<std::uint8_t>& bytes, std::size_t offset, std::size_t size, std::uint64_t value);

} // namespace rbpf::linker
