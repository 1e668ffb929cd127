#pragma once

#include "mesh/base/result.hpp"
#include "mesh/flow/draft.hpp"
#include "mesh/wire/compression.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace mesh {

/// Things that take long to make and that one thread at a time uses. Any thread.
template <class Thing>
class Spares {
public:
    /// Calls `use` with one that nobody else uses, and returns what it returns.
    template <class Use>
    auto with(Use use) {
        auto thing = take();
        auto result = use(*thing);
        const std::lock_guard lock(mutex_);
        if (things_.size() < kept_max)
            things_.push_back(std::move(thing));
        return result;
    }

private:
    // As many threads do it at the same time now and then; more make their own and throw it away.
    static constexpr std::size_t kept_max = 4;

    std::unique_ptr<Thing> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!things_.empty()) {
                auto thing = std::move(things_.back());
                things_.pop_back();
                return thing;
            }
        }
        return std::make_unique<Thing>();
    }

    std::mutex mutex_; ///< guards the next
    std::vector<std::unique_ptr<Thing>> things_;
};

/// A draft with its payload compressed, if that made it smaller, and the bytes of that.
class PackedDraft {
public:
    /// Views what `draft` views.
    explicit PackedDraft(const Draft& draft) : draft_(draft) {}

    PackedDraft(const Draft& draft, Bytes compressed);

    const Draft& operator*() const { return draft_; }

private:
    std::unique_ptr<std::byte[]> payload_;
    Draft draft_; ///< views payload_, if there is one
};

/// Compresses what a node publishes, and decompresses what its handlers get. Any thread; nobody
/// waits for another one to compress.
class Packing {
public:
    PackedDraft pack(const Draft& draft);

    /// Errors: as Decompressor::decompress.
    Result<PlainPayload> unpack(Bytes compressed);

private:
    Spares<Compressor> compressors_;
    Spares<Decompressor> decompressors_;
};

} // namespace mesh
