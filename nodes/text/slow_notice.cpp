#include "nodes/text/slow_notice.hpp"

#include <fmt/format.h>

#include <chrono>
#include <unistd.h>
#include <utility>

namespace nodes {

SlowNotice::SlowNotice(std::string what, Say say, mesh::Duration interval)
    : what_(std::move(what)), say_(std::move(say)) {
    thread_.start(1, [this, interval] { run(interval); });
}

SlowNotice::~SlowNotice() {
    {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
    }
    ended_.notify_all();
    thread_.join();
}

SlowNotice::Say SlowNotice::to_stderr(bool is_quiet) {
    return [is_quiet](std::string_view line) {
        if (is_quiet)
            return;
        [[maybe_unused]] const auto written = write(STDERR_FILENO, line.data(), line.size());
    };
}

void SlowNotice::run(mesh::Duration interval) {
    const auto start = mesh::now();
    std::unique_lock lock(mutex_);
    while (!ended_.wait_for(lock, interval, [this] { return is_over_; })) {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(mesh::now() - start).count();
        say_(fmt::format("dagmesh: {}, {} s so far\n", what_, seconds));
    }
}

} // namespace nodes
