#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace {

using Texts = std::vector<std::string>;
using Files = std::map<std::string, std::string>;

/// A document in `docs/a.yaml` with one operation, whose channel `reference` leads to.
std::string with(const std::string& reference, const std::string& more = {}) {
    return "asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n  o:\n    action: send\n    channel: "
           "{$ref: '" +
           reference + "'}\n" + more;
}

Texts errors_of(const std::string& text, const Files& others = {}) {
    Texts lines;
    for (const auto& error : mesh::read_manifest_text(text, "docs/a.yaml", others).errors)
        lines.push_back(mesh::to_string(error.place) + ": " + error.message);
    return lines;
}

/// The topic that a document sends, which has no errors.
std::string topic_of(const std::string& text, const Files& others = {}) {
    const auto set = mesh::read_manifest_text(text, "docs/a.yaml", others);
    for (const auto& error : set.errors)
        UNSCOPED_INFO(mesh::to_string(error.place) << ": " << error.message);
    REQUIRE(set.errors.empty());
    return set.realms.at(0).services.at(0).contract.publishes->at(0).text();
}

std::string times(std::size_t count, const std::string& piece) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += piece;
    return text;
}

} // namespace

TEST_CASE("a reference leads into its own file") {
    CHECK(topic_of(with("#/channels/c", "channels: {c: {address: x}}\n")) == "x");
    CHECK(topic_of(with("#/channels/a~1b", "channels: {a/b: {}}\n")) == "a.b");
    CHECK(topic_of(with("#/channels/a~0b", "channels: {a~b: {}}\n")) == "a~b");
    CHECK(topic_of(with("#/channels/%7Ba%7D", "channels: {'{a}': {}}\n")) == "*");
    CHECK(topic_of(with("#/list/1", "list: [{address: x}, {address: y}]\n")) == "y");
    CHECK(topic_of(with("#/channels/c", "channels: {c: {$ref: '#/components/channels/d'}}\n"
                                        "components: {channels: {d: {description: none}}}\n")) ==
          "c");
}

TEST_CASE("a reference leads into files beside its own, and from there on") {
    const Files files{{"docs/b.yaml", "c: {$ref: '../other/c.json#/x/y'}\n"},
                      {"other/c.json", R"({"x": {"y": {"address": "deep", "messages": {"m":
                                        {"$ref": "../docs/my%20message.yml"}}}}})"},
                      {"docs/my message.yml", "payload: {properties: {n: {$ref: '#/t'}}}\n"
                                              "t: {type: integer}\n"}};
    CHECK(topic_of(with("b.yaml#/c"), files) == "deep");
    CHECK(topic_of(with("./b.yaml#/c"), files) == "deep");
    CHECK(topic_of(with("../docs/b.yaml#/c"), files) == "deep");
    const auto set = mesh::read_manifest_text(with("b.yaml#/c"), "docs/a.yaml", files);
    REQUIRE(set.realms.at(0).events.at(0).fields.size() == 1);
    CHECK(set.realms[0].events[0].fields[0].name == "n");
    CHECK(set.realms[0].events[0].fields[0].type == "integer");
}

TEST_CASE("a file that leads back to the document leads to the document itself") {
    CHECK(topic_of(with("b.yaml#/c", "channels: {d: {address: back}}\n"),
                   {{"docs/b.yaml", "c: {$ref: 'a.yaml#/channels/d'}\n"}}) == "back");
}

TEST_CASE("the network is never asked") {
    for (const std::string reference :
         {"https://example.com/x.yaml#/c", "http://localhost/x", "HTTPS://x", "ftp://x/y",
          "//example.com/x", "file:///etc/passwd", "urn:x:y"}) {
        CAPTURE(reference);
        const auto errors = errors_of(with(reference));
        REQUIRE(errors.size() == 1);
        CHECK(errors[0].find("docs/a.yaml:6:21: \"$ref\": \"" + reference) == 0);
        CHECK(errors[0].find("the network is never asked") != std::string::npos);
    }
}

