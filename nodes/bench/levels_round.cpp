#include "nodes/bench/levels_round.hpp"

#include "discovery/discovery.hpp"
#include "mesh/node.hpp"
#include "nodes/bench/children.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <unistd.h>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration patience = 60s;
constexpr std::uint64_t clock_every = 64; ///< events between two looks at the clock

struct Board {
    std::atomic<bool> is_listening{false};
    std::atomic<bool> is_published{false};
    std::atomic<bool> has_failed{false};
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> handled{0};
    std::atomic<std::uint64_t> lost{0};
    std::atomic<std::int64_t> publishing_ns{0};
    std::atomic<std::int64_t> whole_ns{0};
};

mesh::NodeOptions options_of(const LevelsSetting& setting, const std::string& service,
                             const std::string& realm) {
    mesh::NodeOptions options;
    options.service = service;
    options.realm = realm;
    options.uses_environment = false;
    options.state_folder = setting.folder;
    options.sync = setting.sync;
    options.events = {{*mesh::Pattern::parse("load"), setting.level, false}};
    return options;
}

/// Checks that numbers follow each other but for what is told as lost.
void subscribe(Board& board, const LevelsSetting& setting, const std::string& realm) {
    mesh::Node node(options_of(setting, "subscriber", realm));
    std::uint64_t expected = 0;
    auto handler = node.on("load", [&](const mesh::Event& event) {
        std::uint64_t number = 0;
        std::memcpy(&number, event.payload.data(), sizeof number);
        if (number != expected)
            board.has_failed = true;
        expected = number + 1;
        board.handled.store(board.handled.load(std::memory_order_relaxed) + 1,
                            std::memory_order_relaxed);
    });
    handler.emits({}).on_gap([&](const mesh::Gap& gap) {
        expected += gap.count;
        board.lost += gap.count;
    });
    if (setting.is_inline)
        handler.inlined();
    const discovery::Discovery discovery{node};
    node.start();
    board.is_listening = true;
    wait_until([] { return false; }, patience + patience); // until it is killed
}

/// So many publishes at a time.
class Flight {
public:
    explicit Flight(std::uint32_t max) : max_(max) {}

    void take_off() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return count_ < max_; });
        ++count_;
    }

    void land() {
        const std::lock_guard lock(mutex_);
        --count_;
        changed_.notify_one();
    }

    void wait_empty() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return count_ == 0; });
    }

private:
    std::uint32_t max_;
    std::mutex mutex_; ///< guards the rest
    std::condition_variable changed_;
    std::uint32_t count_ = 0;
};

void publish(Board& board, const LevelsSetting& setting, const std::string& realm,
             mesh::Duration time) {
    auto options = options_of(setting, "publisher", realm);
    options.publishes = {"load"};
    options.compress_from_bytes = setting.compress_from_bytes;
    mesh::Node node(options);
    const discovery::Discovery discovery{node};
    node.start();
    if (!node.wait_subscribers("load", 1, patience)) {
        board.has_failed = true;
        return;
    }
    auto payload = mesh::Payload::text(
        setting.text.empty() ? std::string(setting.payload_size_bytes, 'x') : setting.text);
    Flight flight(setting.in_flight);
    const auto note = [&](const mesh::Result<void>& result) {
        if (!result)
            board.has_failed = true;
        flight.land();
    };
    const bool waits = setting.in_flight == 1 || setting.level < mesh::Level::durable;
    std::uint64_t count = 0;
    const auto start = mesh::now();
    while (count % clock_every != 0 || mesh::now() - start < time) {
        std::memcpy(payload.bytes.data(), &count, sizeof count);
        ++count;
        if (waits) {
            if (!node.publish("load", payload))
                board.has_failed = true;
            continue;
        }
        flight.take_off();
        node.publish_later("load", payload, {}, note);
    }
    flight.wait_empty();
    board.publishing_ns = (mesh::now() - start).count();
    if (!node.wait_dry(patience))
        board.has_failed = true;
    board.whole_ns = (mesh::now() - start).count();
    board.published = count;
    board.is_published = true;
    wait_until([] { return false; }, patience); // until it is killed
}

double per_second(std::uint64_t count, std::int64_t ns) {
    return static_cast<double>(count) * 1e9 / static_cast<double>(ns);
}

} // namespace

std::optional<LevelsRound> run_levels_round(const LevelsSetting& setting, mesh::Duration time) {
    static int number = 0;
    const auto realm = "levels-" + std::to_string(getpid()) + "-" + std::to_string(++number);
    const Shared<Board> board;
    Children children;
    children.start([&] { subscribe(*board, setting, realm); });
    children.start([&] { publish(*board, setting, realm, time); });
    const bool is_over =
        wait_until([&] { return board->is_published || board->has_failed; }, patience + time);
    LevelsRound round;
    round.published = board->published;
    if (!is_over || board->has_failed ||
        !wait_until([&] { return board->handled + board->lost >= round.published; }, patience))
        return std::nullopt;
    round.handled = board->handled;
    round.lost = board->lost;
    round.published_per_s = per_second(round.published, board->publishing_ns);
    round.handled_per_s = per_second(round.handled, board->whole_ns);
    return round;
}

} // namespace nodes
