// NodeCore, the part that drains and stops.

#include "mesh/base/log.hpp"
#include "mesh/node/core.hpp"
#include "mesh/node/report.hpp"

#include <chrono>
#include <unistd.h>
#include <vector>

namespace mesh {

namespace {

using namespace std::chrono_literals;

constexpr Duration drain_check_interval = 5ms;

constexpr Duration telling_patience = 1s;

// Beacons may overtake what is said over control. Who hears that a node leaves before its last
// acknowledgements gives to replicas what it has handled.
constexpr Duration farewell = 50ms;

} // namespace

void NodeCore::stop() {
    is_stopping_ = true;
    reactor_.post([this] {
        if (draining_ != Draining::no)
            return;
        draining_ = Draining::handlers;
        drain_deadline_ = now() + options_.drain_patience;
        incoming_->close_windows();
    });
}

void NodeCore::refuse() {
    if (is_refused_.exchange(true))
        return;
    refused_at_ = now();
    if (on_refused)
        on_refused();
    stop();
}

void NodeCore::check_drained() {
    // The others print the cycle as well, so they are told before this node goes.
    if (is_refused_ && !joining_->is_told() && now() < refused_at_ + telling_patience) {
        reactor_.after(drain_check_interval, [] {}); // looks again
        return;
    }
    const bool is_late = now() >= drain_deadline_;
    if (is_late)
        for (const auto& handler : handlers_)
            handler->close();
    if (draining_ == Draining::handlers && (incoming_->is_dry() || is_late)) {
        incoming_->shut(); // acknowledges the rest
        const bool has_handled = !is_refused_ && incoming_->is_sharing();
        leaves_at_ = now() + (has_handled ? farewell : Duration{});
        draining_ = Draining::acknowledgements;
    }
    if (draining_ == Draining::acknowledgements && now() >= leaves_at_ &&
        (outgoing_->close_if_dry() || is_late)) {
        for (const auto& key : outgoing_->behind())
            log(LogLevel::warning, "stopping although " + key + " has not acknowledged everything");
        outgoing_->close();
        requests_.close();
        outgoing_->finish();
        {
            const std::lock_guard lock(peers_mutex_);
            is_over_ = true;
        }
        ready_changed_.notify_all();
        if (joining_)
            joining_->leave();
        for (const auto& leaver : leavers)
            leaver();
        neighbours_->say_leave();
        reactor_.stop();
        return;
    }
    reactor_.after(drain_check_interval, [] {}); // looks again
}

void NodeCore::report() const {
    if (options_.report_fd < 0)
        return;
    std::vector<HandlerReport> handlers;
    for (const auto& handler : handlers_)
        handlers.push_back({handler->spec().contract.name, handler->counts()});
    const auto line =
        report_line(identity_.service, identity_.instance, outgoing_->published_counts(), handlers);
    [[maybe_unused]] const auto written = write(options_.report_fd, line.data(), line.size());
}

} // namespace mesh
