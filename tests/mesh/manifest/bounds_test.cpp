#include "mesh/manifest/read.hpp"
#include "mesh/manifest/source_text.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <random>
#include <string>

namespace {

std::string times(std::size_t count, const std::string& piece) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += piece;
    return text;
}

const std::string good = R"(dagmesh: 1
realm: shöp
x-lane: &lane {workers: 4, retry: {attempts: 5, backoff: 100ms..5s}}
events:
  user.registered: {level: once, fields: {user_id: int, email: {type: str, redact: true}}}
  "order.>": {terminal: true}
services:
  order:
    publishes: ["order.>"]
    run: ["./order", 'it''s', "\u00e9"]
    env: {A: "b"}
    handlers:
      create: {<<: *lane, on: user.registered, emits: ["order.{id}.paid"]}
      remind: {every: 24h, after: [order.created], emits: []}
---
dagmesh: 1
rules:
  - {event: a, max_fan_out: 8}
)";

/// Whether the text is read within a time that no legitimate file needs.
void check_is_quick(const std::string& text) {
    const auto start = std::chrono::steady_clock::now();
    const auto set = mesh::read_manifest_text(text, "f");
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    CHECK_FALSE(set.errors.empty());
    CHECK(set.errors.size() <= 2'100);
}

} // namespace

TEST_CASE("a manifest cut off at any byte is an error or a manifest, never a crash") {
    REQUIRE(mesh::read_manifest_text(good, "f").errors.empty());
    std::size_t error_count = 0;
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto set = mesh::read_manifest_text(std::string_view(good).substr(0, size), "f");
        error_count += set.errors.empty() ? 0 : 1;
        for (const auto& error : set.errors) {
            CHECK_FALSE(error.message.empty());
            CHECK(error.place.line > 0);
        }
    }
    CHECK(error_count > good.size() / 2);
    CHECK(error_count < good.size());
}

TEST_CASE("a manifest with seeded noise is an error or a manifest, never a crash") {
    const auto seed = 20260101U;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::string pieces = "[]{}:,-?&*!|>'\"%@`#\n \t.ax1~<\xc3\xa4\xff";
    const auto pick = [&](std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
    };
    std::size_t error_count = 0;
    for (int round = 0; round < 5'000; ++round) {
        auto text = good;
        for (auto change = pick(6) + 1; change > 0; --change) {
            const auto at = pick(text.size());
            if (pick(3) == 0)
                text.erase(at, pick(20));
            else if (pick(2) == 0)
                text.insert(at, 1, pieces[pick(pieces.size())]);
            else
                text[at] = pieces[pick(pieces.size())];
        }
        error_count += mesh::read_manifest_text(text, "f").errors.empty() ? 0 : 1;
    }
    CHECK(error_count > 1'000);
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (auto size = pick(60); size > 0; --size)
            text += pieces[pick(pieces.size())];
        CHECK_FALSE(mesh::read_manifest_text(text, "f").errors.empty());
    }
}

