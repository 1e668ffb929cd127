#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/home.hpp"
#include "tests/support/test_realm.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::Home;
using tests::TestNode;

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t event_count = 400;
constexpr int flips = 12;

std::string text_of_number(std::uint64_t number) {
    std::string text = std::to_string(number) + ":";
    for (int i = 0; i < 20; ++i)
        text += std::to_string(number * 7 + static_cast<std::uint64_t>(i) * 31);
    return text;
}

/// A subscriber that holds each event against what was published.
struct Judge {
    Judge(const Home& home, const std::string& realm) : node(home.options(realm, "subscriber")) {
        node->on("order.*",
                 [this](const mesh::Event& event) {
                     const auto text = std::string(mesh::text_of(event.payload));
                     const auto number = event.id.sequence;
                     is_wrong = is_wrong || number <= last || text != text_of_number(number);
                     last = number;
                     ++heard;
                 })
            .named("note")
            .emits({})
            .on_gap([this](const mesh::Gap& gap) { lost += gap.count; });
    }

    TestNode node;
    std::atomic<std::uint64_t> heard{0};
    std::atomic<std::uint64_t> lost{0};
    std::uint64_t last = 0;
    std::atomic<bool> is_wrong{false};
};

void flip_a_bit(const fs::path& file, std::minstd_rand& random) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(random() % fs::file_size(file));
    bytes.seekg(at);
    const auto flipped = static_cast<char>(bytes.get() ^ (1 << random() % 8));
    bytes.seekp(at);
    bytes.put(flipped);
}

} // namespace

TEST_CASE("a node that serves a journal with a flipped bit sends what is right, or tells a gap") {
    const Home home;
    const auto realm = fresh_realm();
    const auto options = [&] { return home.options(realm, "publisher", {"order.created"}); };
    {
        Judge known(home, realm);
        TestNode publisher(options());
        REQUIRE(known.node.start());
        REQUIRE(publisher.start());
        REQUIRE(publisher->wait_subscribers("order.created", 1, 20s));
    }
    {
        TestNode publisher(options());
        REQUIRE(publisher.start());
        for (std::uint64_t number = 1; number <= event_count; ++number)
            REQUIRE(
                publisher->publish("order.created", mesh::Payload::text(text_of_number(number))));
    }
    const auto folder = fs::path(home.path()) / realm / "publisher" / "1+data";
    const auto kept = fs::path(home.path()) / "kept";
    fs::copy(folder, kept);
    std::minstd_rand random(17);
    int served = 0;
    for (int flip = 0; flip < flips; ++flip) {
        fs::remove_all(folder);
        fs::copy(kept, folder);
        flip_a_bit(folder / "node.db", random);
        std::unique_ptr<TestNode> publisher;
        try {
            publisher = std::make_unique<TestNode>(options());
            REQUIRE(publisher->start());
        } catch (const std::runtime_error& error) {
            CHECK(std::string(error.what()).find("node.db") != std::string::npos);
            continue;
        }
        ++served;
        Judge judge(home, realm);
        REQUIRE(judge.node.start());
        CAPTURE(flip, judge.heard.load(), judge.lost.load());
        CHECK(eventually([&] { return judge.heard + judge.lost >= event_count; }));
        CHECK_FALSE(judge.is_wrong);
    }
    CHECK(served > flips / 2);
}
