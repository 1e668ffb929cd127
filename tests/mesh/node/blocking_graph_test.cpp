#include "tests/support/catch.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/test_realm.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using tests::eventually;
using tests::fresh_realm;
using tests::TestNode;

namespace {

// What an event takes at most while nothing is stuck, on a machine that is busy with other work.
constexpr mesh::Duration stall_max = 20s;

struct HandlerShape {
    std::size_t node = 0;
    std::vector<std::string> on;
    std::string emits;
    std::uint64_t expected = 0; ///< events, for one event on each root
};

/// Handlers without a cycle, each with the names of topics: "root.N", and "t.N" of handler N.
struct Shape {
    std::size_t nodes = 0;
    std::vector<std::string> roots;
    std::vector<HandlerShape> handlers;

    std::uint64_t expected_sum() const {
        std::uint64_t sum = 0;
        for (const auto& handler : handlers)
            sum += handler.expected;
        return sum;
    }

    void add(std::size_t node, std::vector<std::string> on) {
        HandlerShape handler{node, std::move(on), "t." + std::to_string(handlers.size()), 0};
        for (const auto& topic : handler.on) {
            const auto from = std::ranges::find(handlers, topic, &HandlerShape::emits);
            handler.expected += from == handlers.end() ? 1 : from->expected;
        }
        handlers.push_back(std::move(handler));
    }
};

Shape diamond() {
    Shape shape{4, {"root.0"}, {}};
    shape.add(0, {"root.0"});
    shape.add(1, {"t.0"});
    shape.add(2, {"t.0"});
    shape.add(3, {"t.1", "t.2"});
    shape.add(0, {"t.3"});
    return shape;
}

Shape random_shape(std::uint32_t seed, std::size_t nodes, std::size_t handlers) {
    std::minstd_rand random(seed);
    Shape shape{nodes, {"root.0", "root.1", "root.2"}, {}};
    while (shape.handlers.size() < handlers) {
        const auto number = shape.handlers.size();
        std::vector<std::string> on;
        if (number < nodes) {
            on.push_back(shape.roots[number % shape.roots.size()]);
        } else {
            on.push_back("t." + std::to_string(random() % number));
            const auto other = "t." + std::to_string(random() % number);
            if (random() % 4 == 0 && other != on.front())
                on.push_back(other);
        }
        shape.add(random() % nodes, std::move(on));
    }
    return shape;
}

/// The nodes of a shape, all handlers blocking with credit of one event.
struct Mesh {
    Mesh(const std::string& realm, const Shape& shape) : source(realm, "source", shape.roots) {
        for (std::size_t i = 0; i < shape.nodes; ++i)
            nodes.push_back(std::make_unique<TestNode>(realm, "node" + std::to_string(i)));
        for (const auto& handler : shape.handlers) {
            auto declared =
                (*nodes[handler.node])
                    ->on(handler.on,
                         [this, topic = handler.emits](const mesh::Event&, mesh::Emitter& emit) {
                             ++handled;
                             emit(topic, {});
                         });
            declared.named(handler.emits.substr(0, 1) + handler.emits.substr(2))
                .emits({handler.emits})
                .policy(mesh::Policy::block)
                .credit(1);
        }
    }

    bool start() {
        for (auto& node : nodes)
            (*node)->start();
        source->start();
        return std::ranges::all_of(nodes, [](auto& node) { return (*node)->wait_ready(60s); }) &&
               source->wait_ready(60s);
    }

    TestNode source;
    std::vector<std::unique_ptr<TestNode>> nodes;
    std::atomic<std::uint64_t> handled{0};
};

/// Publishes on every root, and waits until all is handled. Fails when nothing moves for long.
void run_dry(const Shape& shape, std::uint64_t count) {
    Mesh mesh(fresh_realm(), shape);
    REQUIRE(mesh.start());
    for (const auto& root : shape.roots)
        REQUIRE(mesh.source->wait_subscribers(root, 1, 20s));
    for (std::uint64_t i = 0; i < count; ++i)
        for (const auto& root : shape.roots)
            REQUIRE(mesh.source->publish(root, {}));
    const auto expected = count * shape.expected_sum();
    mesh::Duration longest{};
    for (auto seen = mesh.handled.load(); seen < expected; seen = mesh.handled) {
        const auto began = mesh::now();
        INFO(seen << " of " << expected << " handled, and then nothing more");
        REQUIRE(eventually([&] { return mesh.handled != seen; }, stall_max));
        longest = std::max(longest, mesh::now() - began);
    }
    CAPTURE(std::chrono::duration_cast<std::chrono::milliseconds>(longest).count());
    CHECK(mesh.source->wait_dry(20s));
    for (auto& node : mesh.nodes)
        CHECK((*node)->wait_dry(20s));
    CHECK(mesh.handled == expected);
}

} // namespace

TEST_CASE("a diamond whose handlers all block with credit of one event runs dry") {
    run_dry(diamond(), 300);
}

TEST_CASE("200 handlers on 10 nodes that all block with credit of one event run dry") {
    const std::uint32_t seed = GENERATE(1U, 2U);
    CAPTURE(seed);
    const auto shape = random_shape(seed, 10, 200);
    run_dry(shape, std::max<std::uint64_t>(3, 6'000 / shape.expected_sum()));
}

TEST_CASE("a node whose edge leads back into a graph that blocks is refused when it joins") {
    const auto realm = fresh_realm();
    const auto shape = random_shape(3, 3, 30);
    Mesh mesh(realm, shape);
    REQUIRE(mesh.start());
    auto options = TestNode::options(realm, "feedback");
    options.is_strict = true;
    TestNode feedback(options);
    std::atomic<bool> is_refused{false};
    feedback->on_refused([&] { is_refused = true; });
    feedback->on("t.0", [](const mesh::Event&, mesh::Emitter& emit) { emit("root.0", {}); })
        .named("home")
        .emits({"root.0"})
        .credit(1);
    feedback->start();
    CHECK(eventually([&] { return is_refused.load(); }, 30s));
}