TEST_CASE("nesting deeper than the bound is refused, however deep it is") {
    const std::string head = "dagmesh: 1\nx-a: ";
    CHECK(mesh::read_manifest_text(head + times(60, "[") + times(60, "]"), "f").errors.empty());
    for (const auto count : {64, 100, 600, 10'000, 1'000'000}) {
        CAPTURE(count);
        for (const std::string piece : {"[", "{a: ", "- ", "? "}) {
            CAPTURE(piece);
            const auto errors =
                mesh::read_manifest_text(
                    head + "\n  " + times(static_cast<std::size_t>(count), piece), "f")
                    .errors;
            REQUIRE(errors.size() == 1);
            const auto& message = errors[0].message;
            const bool is_bound = message.find("64 levels") != std::string::npos ||
                                  message.find("256 KiB") != std::string::npos;
            CAPTURE(message);
            CHECK(is_bound);
        }
    }
}

TEST_CASE("aliases of aliases cost no more than the bound on values") {
    std::string bomb = "dagmesh: 1\nx-0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const auto from = "*a" + std::to_string(i - 1);
        bomb += "x-" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + from +
                times(9, ", " + from) + "]\n";
    }
    CHECK(mesh::read_manifest_text(bomb, "f").errors.empty());
    check_is_quick(bomb + "services: {s: {publishes: *a39}}\n");

    std::string handlers = "dagmesh: 1\nx-h: &h\n";
    for (int i = 0; i < 2'000; ++i)
        handlers += "  h" + std::to_string(i) + ": {on: a}\n";
    handlers += "services:\n";
    for (int i = 0; i < 2'000; ++i)
        handlers += "  s" + std::to_string(i) + ": {handlers: *h}\n";
    check_is_quick(handlers);

    std::string merges = "dagmesh: 1\nx-0: &a0 {k: 1}\n";
    for (int i = 1; i < 5'000; ++i)
        merges += "x-" + std::to_string(i) + ": &a" + std::to_string(i) + " {<<: *a" +
                  std::to_string(i - 1) + ", k" + std::to_string(i) + ": 1}\n";
    check_is_quick(merges);
}

TEST_CASE("large nonsense is refused within bounded time") {
    for (const std::string piece : {"[", "[a,", ", ", "- a\n", "a: b\n", "\"a\" ", "&a ", "*a ",
                                    "a\n", "? a\n", "- - ", "|\n"}) {
        CAPTURE(piece);
        const auto text = "dagmesh: 1\n" + times((std::size_t{2} << 20U) / piece.size(), piece);
        const auto start = std::chrono::steady_clock::now();
        CHECK_FALSE(mesh::read_manifest_text(text, "f").errors.empty());
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    }
    const auto errors =
        mesh::read_manifest_text(std::string(mesh::manifest_size_bytes_max + 1, ' '), "f").errors;
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].message.find("16 MiB") != std::string::npos);
}

TEST_CASE("what makes pairs of many with many is bounded too") {
    const auto list = [](std::size_t count, const std::string& before, const std::string& after) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += before + std::to_string(i) + after;
        return text;
    };
    const std::string head = "dagmesh: 1\nservices:\n  s:\n";
    check_is_quick(head + "    publishes: [" + list(2'000, "p", ", ") + "]\n    handlers:\n" +
                   list(2'000, "      h", ": {on: a}\n"));
    check_is_quick(head + "    publishes: [" + list(9'000, "\"p", ".>\", ") + "]\n    handlers:\n" +
                   "      h: {on: a, emits: [" + list(9'000, "q", ", ") + "]}\n");
    check_is_quick(head + "    handlers:\n" +
                   list(50'000, "      h", ": {on: a, compensates: b}\n"));
    check_is_quick(head + "    handlers:\n" + list(20'000, "      h", ": {on: a, emits: b}\n") +
                   "    loops:\n" +
                   list(20'000,
                        "      - {max_rounds: 1, reason: r, until: 2030-01-01, edge: "
                        "{emits: c, handler: h",
                        "}}\n"));
}

TEST_CASE("places in one very long line are found at once") {
    std::string text = "{\"dagmesh\": 1, \"services\": {";
    for (int i = 0; i < 60'000; ++i)
        text += "\"\u00e4" + std::to_string(i) + "\": {\"x\": 1},";
    const auto start = std::chrono::steady_clock::now();
    const auto errors = mesh::read_manifest_text(text + "\"z\": {}}}", "f.json").errors;
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    REQUIRE(errors.size() == 1'001);
    CHECK(errors[1].place.column == 36);
    CHECK(errors[2].place.column == 51);
}

TEST_CASE("columns are right wherever a line ends within a block") {
    for (std::size_t size = 1'000; size < 1'050; ++size) {
        const auto errors =
            mesh::read_manifest_text("dagmesh: 1\n#" + std::string(size, 'x') + "\nrealm: *\n", "f")
                .errors;
        REQUIRE(errors.size() == 1);
        CHECK(mesh::to_string(errors[0].place) == "f:3:8");
    }
}

TEST_CASE("a file with very many mistakes tells a thousand of them") {
    std::string text = "dagmesh: 1\nservices:\n";
    for (int i = 0; i < 3'000; ++i)
        text += "  s" + std::to_string(i) + ": {wrong: 1}\n";
    const auto errors = mesh::read_manifest_text(text, "f").errors;
    REQUIRE(errors.size() == 1'001);
    CHECK(errors[0].message.find("more than 1000 errors") != std::string::npos);
}
