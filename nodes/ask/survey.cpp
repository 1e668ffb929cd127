#include "nodes/ask/survey.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration look_interval = 20ms;

// How often it is looked whether those who have not answered are still there.
constexpr mesh::Duration gone_interval = 100ms;

} // namespace

struct Survey::Waiting {
    std::mutex mutex; ///< guards the rest
    std::condition_variable news;
    std::uint64_t round = 0; ///< answers of earlier ones come too late
    std::size_t left = 0;
    std::vector<std::optional<mesh::Answer>> answers;
    bool is_stopped = false;
};

Survey::Survey(mesh::Node& node, mesh::TimePoint deadline)
    : node_(node), deadline_(deadline), waiting_(std::make_shared<Waiting>()) {}

void Survey::stop() {
    {
        const std::lock_guard lock(waiting_->mutex);
        waiting_->is_stopped = true;
    }
    waiting_->news.notify_all();
}

bool Survey::is_over() const {
    const std::lock_guard lock(waiting_->mutex);
    return waiting_->is_stopped || mesh::now() >= deadline_;
}

bool Survey::pause(mesh::Duration time) {
    std::unique_lock lock(waiting_->mutex);
    waiting_->news.wait_until(lock, std::min(deadline_, mesh::now() + time),
                              [this] { return waiting_->is_stopped; });
    return !waiting_->is_stopped && mesh::now() < deadline_;
}

std::vector<mesh::Peer> Survey::nodes(const NodeChoice& choice) {
    do
        has_seen_all_ = node_.wait_ready(0s);
    while (!has_seen_all_ && pause(look_interval));
    auto peers = node_.peers();
    for (const auto& peer : peers)
        has_seen_all_ = has_seen_all_ && (peer.is_observer || peer.contract != nullptr);
    std::erase_if(peers, [&](const mesh::Peer& peer) {
        return peer.is_observer || peer.contract == nullptr ||
               peer.state == mesh::PeerState::joining || !choice.fits(peer.service, peer.instance);
    });
    std::ranges::sort(peers, [](const mesh::Peer& a, const mesh::Peer& b) {
        return std::tie(a.service, a.instance, a.id) < std::tie(b.service, b.instance, b.id);
    });
    return peers;
}

std::vector<std::optional<mesh::Answer>> Survey::ask(const std::vector<Asked>& all) {
    std::uint64_t round = 0;
    {
        const std::lock_guard lock(waiting_->mutex);
        round = ++waiting_->round;
        waiting_->left = all.size();
        waiting_->answers.assign(all.size(), std::nullopt);
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        node_.ask(all[i].node.id, all[i].question,
                  [waiting = waiting_, round, i](const mesh::Answer& answer) {
                      const std::lock_guard lock(waiting->mutex);
                      if (waiting->round != round)
                          return;
                      waiting->answers[i] = answer;
                      if (--waiting->left == 0)
                          waiting->news.notify_all();
                  });
    for (;;) {
        std::unique_lock lock(waiting_->mutex);
        const bool is_done = waiting_->news.wait_until(
            lock, std::min(deadline_, mesh::now() + gone_interval),
            [this] { return waiting_->is_stopped || waiting_->left == 0; });
        lock.unlock();
        if (is_done || mesh::now() >= deadline_ || !waits_for_anybody(all))
            break;
    }
    const std::lock_guard lock(waiting_->mutex);
    ++waiting_->round;
    return std::exchange(waiting_->answers, {});
}

bool Survey::is_in_view(const mesh::Peer& node) const {
    return std::ranges::any_of(node_.peers(), [&](const mesh::Peer& peer) {
        return peer.id == node.id && peer.incarnation == node.incarnation;
    });
}

/// Somebody who has not answered is still there.
bool Survey::waits_for_anybody(const std::vector<Asked>& all) const {
    std::vector<bool> has_answered;
    {
        const std::lock_guard lock(waiting_->mutex);
        for (const auto& answer : waiting_->answers)
            has_answered.push_back(answer.has_value());
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!has_answered[i] && is_in_view(all[i].node))
            return true;
    return false;
}

std::optional<mesh::Answer> Survey::ask(const mesh::Peer& node, const mesh::Question& question) {
    return ask({{node, question}}).front();
}

std::string label(const mesh::Peer& node) {
    return node.service + "/" + node.instance;
}

} // namespace nodes
