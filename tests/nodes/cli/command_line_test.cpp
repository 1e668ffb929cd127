#include "nodes/cli/command_line.hpp"
#include "tests/support/catch.hpp"

#include <chrono>

using namespace std::chrono_literals;

namespace {

using Words = std::vector<std::string>;

mesh::Result<nodes::CommandLine> parse(const Words& words,
                                       const nodes::Environment& variables = {}) {
    return nodes::parse_command_line(words, variables);
}

std::string complaint(const Words& words, const nodes::Environment& variables = {}) {
    const auto line = parse(words, variables);
    REQUIRE_FALSE(line.has_value());
    CHECK(line.error().code == mesh::ErrorCode::invalid);
    return line.error().detail;
}

} // namespace

TEST_CASE("global options stand before or after the command") {
    for (const auto& words : {Words{"--realm", "shop", "-q", "sub", "user.>"},
                              Words{"sub", "--realm=shop", "user.>", "-q"},
                              Words{"--realm", "shop", "sub", "user.>", "--quiet"}}) {
        const auto line = parse(words);
        REQUIRE(line.has_value());
        CHECK(line->command->name == "sub");
        CHECK(line->global.realm == "shop");
        CHECK(line->global.is_quiet);
        CHECK(line->positionals == Words{"user.>"});
    }
}

TEST_CASE("the value of a global option is not taken for the command") {
    const auto line = parse({"--realm", "check", "--peer", "sub:1", "nodes"});
    REQUIRE(line.has_value());
    CHECK(line->command->name == "nodes");
    CHECK(line->global.realm == "check");
}

TEST_CASE("every global option reaches its place") {
    const auto line =
        parse({"nodes", "--iface",       "eth0",    "--iface",     "wlan0",       "--peer",
               "a:1",   "--peer",        "[::1]:2", "--listen",    "127.0.0.1:0", "--advertise",
               "me",    "--beacon-port", "7000",    "--no-beacon", "--insecure",  "--instance",
               "left",  "--state",       "/tmp/s",  "--timeout",   "1.5s",        "--format",
               "json",  "--color",       "never",   "-v"});
    REQUIRE(line.has_value());
    const auto& global = line->global;
    CHECK(global.interfaces == Words{"eth0", "wlan0"});
    CHECK(global.peers == std::vector<mesh::Endpoint>{{"a", 1}, {"::1", 2}});
    CHECK(global.listen == mesh::Endpoint{"127.0.0.1", 0});
    CHECK(global.advertise == "me");
    CHECK(global.beacon_port == 7000);
    CHECK(global.is_without_beacon);
    CHECK(global.is_insecure);
    CHECK(global.instance == "left");
    CHECK(global.state_folder == "/tmp/s");
    CHECK(global.timeout == 1500ms);
    CHECK(global.format == nodes::Format::json);
    CHECK(global.color == nodes::Color::never);
    CHECK(global.is_verbose);
    CHECK_FALSE(global.is_quiet);
}

TEST_CASE("each command takes its own options") {
    const auto up = parse({"up", "a.yaml", "b.yaml", "--only", "order,audit", "--for", "10s",
                           "--until", "user", "--log-dir", "logs"});
    REQUIRE(up.has_value());
    CHECK(up->positionals == Words{"a.yaml", "b.yaml"});
    CHECK(up->options.listed("only") == Words{"order", "audit"});
    CHECK(up->options.duration("for") == 10s);
    CHECK(up->options.text("until") == "user");
    CHECK(up->options.text("log-dir") == "logs");

    const auto pub = parse({"pub", "a.b", "-", "-n5", "--rate", "0.5", "--key", "k", "-H", "a:b",
                            "-H", "c:d", "--wait-subs", "0"});
    REQUIRE(pub.has_value());
    CHECK(pub->positionals == Words{"a.b", "-"});
    CHECK(pub->options.number("count") == 5);
    CHECK(pub->options.rate("rate") == 0.5);
    CHECK(pub->options.text("key") == "k");
    CHECK(pub->options.texts("header") == Words{"a:b", "c:d"});
    CHECK(pub->options.number("wait-subs") == 0);

    const auto node = parse({"node", "--service", "s", "--on", "a.*", "b.>", "--emits", "c", "d",
                             "--emits", "e", "--ready-fd", "3", "--tap", "tcp://127.0.0.1:1"});
    REQUIRE(node.has_value());
    CHECK(node->positionals.empty());
    CHECK(node->options.texts("on") == Words{"a.*", "b.>"});
    CHECK(node->options.texts("emits") == Words{"c", "d", "e"});
    CHECK(node->options.number("ready-fd") == 3);
    CHECK(node->options.text("tap") == "tcp://127.0.0.1:1");

    CHECK(parse({"check", "--strict"})->options.has("strict"));
    CHECK(parse({"nodes", "--expect", "3", "--watch"})->options.number("expect") == 3);
    CHECK_FALSE(parse({"nodes"})->options.has("watch"));
}

