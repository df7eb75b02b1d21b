// SPDX-License-Identifier: GPL-3.0-or-later
// Copies and fills to whatever is smallest: 8/4/2/1-byte loads and stores (our VM takes them at any alignment), a call
// of the memcpy binding, or a call of the library's memset. Costs are counted in bytes of code and of constants.
#include <algorithm>
#include <optional>

#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/Constants.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>

#include "sdk/compile/internal.hpp"

namespace rbpf::compile {
namespace {

constexpr std::uint64_t kInsn = 8;        ///< bytes of an instruction
constexpr std::uint64_t kMemsetBody = 56; ///< bytes of the library's memset
constexpr std::uint64_t kLargestInline = 512;

/// Part of a copy or fill: `bytes` is 8, 4, 2 or 1.
struct Chunk {
    std::uint64_t offset;
    std::uint64_t bytes;
};

/// Covers [0, size) with few chunks; the last one may overlap the one before.
std::vector<Chunk> chunksOf(std::uint64_t size) {
    std::vector<Chunk> chunks;
    std::uint64_t at = 0;
    for (; size - at >= 8; at += 8) {
        chunks.push_back({at, 8});
    }
    const std::uint64_t rest = size - at;
    if (rest == 0) {
        return chunks;
    }
    if (rest == 1 || rest == 2 || rest == 4) {
        chunks.push_back({at, rest});
    } else if (size >= 8) {
        chunks.push_back({size - 8, 8});
    } else if (rest == 3) {
        chunks.push_back({at, 2});
        chunks.push_back({at + 2, 1});
    } else { // 5, 6, 7 alone
        chunks.push_back({0, 4});
        chunks.push_back(rest == 5 ? Chunk{4, 1} : rest == 6 ? Chunk{4, 2} : Chunk{3, 4});
    }
    return chunks;
}

/// Bytes of code that bring an address into an argument register.
std::uint64_t addressCost(const llvm::Value* pointer) {
    return llvm::isa<llvm::AllocaInst>(pointer->stripInBoundsConstantOffsets()) ? 2 * kInsn : kInsn;
}

/// Bytes of code that store a constant of `bytes` bytes: a store takes a signed 32-bit immediate.
std::uint64_t constantStoreCost(std::uint64_t value, std::uint64_t bytes) {
    const bool fits = bytes < 8 || static_cast<std::int64_t>(value) == static_cast<std::int32_t>(value);
    return fits ? kInsn : 2 * kInsn;
}

class Lowering {
public:
    Lowering(Unit& unit, llvm::Module& module)
        : unit_(unit), module_(module), layout_(module.getDataLayout()), builder_(module.getContext()) {}

    void run() {
        std::vector<llvm::MemTransferInst*> copies;
        std::vector<llvm::MemSetInst*> fills;
        for (llvm::Function& function : module_) {
            for (llvm::Instruction& instruction : llvm::instructions(function)) {
                if (auto* copy = llvm::dyn_cast<llvm::MemTransferInst>(&instruction)) {
                    copies.push_back(copy);
                } else if (auto* fill = llvm::dyn_cast<llvm::MemSetInst>(&instruction)) {
                    fills.push_back(fill);
                }
            }
        }
        for (llvm::MemTransferInst* copy : copies) {
            lower(*copy);
        }
        const bool callsPay = fillCallsPay(fills);
        for (llvm::MemSetInst* fill : fills) {
            lower(*fill, callsPay);
        }
    }

private:
    using Length = std::optional<std::uint64_t>;

    [[nodiscard]] static Length lengthOf(const llvm::MemIntrinsic& intrinsic) {
        const auto* length = llvm::dyn_cast<llvm::ConstantInt>(intrinsic.getLength());
        return length != nullptr ? Length(length->getZExtValue()) : std::nullopt;
    }

    // Copies

    void lower(llvm::MemTransferInst& copy) {
        const Length length = lengthOf(copy);
        builder_.SetInsertPoint(&copy);
        if (length && *length <= kLargestInline) {
            const std::vector<Chunk> chunks = chunksOf(*length);
            const std::uint64_t call =
                2 * kInsn + addressCost(copy.getRawDest()) + addressCost(copy.getRawSource()) + clobberCost();
            const std::optional<std::vector<std::uint64_t>> constants = constantsOf(copy, chunks);
            std::uint64_t stores = 0;
            for (std::size_t i = 0; constants && i < chunks.size(); ++i) {
                stores += constantStoreCost((*constants)[i], chunks[i].bytes);
            }
            if (constants && stores <= std::min(call + *length, chunks.size() * 2 * kInsn + *length)) {
                storeConstants(copy, chunks, *constants);
                copy.eraseFromParent();
                return;
            }
            if (chunks.size() * 2 * kInsn <= call || isSpeed(chunks.size())) {
                copyInline(copy, chunks);
                copy.eraseFromParent();
                return;
            }
        }
        // The binding copies overlapping bytes as well.
        llvm::Type* pointer = builder_.getPtrTy();
        llvm::FunctionType* type = llvm::FunctionType::get(pointer, {pointer, pointer, builder_.getInt64Ty()}, false);
        llvm::Value* binding = module_.getOrInsertFunction("rbpf.binding.2.copy", type).getCallee();
        builder_.CreateCall(type, binding,
                            {copy.getRawDest(), copy.getRawSource(),
                             builder_.CreateZExtOrTrunc(copy.getLength(), builder_.getInt64Ty())});
        copy.eraseFromParent();
    }

