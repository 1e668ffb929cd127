#include "nodes/draw/layout.hpp"
#include "nodes/graph/graph_show.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <sstream>

namespace {

const std::string graph = "dagmesh: 1\nrealm: shop\nservices:\n"
                          "  a: {handlers: {h: {on: x, emits: [y.z]}}}\n"
                          "  b: {handlers: {h: {on: y.*, emits: [x]}}}\n";

struct Shown {
    int code;
    std::string out;
    std::string err;
};

Shown show(const nodes::GraphShowOptions& options, const std::string& text = graph) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = nodes::graph_show(mesh::read_manifest_text(text, "f"), options, out, err);
    return {code, out.str(), err.str()};
}

} // namespace

TEST_CASE("a graph with a cycle is shown in every form, and showing it is no failure") {
    for (const auto* as : {"text", "json", "dot", "mermaid", "svg", "html"})
        for (const auto* view : {"events", "handlers", "services"}) {
            const bool is_missing =
                !nodes::has_layout() && (std::string(as) == "svg" || std::string(as) == "html");
            const auto shown = show({view, as, "", false, false});
            CHECK(shown.code == (is_missing ? 5 : 0));
            CHECK(shown.out.empty() == is_missing);
            CHECK(shown.err.empty() != is_missing);
        }
}

TEST_CASE("the JSON has nodes, edges and levels") {
    const auto json = nlohmann::json::parse(show({"events", "json", "", false, false}).out);
    CHECK(json["version"] == 1);
    CHECK(json["title"] == "shop: events");
    CHECK(json["levels"] == nlohmann::json::parse(R"([["x"],["y.z"]])"));
    CHECK(json["nodes"][1]["name"] == "y.z");
    CHECK(json["nodes"][1]["on_cycle"] == true);
    CHECK(json["edges"][1]["from"] == "y.z");
    CHECK(json["edges"][1]["cut"] == true);
    CHECK(json["edges"][1]["by"][0]["name"] == "b.h");
    CHECK(json["edges"][1]["by"][0]["wildcard"] == true);
    CHECK(json["edges"][1]["by"][0]["to"]["line"] == 5);
    CHECK(json["cycles"][0]["nodes"] == nlohmann::json::parse(R"(["x","y.z"])"));
}

TEST_CASE("the text in the documentation is the one that is printed") {
    std::ostringstream out;
    std::ostringstream err;
    const auto set = mesh::read_manifests({"examples/shop-broken"});
    REQUIRE(nodes::graph_show(set, {}, out, err) == 0);
    std::ifstream file("docs/outputs.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    CHECK(page.find("```text\n" + out.str() + "```\n") != std::string::npos);
}

TEST_CASE("several realms are several graphs") {
    const auto two = graph + "---\ndagmesh: 1\nrealm: other\nservices: {c: {publishes: [q]}}\n";
    const auto json = nlohmann::json::parse(show({"events", "json", "", false, false}, two).out);
    CHECK(json["graphs"].size() == 2);
    const auto text = show({"events", "text", "", false, false}, two).out;
    CHECK(text.find("other: events by level") == 0);
    CHECK(text.find("\n\nshop: events by level") != std::string::npos);
}

TEST_CASE("an unknown view or form exits 2, with what was probably meant") {
    const auto form = show({"events", "htm", "", false, false});
    CHECK(form.code == 2);
    CHECK(form.err == "graph show: --as: expected text, dot, mermaid, svg, html or json, got "
                      "\"htm\"; did you mean \"html\"?\n");
    CHECK(show({"events", "sarif", "", false, false}).code == 2);
    const auto view = show({"handler", "text", "", false, false});
    CHECK(view.code == 2);
    CHECK(view.err.find("did you mean \"handlers\"?") != std::string::npos);
}

TEST_CASE("a manifest with errors is not shown") {
    const auto shown = show({}, "dagmesh: 1\nservises: {}\n");
    CHECK(shown.code == 2);
    CHECK(shown.out.empty());
    CHECK(shown.err.substr(0, 4) == "f:2:");
}

TEST_CASE("a file that cannot be written exits 5") {
    const auto shown = show({"events", "text", "/nonexistent/folder/file", false, false});
    CHECK(shown.code == 5);
    CHECK(shown.out.empty());
    CHECK(shown.err ==
          "graph show: /nonexistent/folder/file: cannot write: No such file or directory\n");
}
