#include "nodes/draw/layout.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

using nodes::LayoutTask;

namespace {

LayoutTask complete(std::size_t count) {
    LayoutTask task;
    for (std::size_t i = 0; i < count; ++i)
        task.boxes.push_back({80, 32, i});
    for (LayoutTask::Index a = 0; a < count; ++a)
        for (LayoutTask::Index b = 0; b < count; ++b)
            if (a != b)
                task.edges.push_back({a, b});
    return task;
}

/// Anything: edges within columns, loops, parallel ones, with and without labels.
LayoutTask random_task(std::mt19937& random) {
    const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    LayoutTask task;
    const auto levels = 1 + any(6);
    for (std::size_t i = 0; i < levels + any(25); ++i)
        task.boxes.push_back(
            {60.0 + static_cast<double>(any(200)), 32, i < levels ? i : any(levels)});
    for (std::size_t i = any(60); i > 0; --i) {
        const double label = any(2) == 0 ? 0 : 20 + static_cast<double>(any(150));
        task.edges.push_back({static_cast<LayoutTask::Index>(any(task.boxes.size())),
                              static_cast<LayoutTask::Index>(any(task.boxes.size())), label,
                              label > 0 ? 28.0 : 0.0});
    }
    return task;
}

bool is_near_border(const LayoutTask::Box& box, nodes::Point centre, nodes::Point point) {
    constexpr double slack = 8;
    return std::abs(point.x - centre.x) <= box.width / 2 + slack &&
           std::abs(point.y - centre.y) <= box.height / 2 + slack;
}

} // namespace

TEST_CASE("boxes of a level stand in one column, columns from left to right, nothing overlaps") {
    if (!nodes::has_layout())
        return;
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 60; ++round) {
        const auto task = random_task(random);
        const auto layout = nodes::lay_out(task);
        REQUIRE(layout);
        for (std::size_t a = 0; a < task.boxes.size(); ++a) {
            CHECK(std::abs(layout->centres[a].x - layout->columns[task.boxes[a].level]) < 1);
            CHECK(layout->centres[a].x >= task.boxes[a].width / 2 - 0.1);
            CHECK(layout->centres[a].x <= layout->width - task.boxes[a].width / 2 + 0.1);
            for (std::size_t b = 0; b < a; ++b) {
                const bool is_apart = std::abs(layout->centres[a].x - layout->centres[b].x) >
                                          (task.boxes[a].width + task.boxes[b].width) / 2 ||
                                      std::abs(layout->centres[a].y - layout->centres[b].y) >
                                          (task.boxes[a].height + task.boxes[b].height) / 2;
                CHECK(is_apart);
            }
        }
        CHECK(std::ranges::is_sorted(layout->columns));
        REQUIRE(layout->curves.size() == task.edges.size());
        for (std::size_t e = 0; e < task.edges.size(); ++e) {
            const auto& [from, to, width, height] = task.edges[e];
            const auto& curve = layout->curves[e];
            REQUIRE(curve.size() % 3 == 1);
            CHECK(is_near_border(task.boxes[from], layout->centres[from], curve.front()));
            CHECK(is_near_border(task.boxes[to], layout->centres[to], curve.back()));
        }
    }
}

TEST_CASE("the same task gives the same layout") {
    if (!nodes::has_layout())
        return;
    const auto task = complete(12);
    const auto first = nodes::lay_out(task);
    const auto second = nodes::lay_out(task);
    REQUIRE(first);
    REQUIRE(second);
    for (std::size_t i = 0; i < task.boxes.size(); ++i) {
        CHECK(first->centres[i].x == second->centres[i].x);
        CHECK(first->centres[i].y == second->centres[i].y);
    }
}

TEST_CASE("a complete graph of 60 is laid out in bounded time, with all its edges") {
    if (!nodes::has_layout())
        return;
    const auto task = complete(60);
    const auto start = std::chrono::steady_clock::now();
    const auto layout = nodes::lay_out(task);
    const auto took = std::chrono::steady_clock::now() - start;
    REQUIRE(layout);
    CHECK(layout->curves.size() == 3540);
    // About a second; without bounds it would be minutes. Sanitizers take their share.
    CHECK(took < std::chrono::seconds(60));
}

TEST_CASE("a build without Graphviz says so instead of drawing") {
    if (nodes::has_layout())
        return;
    const auto layout = nodes::lay_out(complete(2));
    REQUIRE(!layout);
    CHECK(layout.error().code == mesh::ErrorCode::environment);
    CHECK(layout.error().detail.find("built without pictures") != std::string::npos);
}