TEST_CASE("a reference that leads nowhere is an error that names its place") {
    const auto only = [](const Texts& errors) {
        return errors.size() == 1 ? errors[0] : std::to_string(errors.size()) + " errors";
    };
    CHECK(
        only(errors_of(with("#/channels/creatd", "channels: {created: {}}\n"))) ==
        "docs/a.yaml:6:21: \"$ref\": \"#/channels/creatd\" leads nowhere: there is no \"creatd\"; "
        "did you mean \"created\"?");
    CHECK(only(errors_of(with("#/list/2", "list: [a, b]\n"))).find("no \"2\"") !=
          std::string::npos);
    CHECK(only(errors_of(with("#/info/title/x"))).find("no \"x\"") != std::string::npos);
    CHECK(only(errors_of(with("no.yaml#/x"))).find("\"docs/no.yaml\": cannot read it") !=
          std::string::npos);
    CHECK(only(errors_of(with("/etc/passwd"))).find("relative") != std::string::npos);
    CHECK(only(errors_of(with("#channels"))).find("expected `#/`") != std::string::npos);
    CHECK(only(errors_of(with(""))).find("the value is empty") != std::string::npos);
    CHECK(only(errors_of(with("a%00b.yaml"))).find("control character") != std::string::npos);
    CHECK(only(errors_of("asyncapi: 3.0.0\ninfo: {title: a}\noperations: {o: {action: send, "
                         "channel: {$ref: [x]}}}\n")) ==
          "docs/a.yaml:3:48: \"$ref\": expected a text, got a list");
}

TEST_CASE("errors in a file are told once, with the place in that file") {
    const std::string two = "asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n"
                            "  o: {action: send, channel: {$ref: 'b.yaml#/c'}}\n"
                            "  p: {action: send, channel: {$ref: 'b.yaml#/c'}}\n";
    CHECK(errors_of(two, {{"docs/b.yaml", "c: {address: 'a b'}\n"}}) ==
          Texts{"docs/b.yaml:1:14: \"address\": expected a topic or pattern, got \"a b\": it holds "
                "a blank"});
    CHECK(errors_of(two, {{"docs/b.yaml", "c: [\n"}}).size() == 1);
    CHECK(errors_of(two, {{"docs/b.yaml", ""}}).size() == 1);
}

TEST_CASE("references that go in a circle, or on for too long, are errors") {
    CHECK(errors_of(with("#/a", "a: {$ref: '#/b'}\nb: {$ref: '#/a'}\n")) ==
          Texts{"docs/a.yaml:7:11: \"$ref\": the reference leads back to itself"});
    std::string chain;
    for (int i = 0; i < 100; ++i)
        chain += "a" + std::to_string(i) + ": {$ref: '#/a" + std::to_string(i + 1) + "'}\n";
    const auto errors = errors_of(with("#/a0", chain));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].find("at most 32 references in a row") != std::string::npos);
}

TEST_CASE("references that fan out cost no more than their bound") {
    // Ten schemas, each of ten times the next one; and very many operations on one large message.
    std::string bomb = "channels: {c: {messages: {m: {payload: {$ref: '#/s0'}}}}}\n";
    for (int i = 0; i < 10; ++i)
        bomb += "s" + std::to_string(i) + ": {properties: {p: {}}, allOf: [" +
                times(10, "{$ref: '#/s" + std::to_string(i + 1) + "'},") + "]}\n";
    CHECK(errors_of(with("#/channels/c", bomb + "s10: {}\n")).empty());

    std::string many = "asyncapi: 3.0.0\ninfo: {title: a}\nchannels: {c: {messages: {m: {payload: "
                       "{properties: {";
    for (int i = 0; i < 3'000; ++i)
        many += "p" + std::to_string(i) + ": {$ref: '#/t'},";
    many += "}}}}}}\nt: {type: string}\noperations:\n";
    for (int i = 0; i < 3'000; ++i)
        many += "  o" + std::to_string(i) + ": {action: send, channel: {$ref: '#/channels/c'}}\n";
    const auto start = std::chrono::steady_clock::now();
    const auto errors = errors_of(many);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
    REQUIRE(!errors.empty());
    CHECK(errors.size() <= 2);
    CHECK(errors[0].find("at most 1000000 values") != std::string::npos);

    Files files;
    std::string wide = "asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n";
    for (int i = 0; i < 1'500; ++i) {
        const auto number = std::to_string(i);
        files["docs/f" + number + ".yaml"] = "address: x\n";
        wide += "  o" + number + ": {action: send, channel: {$ref: 'f" + number + ".yaml'}}\n";
    }
    const auto too_many = errors_of(wide, files);
    REQUIRE(too_many.size() == 500);
    CHECK(too_many[0].find("at most 1000 other files") != std::string::npos);
}