    /// All loads before all stores: right for overlapping bytes, too.
    void copyInline(llvm::MemTransferInst& copy, const std::vector<Chunk>& chunks) {
        std::vector<llvm::Value*> values;
        const bool mayOverlap = llvm::isa<llvm::MemMoveInst>(copy);
        for (const Chunk& chunk : chunks) {
            values.push_back(builder_.CreateAlignedLoad(builder_.getIntNTy(static_cast<unsigned>(chunk.bytes * 8)),
                                                        at(copy.getRawSource(), chunk.offset), llvm::Align(1),
                                                        copy.isVolatile()));
            if (!mayOverlap) {
                store(values.back(), copy.getRawDest(), chunk, copy.isVolatile());
            }
        }
        for (std::size_t i = 0; mayOverlap && i < chunks.size(); ++i) {
            store(values[i], copy.getRawDest(), chunks[i], copy.isVolatile());
        }
    }

    /// The chunks' values if the source is constant.
    std::optional<std::vector<std::uint64_t>> constantsOf(llvm::MemTransferInst& copy,
                                                          const std::vector<Chunk>& chunks) {
        auto* source = llvm::dyn_cast<llvm::Constant>(copy.getRawSource());
        if (source == nullptr || copy.isVolatile()) {
            return std::nullopt;
        }
        std::vector<std::uint64_t> values;
        for (const Chunk& chunk : chunks) {
            llvm::APInt offset(layout_.getIndexTypeSizeInBits(source->getType()), chunk.offset);
            llvm::Constant* value = llvm::ConstantFoldLoadFromConstPtr(
                source, builder_.getIntNTy(static_cast<unsigned>(chunk.bytes * 8)), offset, layout_);
            if (value != nullptr && llvm::isa<llvm::UndefValue>(value)) {
                values.push_back(0);
            } else if (const auto* number = llvm::dyn_cast_or_null<llvm::ConstantInt>(value)) {
                values.push_back(number->getZExtValue());
            } else {
                return std::nullopt;
            }
        }
        return values;
    }

    void storeConstants(llvm::MemTransferInst& copy, const std::vector<Chunk>& chunks,
                        const std::vector<std::uint64_t>& values) {
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            storeConstant(values[i], copy.getRawDest(), chunks[i]);
        }
    }

    // Fills

    static std::uint64_t replicate(std::uint8_t byte, std::uint64_t bytes) {
        return bytes == 8 ? byte * 0x0101010101010101ULL : byte * (0x0101010101010101ULL >> (64 - 8 * bytes));
    }

    std::uint64_t inlineCost(const llvm::MemSetInst& fill, std::uint64_t length) const {
        const std::vector<Chunk> chunks = chunksOf(length);
        if (const auto* value = llvm::dyn_cast<llvm::ConstantInt>(fill.getValue())) {
            std::uint64_t cost = 0;
            for (const Chunk& chunk : chunks) {
                cost += constantStoreCost(replicate(static_cast<std::uint8_t>(value->getZExtValue()), chunk.bytes),
                                          chunk.bytes);
            }
            return cost;
        }
        return (length == 1 ? 0 : 4 * kInsn) + chunks.size() * kInsn; // lddw, and, mul, then the stores
    }

    std::uint64_t callCost(const llvm::MemSetInst& fill) const {
        return 3 * kInsn + addressCost(fill.getRawDest()) + clobberCost();
    }

    /// True if calls save more than memset itself takes, or if it is needed anyway.
    bool fillCallsPay(const std::vector<llvm::MemSetInst*>& fills) const {
        std::uint64_t saved = 0;
        if (const llvm::Function* memset = module_.getFunction("memset"); memset != nullptr && !memset->use_empty()) {
            return true;
        }
        for (const llvm::MemSetInst* fill : fills) {
            const Length length = lengthOf(*fill);
            if (!length || *length > kLargestInline) {
                return true;
            }
            const std::uint64_t here = inlineCost(*fill, *length);
            saved += here > callCost(*fill) ? here - callCost(*fill) : 0;
        }
        return saved > kMemsetBody;
    }

