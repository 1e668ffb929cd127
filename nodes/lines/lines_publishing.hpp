#pragma once

#include "mesh/base/log.hpp"
#include "mesh/base/result.hpp"
#include "nodes/lines/lines_message.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace nodes {

/// Publishes what a program says, one after the other, on a thread of its own: it may have to wait
/// for credit, and meanwhile the program's events go on.
class LinesPublishing {
public:
    /// Errors: why it cannot be published; they are logged.
    using Publish = std::function<mesh::Result<void>(const LinesMessage&)>;

    explicit LinesPublishing(Publish publish) : publish_(std::move(publish)) {}

    ~LinesPublishing() { finish(); }

    LinesPublishing(const LinesPublishing&) = delete;
    LinesPublishing& operator=(const LinesPublishing&) = delete;

    void start();

    /// Waits while 4,096 of them wait.
    void push(LinesMessage message);

    /// Publishes what waits, and is over.
    void finish();

private:
    void run();

    Publish publish_;
    mesh::CountedWarning unpublished_{"the program's event is not published"};
    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::deque<LinesMessage> waiting_;
    bool is_over_ = false;
    std::thread thread_;
};

} // namespace nodes
