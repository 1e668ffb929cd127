#include "nodes/draw/dot.hpp"
#include "nodes/draw/mermaid.hpp"
#include "nodes/draw/page.hpp"
#include "nodes/draw/picture_text.hpp"
#include "nodes/draw/svg.hpp"
#include "tests/nodes/draw/pictures.hpp"

#include <sstream>

using picture_test::checked;
using picture_test::picture_of;

namespace {

const std::string broken = R"(
events: {x: {entry: true}}
services:
  a: {handlers: {h: {on: x, emits: [y]}, i: {on: x, emits: [y]}}}
  b: {handlers: {back: {on: "y", emits: [x]}, end: {on: "*", emits: []}}}
)";

std::string text_of(const nodes::Picture& picture, const nodes::TextStyle& style = {}) {
    std::ostringstream out;
    nodes::print_picture(picture, style, out);
    return out.str();
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("the text lists events by level, what each causes, and by what") {
    CHECK(text_of(picture_of(broken)) == R"(title by level; -> means "causes"

level 0
  x   from outside
     -> y   by a.h and 1 more   f:5:37   cycle 1, step 1

level 1
  y
     -> x   by b.back           f:6:42   cycle 1, step 2   -x- proposed cut

cycle 1   E001 event cycle of 2 handlers; the shortest in a group of 3
     x -> y -> x
)");
}

TEST_CASE("colour and Unicode change the signs of a text and nothing else") {
    const auto plain = text_of(picture_of(broken));
    auto fancy = text_of(picture_of(broken), {true, true});
    for (auto at = fancy.find('\033'); at != std::string::npos; at = fancy.find('\033'))
        fancy.erase(at, fancy.find('m', at) - at + 1);
    for (auto at = fancy.find("→"); at != std::string::npos; at = fancy.find("→"))
        fancy.replace(at, std::string("→").size(), "->");
    CHECK(fancy == plain);
    CHECK(text_of(picture_of(broken), {true, false}) != plain);
}

TEST_CASE("an event that causes nothing says who handles it") {
    const auto text = text_of(picture_of("services:\n  a: {publishes: [x]}\n"
                                         "  b: {handlers: {log: {on: '>', emits: []}}}\n"));
    CHECK(holds(text, "\n  x\n     handled by b.log on >  f:4:28\n"));
}

TEST_CASE("DOT is one graph with every node, edge and level") {
    const std::vector pictures{picture_of(broken)};
    const auto dot = nodes::dot_document(pictures);
    CHECK(dot.starts_with("digraph \"title\" {\n"));
    CHECK(dot.ends_with("}\n"));
    CHECK(holds(dot, "  n0 -> n1 [label=\"(1)  2 handlers\""));
    CHECK(holds(dot, "  n1 -> n0 [label=\"(2)  x  b.back\""));
    CHECK(holds(dot, "style=dashed"));
    CHECK(holds(dot, "  {rank=same; n0;}\n"));
}

TEST_CASE("Mermaid styles the links of a cycle by their numbers") {
    const std::vector pictures{picture_of(broken)};
    CHECK(nodes::mermaid_document(pictures) == R"(flowchart LR
  p0n0(["x"]):::cycle
  p0n1["y"]:::cycle
  p0n0 ==>|"#40;1#41; 2 handlers"| p0n1
  p0n1 -.->|"#40;2#41; ✕ b.back"| p0n0
  classDef cycle stroke:#c22f2f,stroke-width:3px
  linkStyle 0 stroke:#c22f2f,stroke-width:3.4px
  linkStyle 1 stroke:#c22f2f,stroke-width:3px,stroke-dasharray:9 6
)");
}

TEST_CASE("an SVG says the same without colours: numbers, dashes, a cross") {
    if (!nodes::has_layout())
        return;
    const auto placed = nodes::place_picture(picture_of(broken));
    REQUIRE(placed);
    const auto svg = nodes::svg_document(std::span(&*placed, 1));
    CHECK(holds(svg, "class=\"edge cycle\""));
    CHECK(holds(svg, "class=\"edge cycle cut\""));
    CHECK(holds(svg, "class=\"badge-cut\""));
    CHECK(holds(svg, ">1</text>"));
    CHECK(holds(svg, "stroke-dasharray"));
    CHECK(holds(svg, "f:6:42"));
    CHECK(!holds(svg, "Graphviz"));
    CHECK(svg == nodes::svg_document(std::span(&*placed, 1)));
}

TEST_CASE("no name gets out of its place on a page") {
    if (!nodes::has_layout())
        return;
    const auto [input, report] = checked(
        R"(services: {"a&'\"": {handlers: {"h'&\"": {on: "x</script", emits: ["]]", "x</script"]}}}}
)");
    auto placed = nodes::place_picture(nodes::make_picture(input, report, {"<b>&\"'"}));
    REQUIRE(placed);
    const auto part = nodes::make_page_part(std::move(*placed), input, report);
    const auto page = nodes::html_page("<b>&\"'", std::span(&part, 1));
    std::size_t count = 0;
    for (auto at = page.find("</script"); at != std::string::npos;
         at = page.find("</script", at + 1))
        ++count;
    CHECK(count == 1);
    CHECK(!holds(page, "<b>"));
    CHECK(holds(page, "x&lt;/script"));
    CHECK(holds(page, "default-src 'none'"));
}