    void lower(llvm::MemSetInst& fill, bool callsPay) {
        const Length length = lengthOf(fill);
        builder_.SetInsertPoint(&fill);
        const bool possible = length && *length <= kLargestInline;
        if (possible && (!callsPay || inlineCost(fill, *length) <= callCost(fill) || isSpeed(*length / 8))) {
            fillInline(fill, chunksOf(*length));
        } else {
            llvm::Type* pointer = builder_.getPtrTy();
            llvm::FunctionType* type =
                llvm::FunctionType::get(pointer, {pointer, builder_.getInt32Ty(), builder_.getInt64Ty()}, false);
            llvm::Value* memset = module_.getOrInsertFunction("memset", type).getCallee();
            builder_.CreateCall(type, memset,
                                {fill.getRawDest(), builder_.CreateZExt(fill.getValue(), builder_.getInt32Ty()),
                                 builder_.CreateZExtOrTrunc(fill.getLength(), builder_.getInt64Ty())});
        }
        fill.eraseFromParent();
    }

    void fillInline(llvm::MemSetInst& fill, const std::vector<Chunk>& chunks) {
        if (const auto* value = llvm::dyn_cast<llvm::ConstantInt>(fill.getValue())) {
            for (const Chunk& chunk : chunks) {
                storeConstant(replicate(static_cast<std::uint8_t>(value->getZExtValue()), chunk.bytes),
                              fill.getRawDest(), chunk);
            }
            return;
        }
        llvm::Value* wide = builder_.CreateMul(builder_.CreateZExt(fill.getValue(), builder_.getInt64Ty()),
                                               builder_.getInt64(0x0101010101010101ULL));
        for (const Chunk& chunk : chunks) {
            store(builder_.CreateTrunc(wide, builder_.getIntNTy(static_cast<unsigned>(chunk.bytes * 8))),
                  fill.getRawDest(), chunk, fill.isVolatile());
        }
    }

    // Both

    /// A call destroys r0 to r5: what is live there has to move.
    std::uint64_t clobberCost() const { return kInsn; }

    bool isSpeed(std::uint64_t chunks) const { return unit_.request.optimise == Optimise::Speed && chunks <= 8; }

    llvm::Value* at(llvm::Value* base, std::uint64_t offset) {
        return offset == 0 ? base : builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), base, offset);
    }

    void store(llvm::Value* value, llvm::Value* base, const Chunk& chunk, bool isVolatile) {
        builder_.CreateAlignedStore(value, at(base, chunk.offset), llvm::Align(1), isVolatile);
    }

    void storeConstant(std::uint64_t value, llvm::Value* base, const Chunk& chunk) {
        if (constantStoreCost(value, chunk.bytes) == kInsn) {
            store(builder_.getIntN(static_cast<unsigned>(chunk.bytes * 8), value), base, chunk, false);
            return;
        }
        // Two stores of immediates, 16 bytes, instead of lddw and store, 24; volatile lest the back end join them
        // again.
        store(builder_.getInt32(static_cast<std::uint32_t>(value)), base, {chunk.offset, 4}, true);
        store(builder_.getInt32(static_cast<std::uint32_t>(value >> 32)), base, {chunk.offset + 4, 4}, true);
    }

    Unit& unit_;
    llvm::Module& module_;
    const llvm::DataLayout& layout_;
    llvm::IRBuilder<> builder_;
};

} // namespace

void lowerMemory(Unit& unit, llvm::Module& module) {
    Lowering(unit, module).run();
}

void allowAnyAlignment(llvm::Module& module) {
    // The back end splits accesses that it takes for misaligned into bytes, and joins neighbouring ones only if they
    // are aligned. Our VM takes any alignment, so claim the best for all; no pass behind this one draws conclusions
    // about addresses from it.
    const llvm::Align best(8);
    const llvm::DataLayout& layout = module.getDataLayout();
    for (llvm::Function& function : module) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            if (auto* load = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
                load->setAlignment(std::max(load->getAlign(), best));
            } else if (auto* store = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
                // Constants joined to 64 bits would cost a lddw: 24 bytes instead of 16.
                const bool isConstant = llvm::isa<llvm::ConstantInt>(store->getValueOperand());
                const bool isWide = layout.getTypeStoreSize(store->getValueOperand()->getType()) > 4;
                store->setAlignment(std::max(store->getAlign(), isConstant && !isWide ? llvm::Align(4) : best));
            }
        }
    }
}

} // namespace rbpf::compile