TEST_CASE("behind two dashes nothing is an option") {
    const auto line = parse({"pub", "a.b", "--", "-5"});
    REQUIRE(line.has_value());
    CHECK(line->positionals == Words{"a.b", "-5"});
}

TEST_CASE("unknown commands and options fail and suggest what was meant") {
    CHECK(complaint({"chek"}) == R"(unknown command "chek"; did you mean "check"?)");
    CHECK(complaint({"frobnicate"}) == R"(unknown command "frobnicate"; see dagmesh --help)");
    CHECK(complaint({"--relm", "x", "nodes"}) ==
          R"(unknown option "--relm"; did you mean "--realm"?)");
    CHECK(complaint({"up", "f", "--untill=x"}) ==
          R"(unknown option "--untill"; did you mean "--until"?)");
    CHECK(complaint({"check", "-z"}) == R"(unknown option "-z")");
}

TEST_CASE("an option is not recognised by its beginning") {
    CHECK(complaint({"check", "--stric"}) ==
          R"(unknown option "--stric"; did you mean "--strict"?)");
}

TEST_CASE("an option of another command, or of a later release, is unknown") {
    for (const auto& words :
         {Words{"check", "--all", "3"}, Words{"graph", "--strict"}, Words{"up", "f", "--crew", "x"},
          Words{"sub", "a", "--crew", "g"}, Words{"node", "--service", "s", "--lines", "d"}})
        CHECK_THAT(complaint(words), Catch::Contains("unknown option"));
}

TEST_CASE("a missing or surplus value or argument is an error") {
    CHECK_THAT(complaint({}), Catch::Contains("expected a command"));
    CHECK_THAT(complaint({"nodes", "--realm"}), Catch::Contains("'--realm' is missing"));
    CHECK_THAT(complaint({"nodes", "--watch=1"}), Catch::Contains("does not take any arguments"));
    CHECK(complaint({"nodes", "--realm", "a", "--realm", "b"}) ==
          "--realm is given more than once");
    CHECK(complaint({"nodes", "--realm", ""}) ==
          R"(--realm: expected a name, got "": it is empty)");
    CHECK(complaint({"node", "f"}) == "node needs --service S");
    CHECK(complaint({"sub"}) == "sub needs an argument; usage: dagmesh sub PATTERN...");
    CHECK(complaint({"nodes", "x"}) == R"(unexpected argument "x"; usage: dagmesh nodes)");
    CHECK_THAT(complaint({"pub", "a", "b", "c"}), Catch::Contains(R"(unexpected argument "c")"));
}

TEST_CASE("a value that is none is refused, naming the option") {
    CHECK(complaint({"nodes", "--timeout", "5"}) ==
          R"(--timeout: expected a duration such as 100ms, 5s or 24h, got "5")");
    CHECK(complaint({"nodes", "--beacon-port", "0"}) ==
          R"(--beacon-port: expected a port from 1 to 65535, got "0")");
    CHECK_THAT(complaint({"nodes", "--beacon-port", "65536"}), Catch::Contains("--beacon-port"));
    CHECK_THAT(complaint({"nodes", "--peer", "here"}), Catch::Contains("expected HOST:PORT"));
    CHECK(complaint({"nodes", "--format", "xml"}) ==
          R"(--format: expected text or json, got "xml")");
    CHECK_THAT(complaint({"nodes", "--color", "red"}), Catch::Contains("auto, always or never"));
    CHECK(complaint({"nodes", "--expect", "-1"}) ==
          R"(--expect: expected a whole number, got "-1")");
    CHECK_THAT(complaint({"pub", "a", "--rate", "0"}), Catch::Contains("above 0"));
    CHECK_THAT(complaint({"pub", "a", "--rate", "nan"}), Catch::Contains("above 0"));
    CHECK_THAT(complaint({"pub", "a", "-n", "many"}), Catch::Contains("--count: expected"));
}

TEST_CASE("help and version need nothing else to be complete") {
    CHECK(parse({"--help"})->wants_help);
    CHECK(parse({"-h"})->command == nullptr);
    CHECK(parse({"--version"})->wants_version);
    const auto line = parse({"node", "--help"});
    REQUIRE(line.has_value());
    CHECK(line->wants_help);
    CHECK(line->command->name == "node");
    CHECK_THAT(complaint({"--help", "--relm"}), Catch::Contains("unknown option"));
}
