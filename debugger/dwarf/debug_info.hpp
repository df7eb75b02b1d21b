// SPDX-License-Identifier: GPL-3.0-or-later
// The debug ELF of an image, as questions a debugger asks: functions, inlined frames, lines, variables, types.
// Everything is read when the file is opened; afterwards nothing can fail for the file's sake. One thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "debugger/dwarf/state.hpp"
#include "debugger/dwarf/type.hpp"
#include "debugger/dwarf/value.hpp"
#include "sdk/support/error.hpp"

namespace rbpf::dwarf {

/// Addresses here are byte offsets into the text, multiples of 8: the pc of a script. Ranges are half open.
struct AddressRange {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    [[nodiscard]] bool contains(std::uint32_t address) const { return address >= low && address < high; }
    bool operator==(const AddressRange&) const = default;
};

/// Line and column count from 1; 0 = unknown. `file` as the debug information names it, `.` and `..` resolved.
struct Position {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
};

/// A function that has code of its own.
struct Function {
    std::string name;
    Position declared;
    AddressRange range;
    std::uint32_t bodyStart = 0;  ///< behind the prologue: where a breakpoint on the function belongs
    std::uint32_t frameBytes = 0; ///< stack it uses below r10
};

/// One C function at a pc. Several share one frame of the call stack where functions are inlined.
struct Frame {
    std::string function; ///< "" where the file does not tell
    bool inlined = false; ///< its code stands inside the next frame's
    Position position;    ///< innermost: the line of the pc; else where the frame inside is called
    Position declared;    ///< of the function
    AddressRange range;   ///< the contiguous piece of it that holds the pc
};

/// A place to stop for a line or function.
struct CodePlace {
    std::uint32_t address = 0;
    std::string function; ///< the innermost function there
    bool inlined = false;
    unsigned column = 0;
};

struct LineMatch {
    std::string file;              ///< as the debug information names it
    unsigned line = 0;             ///< where the code is
    bool moved = false;            ///< the wanted line has no code: this is the next one that has
    std::vector<CodePlace> places; ///< every copy of it, in address order; never empty
};

/// Where a source-level step is still on the same line of the same frame.
struct StepRanges {
    std::vector<AddressRange> own;       ///< code of the frame itself
    std::vector<AddressRange> withCalls; ///< own, and functions inlined into it that this line calls
};

enum class VariableKind : std::uint8_t {
    Parameter,
    Local,
    Static, ///< inside a function, with an address of its own
    Global  ///< of a file or of all
};

struct Model; ///< what was read; of no concern to users
struct VariableDefinition;

/// A variable by name; its place may differ from pc to pc. Valid as long as its DebugInfo.
struct Variable {
    std::string name;
    const Type* type = nullptr;
    VariableKind kind = VariableKind::Local;
    Position declared;
    bool shadowed = false;                          ///< an inner block has a variable of the same name in scope
    const VariableDefinition* definition = nullptr; ///< for DebugInfo::read()
};

/// Owns all types and variables it tells of; it may be moved (they stay valid) but not copied.
class DebugInfo {
public:
    /// No debug information: every answer is empty. Bytecode can be debugged with it.
    DebugInfo();
    ~DebugInfo();
    DebugInfo(DebugInfo&&) noexcept;
    DebugInfo& operator=(DebugInfo&&) noexcept;

    /// An ELF that is not one, or not BPF's, is an error; one that is stripped opens empty, one that is damaged as far
    /// as it makes sense (`problems`).
    [[nodiscard]] static support::Result<DebugInfo> open(std::span<const std::uint8_t> elf);

    /// True without lines and without functions.
    [[nodiscard]] bool empty() const;
    /// What was wrong with the file, in the reader's words; for a log.
    [[nodiscard]] const std::vector<std::string>& problems() const;

    // Functions and frames
    [[nodiscard]] std::vector<Function> functions() const; ///< in address order
    [[nodiscard]] std::optional<Function> functionAt(std::uint32_t pc) const;
    /// Body starts of all functions of this name, inlined copies included.
    [[nodiscard]] std::vector<CodePlace> placesOf(std::string_view function) const;
    /// Innermost first; the last one is not inlined. Empty outside of known code. For a caller's frame pass the address
    /// of its call instruction, not the return address.
    [[nodiscard]] std::vector<Frame> framesAt(std::uint32_t pc) const;

    // Lines
    [[nodiscard]] std::vector<std::string> files() const; ///< those with code
    [[nodiscard]] std::optional<Position> positionOf(std::uint32_t pc) const;
    /// `file` as in files(), or any path that ends in the same components.
    [[nodiscard]] std::optional<LineMatch> placesOfLine(std::string_view file, unsigned line) const;
    [[nodiscard]] std::vector<unsigned> linesWithCode(std::string_view file) const; ///< ascending
    /// For the `frame`-th of framesAt(pc).
    [[nodiscard]] StepRanges stepRanges(std::uint32_t pc, std::size_t frame = 0) const;

    // Variables
    /// Parameters and locals in scope in the `frame`-th of framesAt(pc): inner blocks first, parameters before locals.
    [[nodiscard]] std::vector<Variable> variablesAt(std::uint32_t pc, std::size_t frame = 0) const;
    [[nodiscard]] std::vector<Variable> globals() const; ///< those of every file, by name
    /// The variable that this name means there: innermost block first, then the file's globals, then all globals.
    [[nodiscard]] std::optional<Variable> findVariable(std::string_view name, std::uint32_t pc,
                                                       std::size_t frame = 0) const;
    [[nodiscard]] Value read(const Variable& variable, std::uint32_t pc, const State& state) const;

    // Types
    /// `name` as in C: "phydat_t", "struct point", "enum mode", base types by their usual spellings. Null: unknown.
    [[nodiscard]] const Type* findType(std::string_view name) const;
    [[nodiscard]] const Type* pointerTo(const Type* target) const;
    [[nodiscard]] const Type* arrayOf(const Type* element, std::uint64_t count) const;
    struct NamedConstant {
        const Type* type;
        std::int64_t value;
    };
    [[nodiscard]] std::optional<NamedConstant> findEnumerator(std::string_view name) const;
    /// Names of typedefs, tags ("struct x") and enumerators, sorted; for completion.
    [[nodiscard]] std::vector<std::string> typeNames() const;
    [[nodiscard]] std::vector<std::string> enumeratorNames() const;
    /// The type of a function of this name, to call it by address or show it; null: unknown.
    [[nodiscard]] const Type* functionType(std::string_view function) const;
    /// r0 behind this function, as wide and signed as what it returns; all of it where that is not known.
    [[nodiscard]] std::int64_t resultOf(std::string_view function, std::uint64_t r0) const;

private:
    std::unique_ptr<Model> model_;
};

} // namespace rbpf::dwarf
