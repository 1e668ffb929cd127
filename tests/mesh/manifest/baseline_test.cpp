#include "mesh/manifest/baseline.hpp"
#include "tests/support/catch.hpp"

using mesh::read_baseline_text;

TEST_CASE("a baseline that is written is read again as it was, whatever its texts hold") {
    const std::vector<mesh::KnownFinding> findings{
        {"E001", "shop", {"a -> s.h -> b", "b -> s.g -> a"}},
        {"W002", "", {"nobody handles \"x\": \\ it, # or - not\t\x01 ünïcödé 漢字"}},
        {"W002", "", {"nobody handles x"}},
        {"W002", "", {"nobody handles x"}}};
    const auto read = read_baseline_text(mesh::baseline_text(findings), "b");
    REQUIRE(read.errors.empty());
    REQUIRE(read.entries.size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(read.entries[i].finding == findings[i]);
    CHECK(read.entries[0].place == mesh::Place{"b", 5, 5});
}

TEST_CASE("an empty baseline is one") {
    const auto text = mesh::baseline_text({});
    CHECK(text.find("findings: []") != std::string::npos);
    const auto read = read_baseline_text(text, "b");
    CHECK(read.errors.empty());
    CHECK(read.entries.empty());
}

TEST_CASE("one text stands for a list of one") {
    const auto read =
        read_baseline_text("baseline: 1\nfindings:\n  - {code: W002, what: x}\n", "b");
    REQUIRE(read.errors.empty());
    CHECK(read.entries.at(0).finding.what == std::vector<std::string>{"x"});
}

TEST_CASE("what is wrong with a baseline is told with its place") {
    const auto message = [](const std::string& text) {
        const auto read = read_baseline_text(text, "b");
        REQUIRE_FALSE(read.errors.empty());
        return mesh::to_string(read.errors[0].place) + ": " + read.errors[0].message;
    };
    CHECK(message("") == "b:1:1: expected a baseline, one YAML document");
    CHECK(message("findings: []\n") ==
          "b:1:1: expected \"baseline: 1\", the version of the format");
    CHECK(message("baseline: 2\n") == "b:1:11: \"baseline\": expected format version 1");
    CHECK(message("baseline: 1\nfindings:\n  - {cod: E001, what: x}\n") ==
          "b:3:6: unknown key \"cod\" in a finding; did you mean \"code\"?");
    CHECK(message("baseline: 1\nfindings:\n  - {code: E001}\n") ==
          "b:3:5: expected \"what\" in a finding");
    CHECK(message("baseline: 1\nfindings:\n  - E001\n") ==
          "b:3:5: expected a mapping for a finding, got \"E001\"");
    CHECK(message("baseline: 1\nfindings:\n  - {code: E001, what: []}\n") ==
          "b:3:24: \"what\": expected at least one text");
    CHECK(message("baseline: [\n").find("not valid YAML") != std::string::npos);
}

TEST_CASE("a baseline that cannot be read says why") {
    const auto read = mesh::read_baseline("/nonexistent/baseline.yaml");
    REQUIRE(read.errors.size() == 1);
    CHECK(read.errors[0].place.file == "/nonexistent/baseline.yaml");
}
