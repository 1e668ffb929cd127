// What becomes of compressed events that are handled one by one.

#include "mesh/node/handling/handler_runner.hpp"
#include "mesh/node/handling/packing.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/gathered.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace mesh;
using namespace std::chrono_literals;
using tests::eventually;

namespace {

/// Compressible, and different for each number.
std::string text(int number) {
    std::string made = std::to_string(number) + ": ";
    while (made.size() < 10'000)
        made += R"({"order": )" + std::to_string(made.size() * 31) + R"(, "paid": true}, )";
    return made;
}

/// A runner with one publisher, whose records a test writes itself.
struct Runner {
    Runner(LaneOptions lane, HandlerFunction function)
        : runner(
              [&] {
                  HandlerSpec spec;
                  spec.contract.name = "h";
                  spec.contract.on = {*Pattern::parse("a")};
                  spec.function = std::move(function);
                  spec.lane = lane;
                  return spec;
              }(),
              {},
              {{.emit = {},
                .dead_letters = [this](const DeadLetter& letter) { letters.add(letter); },
                .unpack = [this](Bytes compressed) { return packing.unpack(compressed); },
                .reply = {},
                .disk = [] { return nullptr; },
                .is_durable = {},
                .has_key = {},
                .keep_key = {},
                .wait_for_room = {}},
               [] {}},
              this) {}

    void push(const std::vector<std::string>& compressed) {
        std::vector<std::byte> bytes;
        for (const auto& one : compressed) {
            EventRecord record;
            record.content_type = "application/json";
            record.payload = bytes_of(one);
            record.is_compressed = true;
            const auto at = bytes.size();
            bytes.resize(at + encoded_size(record));
            encode(record, bytes.data() + at);
        }
        auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
        Batch batch;
        batch.header.topics = {{0, "a"}};
        batch.body = *owner;
        const Progress after{compressed.size(), {compressed.size(), batch.body.size()}};
        runner.push(feed,
                    std::make_shared<const ReceivedBatch>(ReceivedBatch{owner, std::move(batch)}),
                    {0, 0, 0, after});
    }

    bool reaches(std::uint64_t position) {
        return eventually([&] { return feed->progress().position == position; });
    }

    Packing packing;
    tests::Gathered<DeadLetter> letters;
    std::shared_ptr<Feed> feed = std::make_shared<Feed>(NodeId{}, 1, "publisher");
    HandlerRunner runner; ///< last, so that its threads end first
};

std::string compressed(const std::string& payload) {
    Compressor compressor;
    const auto made = compressor.compress(bytes_of(payload));
    REQUIRE(made);
    return std::string(text_of(*made));
}

} // namespace

TEST_CASE("a payload that cannot be decompressed is a dead letter, and the others are handled") {
    const auto lane =
        GENERATE(LaneOptions{}, LaneOptions{.workers = 4}, LaneOptions{.retry = {3, 1ms, 1ms}});
    std::string frame;
    tests::Gathered<std::string> handled;
    Runner one(lane, [&](const Event& event, Emitter&) {
        handled.add(std::string(text_of(event.payload)));
    });
    if (has_compression()) {
        auto damaged = compressed(text(2));
        damaged[damaged.size() / 2] ^= 1;
        one.push({compressed(text(1)), damaged, compressed(text(1))});
        REQUIRE(one.reaches(3));
        CHECK(handled.all() == std::vector{text(1), text(1)});
        frame = damaged.substr(4);
    } else {
        one.push({"size, and a frame"});
        REQUIRE(one.reaches(1));
        CHECK(handled.all().empty());
        frame = ", and a frame";
    }
    REQUIRE(one.letters.size() == 1);
    const auto letter = one.letters.all().front();
    CHECK(letter.reason == DeadReason::unreadable);
    CHECK(letter.attempts == 0);
    CHECK(letter.error.find("compressed payload: ") == 0);
    CHECK(letter.error.find("it was application/json") != std::string::npos);
    CHECK(text_of(letter.event->payload) == frame);
    CHECK(letter.event->content_type == "application/zstd");
    CHECK(one.runner.counts().at("a").dead == 1);
}

TEST_CASE("the dead letter of a compressed event that its handler fails on is plain") {
    if (!has_compression())
        return;
    const auto lane = GENERATE(LaneOptions{}, LaneOptions{.retry = {3, 1ms, 1ms}});
    Runner one(lane, [](const Event&, Emitter&) { throw std::runtime_error("no"); });
    one.push({compressed(text(1))});
    REQUIRE(one.reaches(1));
    REQUIRE(one.letters.size() == 1);
    const auto letter = one.letters.all().front();
    CHECK(letter.reason == DeadReason::failed);
    CHECK(letter.attempts == lane.retry.attempts);
    CHECK(text_of(letter.event->payload) == text(1));
    CHECK(letter.event->content_type == "application/json");
}

TEST_CASE("several threads pack and unpack at the same time") {
    Packing packing;
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 50; ++k) {
                const auto payload = text(i * 100 + k);
                Draft draft;
                draft.payload = bytes_of(payload);
                const auto packed = packing.pack(draft);
                if ((*packed).is_compressed != has_compression())
                    ++wrong;
                if (!(*packed).is_compressed)
                    continue;
                const auto plain = packing.unpack((*packed).payload);
                if (!plain || text_of(plain->bytes()) != payload)
                    ++wrong;
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(wrong == 0);
}
