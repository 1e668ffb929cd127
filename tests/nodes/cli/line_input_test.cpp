#include "nodes/cli/line_input.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

struct Pipe {
    Pipe() { REQUIRE(pipe(ends.data()) == 0); }

    ~Pipe() {
        close(ends[0]);
        finish();
    }

    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    void write_text(std::string_view text) const {
        REQUIRE(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

    void finish() {
        if (ends[1] >= 0)
            close(ends[1]);
        ends[1] = -1;
    }

    std::array<int, 2> ends{};
};

} // namespace

TEST_CASE("lines come one by one, the last one also without its end") {
    Pipe pipe;
    nodes::LineInput input(pipe.ends[0]);
    pipe.write_text("one\n\nthree");
    pipe.finish();
    CHECK(input.next() == "one");
    CHECK(input.next() == "");
    CHECK(input.next() == "three");
    CHECK(input.next() == std::nullopt);
}

TEST_CASE("a line that comes in pieces is one line") {
    Pipe pipe;
    nodes::LineInput input(pipe.ends[0]);
    std::thread writer([&] {
        for (const auto* piece : {"a", "b", "c\n"})
            pipe.write_text(piece);
    });
    CHECK(input.next() == "abc");
    writer.join();
}

TEST_CASE("a line longer than any event comes in parts") {
    Pipe pipe;
    nodes::LineInput input(pipe.ends[0]);
    const std::string part(64 * 1024, 'x');
    std::thread writer([&] {
        for (int i = 0; i < 40; ++i)
            pipe.write_text(part);
        pipe.finish();
    });
    std::size_t size = 0;
    std::size_t longest = 0;
    while (const auto line = input.next()) {
        size += line->size();
        longest = std::max(longest, line->size());
    }
    writer.join();
    CHECK(size == 40 * part.size());
    CHECK(longest < 40 * part.size());
}

TEST_CASE("whoever waits for a line, or for a moment, can be stopped") {
    Pipe pipe;
    nodes::LineInput input(pipe.ends[0]);
    std::thread stopper([&] { input.stop(); });
    CHECK(input.next() == std::nullopt);
    CHECK_FALSE(input.wait_until(mesh::now() + 1h));
    stopper.join();
}

TEST_CASE("a moment that has passed is not waited for") {
    const nodes::LineInput input(STDIN_FILENO);
    CHECK(input.wait_until(mesh::now() - 1s));
}
