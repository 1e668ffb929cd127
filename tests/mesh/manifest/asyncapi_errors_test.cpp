#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

using Texts = std::vector<std::string>;

Texts errors_of(const std::string& text, const std::string& file = "f") {
    Texts lines;
    for (const auto& error : mesh::read_manifest_text(text, file).errors)
        lines.push_back(std::to_string(error.place.line) + ":" +
                        std::to_string(error.place.column) + ": " + error.message);
    return lines;
}

/// The text has exactly one error, at this place, with this part of a message.
void check_error(const std::string& text, const std::string& place, const std::string& message,
                 const std::string& file = "f") {
    CAPTURE(text);
    const auto errors = errors_of(text, file);
    CAPTURE(errors);
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].substr(0, place.size() + 2) == place + ": ");
    CHECK(errors[0].find(message) != std::string::npos);
}

/// A document of version 3 whose operations begin in line 5.
std::string operations(const std::string& text) {
    return "asyncapi: 3.0.0\ninfo: {title: a}\nchannels: {c: {address: a/b}}\noperations:\n" + text;
}

/// A document of version 2 whose channels begin in line 4.
std::string channels(const std::string& text) {
    return "asyncapi: 2.6.0\ninfo: {title: a}\nchannels:\n" + text;
}

const std::string send = "  tell: {action: send, channel: {$ref: '#/channels/c'}}\n";

std::string receive(const std::string& more) {
    return "  hear: {action: receive, channel: {$ref: '#/channels/c'}" + more + "}\n";
}

} // namespace

TEST_CASE("only AsyncAPI 2 and 3 are read") {
    for (const std::string version : {"1.2.0", "4.0.0", "20.0.0", "three", "\"\"", "2x"})
        check_error("asyncapi: " + version + "\ninfo: 5\n", "1:11", "");
    check_error("asyncapi: 1.2.0\n", "1:11",
                "expected a version 2 or 3 such as 3.0.0, got \"1.2.0\"");
    check_error("asyncapi: [2]\n", "1:11", "expected a text, got a list");
    for (const std::string version : {"2.0.0", "2.6.0", "3.0.0", "3.1.0", "3.0", "'2.6.0'"}) {
        CAPTURE(version);
        CHECK(errors_of("asyncapi: " + version + "\ninfo: {title: a}\nchannels: {}\n").empty());
    }
}

TEST_CASE("a service needs a name") {
    check_error("asyncapi: 3.0.0\n", "1:1", "expected \"info\" with a \"title\"");
    check_error("asyncapi: 3.0.0\ninfo: {version: 1}\n", "2:7", "\"x-dagmesh-service\"");
    check_error("asyncapi: 3.0.0\ninfo: {title: '***'}\n", "2:15", "\"x-dagmesh-service\"");
    check_error("asyncapi: 3.0.0\ninfo: {title: [a]}\n", "2:15", "expected a text, got a list");
    check_error("asyncapi: 3.0.0\ninfo: a\n", "2:7", "expected a mapping for \"info\"");
    check_error("asyncapi: 3.0.0\nx-dagmesh-service: a b\n", "2:20", "holds a blank");
}

TEST_CASE("misspelt keys of ours are errors, others are not looked at") {
    check_error("asyncapi: 3.0.0\nx-dagmesh-sevice: a\ninfo: {title: a}\n", "2:1",
                "did you mean \"x-dagmesh-service\"?");
    check_error(operations(receive(", x-dagmesh-emit: []")), "5:60",
                "did you mean \"x-dagmesh-emits\"?");
    check_error(operations("  tell: {action: send, channel: {$ref: '#/channels/c'}, "
                           "x-dagmesh-emits: []}\n"),
                "5:57", "unknown key \"x-dagmesh-emits\" here");
    check_error("asyncapi: 3.0.0\ninfo: {title: a, x-dagmesh-realm: b}\n", "2:18",
                "unknown key \"x-dagmesh-realm\" here");
    check_error(channels("  a: {x-dagmesh-emits: [], publish: {}}\n"), "4:7",
                "unknown key \"x-dagmesh-emits\" here");
    CHECK(errors_of(operations(receive(", x-emits: 5, emits: 6"))).empty());
}

TEST_CASE("x-dagmesh-emits names operations that send") {
    check_error(operations(send + receive(", x-dagmesh-emits: [tel]")), "6:78",
                "there is no operation \"tel\" that sends; did you mean \"tell\"?");
    check_error(operations(send + receive(", x-dagmesh-emits: [tell, hear]")), "6:84",
                "there is no operation \"hear\" that sends");
    check_error(operations(send + receive(", x-dagmesh-emits: {a: b}")), "6:77",
                "expected a text, got a mapping");
    check_error(operations(send + receive(", x-dagmesh-emits: [[a]]")), "6:78", "got a list");
    check_error(channels("  a: {publish: {operationId: x, x-dagmesh-emits: to.x}}\n"
                         "  to/y: {subscribe: {}}\n"),
                "4:50", "there is no operation \"to.x\" that sends; did you mean \"to.y\"?");
    const auto set = mesh::read_manifest_text(
        operations(send + receive(", x-dagmesh-emits: [tell, tell]")), "f");
    CHECK(set.errors.empty());
    REQUIRE(set.realms.at(0).warnings.size() == 1);
    CHECK(mesh::to_string(set.realms[0].warnings[0].place) == "f:6:84");
}

