#pragma once

#include "mesh/flow/draft.hpp"

#include <cstddef>
#include <memory>

namespace mesh {

/// An event about to be published together with its bytes, for when whoever publishes it does not
/// wait. Moves, and does not copy.
class OwnedDraft {
public:
    /// Copies everything that `draft` views. It has no cause: what is said in a handler leaves
    /// with the handler.
    explicit OwnedDraft(const Draft& draft);

    const Draft& operator*() const { return draft_; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    Draft draft_; ///< views bytes_
};

} // namespace mesh
