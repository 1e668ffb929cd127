#pragma once

#include "mesh/net/reactor.hpp"
#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/handling/letters.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace mesh {

/// Handles the events of dead letters once more: each goes through the lane of its handler, like
/// one that has just come, with a fresh count of attempts. Its time to live does not matter any
/// more: somebody has decided that it is to be handled. The letter stays until it is.
class Retries {
public:
    /// Told how it ended. Any thread but the loop's.
    using Done = std::function<void(const Result<void>&)>;

    Retries(Reactor& reactor, std::vector<std::unique_ptr<HandlerRunner>>& handlers,
            Letters& letters)
        : reactor_(reactor), handlers_(handlers), letters_(letters) {}

    /// Any thread but the loop's. Errors, told by `done`: `refused` when it cannot be handled here,
    /// or failed once more; `malformed` for a damaged letter.
    void start(const StoredLetter& letter, const Done& done);

    /// Whether some have ended that `finish` would tell of. Any thread.
    bool has_ended() const;

    /// Any thread but the loop's.
    void finish();

private:
    struct Running {
        StoredLetter letter;
        std::shared_ptr<Feed> feed;
        std::size_t handler = 0;
        Done done;

        bool is_handled() const { return feed->progress().position >= letter.id.sequence; }
    };

    Result<std::size_t> handler_for(const StoredLetter& letter) const;
    bool has_ended(const Running& one) const;
    void finish(const Running& one);

    Reactor& reactor_;
    std::vector<std::unique_ptr<HandlerRunner>>& handlers_;
    Letters& letters_;

    mutable std::mutex mutex_; ///< guards the next
    std::vector<Running> running_;
    std::atomic<std::size_t> running_count_{0};
};

} // namespace mesh