TEST_CASE("an operation of version 3 has an action and a channel of the right form") {
    check_error(operations("  o: {channel: {$ref: '#/channels/c'}}\n"), "5:3",
                "operation \"o\" needs an \"action\"");
    check_error(operations("  o: {action: recieve, channel: {$ref: '#/channels/c'}}\n"), "5:15",
                "did you mean \"receive\"?");
    check_error(operations("  o: {action: send}\n"), "5:3", "operation \"o\" needs a \"channel\"");
    check_error(operations("  o: {action: send, channel: {address: x}}\n"), "5:30",
                "expected a reference");
    check_error(operations("  o: {action: send, channel: c}\n"), "5:30", "expected a mapping");
    check_error(operations("  o: 5\n"), "5:6", "expected a mapping for an operation, got \"5\"");
    check_error(operations(receive(", reply: 5")), "5:67", "expected a mapping for \"reply\"");
    check_error(operations(receive(", messages: {}")), "5:70", "\"messages\": expected a list");
    check_error("asyncapi: 3.0.0\ninfo: {title: a}\noperations: []\n", "3:13", "got a list");
    check_error("asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n", "3:11", "got nothing");
}

TEST_CASE("an address that is no topic is an error at the address") {
    const std::string head = "asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n  o: {action: send, "
                             "channel: {$ref: '#/channels/c d'}}\nchannels:\n  c d: ";
    check_error(head + "{address: a b}\n", "6:18", "it holds a blank");
    check_error(head + "{address: a..b}\n", "6:18", "it has an empty token");
    check_error(head + "{address: /}\n", "6:18", "it holds a blank"); // the key of the channel
    check_error(head + "{address: [a]}\n", "6:18", "expected a text, got a list");
    check_error(head + "{}\n", "4:37", "it holds a blank");
    check_error(channels("  'a b': {publish: {}}\n"), "4:3", "it holds a blank");
}

TEST_CASE("version 2 requires channels, of the right form") {
    check_error("asyncapi: 2.6.0\ninfo: {title: a}\n", "1:1", "expected \"channels\"");
    check_error("asyncapi: 2.6.0\ninfo: {title: a}\nchannels: []\n", "3:11", "got a list");
    check_error(channels("  a: 5\n"), "4:6", "expected a mapping for a channel");
    check_error(channels("  a: {publish: []}\n"), "4:16", "expected a mapping for an operation");
    check_error(channels("  a: {publish: {operationId: []}}\n"), "4:30", "got a list");
}

TEST_CASE("operations that are called the same are errors that name both places") {
    check_error(channels("  a: {publish: {operationId: x}}\n  b: {publish: {operationId: x}}\n"),
                "5:30", "handler \"x\" stands here twice, first at f:4:30");
    check_error(
        channels("  a: {subscribe: {operationId: x}}\n  b: {subscribe: {operationId: x}}\n"),
        "5:32", "operation \"x\" stands here twice, first at f:4:32");
}

TEST_CASE("messages and schemas of a used channel have the right form") {
    const auto message = [](const std::string& text) {
        return channels("  a: {subscribe: {message: " + text + "}}\n");
    };
    check_error(message("5"), "4:28", "expected a mapping for a message");
    check_error(message("{oneOf: 5}"), "4:36", "\"oneOf\": expected a list");
    check_error(message("{payload: 5}"), "4:38", "expected a mapping for a schema, got \"5\"");
    check_error(message("{payload: {properties: []}}"), "4:51", "expected a mapping");
    check_error(message("{payload: {properties: {a: 5}}}"), "4:55", "for a schema, got \"5\"");
    check_error(message("{payload: {properties: {a: {type: {}}}}}"), "4:62", "got a mapping");
    check_error(message("{payload: {allOf: {}}}"), "4:46", "\"allOf\": expected a list");
    CHECK(errors_of(message("{schemaFormat: application/x-protobuf, payload: 'message A {}'}"))
              .empty());
}

TEST_CASE("what is no JSON is an error at its place") {
    const auto check_json = [](const std::string& text, const std::string& place,
                               const std::string& message) {
        check_error(text, place, message, "f.json");
    };
    check_json("{\"asyncapi\": \"3.0.0\",\n\"info\": {\"title\": \"a\",}}", "2:23",
               "not valid JSON");
    check_json("{\"asyncapi\": \"3.0.0\"\n\"info\": 5}", "2:1", "not valid JSON");
    check_json("{\"asyncapi\": 3", "1:15", "not valid JSON");
    check_json("{\"asyncapi\": \"\\ud800\"}", "1:14", "not valid JSON");
    check_json("{\"asyncapi\": \"3.0.0\", \"asyncapi\": \"2.0.0\", \"info\": {\"title\": \"a\"}}",
               "1:23", "duplicate key \"asyncapi\", first at f.json:1:2");
    check_json("", "1:1", "not valid JSON");
    check_json("{} {}", "1:4", "not valid JSON");
    check_json("[1e999]", "1:2", "not valid JSON");
    check_json(std::string(100, '['), "1:65", "64 levels");
    check_json("{\"dagmesh\": 1, \"realm\": null}", "1:16", "\"realm\": the value is empty");
}

TEST_CASE("a service in two documents is a replica when equal, else an error") {
    const std::string one = "asyncapi: 3.0.0\ninfo: {title: a}\n---\n";
    const auto same = mesh::read_manifest_text(one + one, "f");
    CHECK(same.errors.empty());
    CHECK(same.realms.at(0).services.at(0).replicas == 2);
    check_error(one + operations(send), "5:15", "service \"a\" is described differently at f:2:15");
}
