#include "nodes/up/output.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace {

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

TEST_CASE("prefixes are aligned to the longest label") {
    std::ostringstream out;
    std::ostringstream err;
    nodes::Output output(out, err, std::vector<std::string>{"a", "order.2"}, false);
    output.out_line(0, "hello");
    output.out_line(1, "");
    output.err_line(1, "oops");
    output.say("stops");
    output.flush();
    CHECK(out.str() == "[a]       hello\n[order.2] \n");
    CHECK(err.str() == "[order.2] oops\n[up]      stops\n");
}

TEST_CASE("with colour each process has its own, and only the prefix is coloured") {
    std::ostringstream out;
    nodes::Output output(out, out, std::vector<std::string>{"a", "b"}, true);
    output.out_line(0, "x");
    output.out_line(1, "y");
    CHECK(out.str() == "\x1b[36m[a]\x1b[0m  x\n\x1b[33m[b]\x1b[0m  y\n");
}

TEST_CASE("logs hold the lines of each process without its prefix") {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("dagmesh-logs-" + std::to_string(getpid())) / "deep";
    std::ostringstream out;
    {
        nodes::Output output(out, out, std::vector<std::string>{"a", "../b"}, true);
        REQUIRE(output.also_log_to(folder.string()).has_value());
        output.out_line(0, "one");
        output.err_line(0, "two");
        output.out_line(1, "three");
        output.flush();
        CHECK(content(folder / "a.log") == "one\ntwo\n");
        CHECK(content(folder / ".._b.log") == "three\n");
    }
    nodes::Output again(out, out, std::vector<std::string>{"a"}, false);
    REQUIRE(again.also_log_to(folder.string()).has_value());
    CHECK(content(folder / "a.log").empty());
    std::filesystem::remove_all(folder.parent_path());
}

TEST_CASE("a folder that cannot be made is an error of the environment") {
    std::ostringstream out;
    nodes::Output output(out, out, std::vector<std::string>{"a"}, false);
    const auto result = output.also_log_to("/proc/nowhere");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == mesh::ErrorCode::environment);
    CHECK_THAT(result.error().detail, Catch::Contains("/proc/nowhere"));
}
