#include "nodes/cli/command_line.hpp"
#include "nodes/cli/global_options.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace {

using Words = std::vector<std::string>;

/// A file that is gone with the test.
class ConfigFile {
public:
    explicit ConfigFile(const std::string& text)
        : path_(std::filesystem::temp_directory_path() /
                ("dagmesh-config-" + std::to_string(getpid()))) {
        std::ofstream(path_) << text;
    }

    ConfigFile(const ConfigFile&) = delete;
    ConfigFile& operator=(const ConfigFile&) = delete;

    ~ConfigFile() { std::filesystem::remove(path_); }

    std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

nodes::GlobalOptions parse(const Words& words, const nodes::Environment& variables = {}) {
    const auto line = nodes::parse_command_line(words, variables);
    INFO((line ? "" : line.error().detail));
    REQUIRE(line.has_value());
    return line->global;
}

std::string complaint(const Words& words, const nodes::Environment& variables = {}) {
    const auto line = nodes::parse_command_line(words, variables);
    REQUIRE_FALSE(line.has_value());
    return line.error().detail;
}

} // namespace

TEST_CASE("an option wins over the environment, and that over the configuration file") {
    const ConfigFile file("beacon-port = 1\nadvertise = file # a comment\ninstance = file\n");
    const auto options = parse({"nodes", "--beacon-port", "3", "--config", file.path()},
                               {{"DAGMESH_BEACON_PORT", "2"}, {"DAGMESH_ADVERTISE", "variable"}});
    CHECK(options.beacon_port == 3);
    CHECK(options.advertise == "variable");
    CHECK(options.instance == "file");
}

TEST_CASE("the realm's order is option, environment, manifest, configuration file, default") {
    const ConfigFile file("realm = file\n");
    const nodes::Environment with_file{{"DAGMESH_CONFIG", file.path()}};
    auto with_both = with_file;
    with_both["DAGMESH_REALM"] = "variable";

    CHECK(parse({"nodes", "--realm", "option"}, with_both).realm_beside("manifest") == "option");
    CHECK(parse({"nodes"}, with_both).realm_beside("manifest") == "variable");
    CHECK(parse({"nodes"}, with_file).realm_beside("manifest") == "manifest");
    CHECK(parse({"nodes"}, with_file).realm_beside("") == "file");
    CHECK(parse({"nodes"}).realm_beside("") == "default");
    CHECK_FALSE(parse({"nodes"}, with_file).realm.has_value());
    CHECK(parse({"nodes"}, with_file).config_realm == "file");
}

TEST_CASE("a repeatable option is listed with commas in the environment and by lines in a file") {
    CHECK(parse({"nodes"}, {{"DAGMESH_IFACE", "a,b,"}}).interfaces == Words{"a", "b"});
    CHECK(parse({"nodes"}, {{"DAGMESH_PEER", "a:1,b:2"}}).peers.size() == 2);
    CHECK(parse({"nodes"}, {{"DAGMESH_PEER", ","}}).peers.empty());
    const ConfigFile file("peer = a:1\npeer = b:2\n");
    CHECK(parse({"nodes", "--config", file.path()}).peers ==
          std::vector<mesh::Endpoint>{{"a", 1}, {"b", 2}});
}

TEST_CASE("a flag in the environment can be off, and then wins over the file") {
    const ConfigFile file("no-beacon = true\ninsecure = yes\n");
    const auto options =
        parse({"nodes"}, {{"DAGMESH_CONFIG", file.path()}, {"DAGMESH_NO_BEACON", "0"}});
    CHECK_FALSE(options.is_without_beacon);
    CHECK(options.is_insecure);
    CHECK(parse({"nodes"}, {{"DAGMESH_NO_BEACON", "1"}}).is_without_beacon);
}

TEST_CASE("an empty variable and variables of others count as absent") {
    const auto options = parse(
        {"nodes"},
        {{"DAGMESH_REALM", ""}, {"DAGMESH_SERVICE", "x"}, {"DAGMESH_HELP", "1"}, {"REALM", "x"}});
    CHECK_FALSE(options.realm.has_value());
}

TEST_CASE("a bad value names the variable or the file it came from") {
    CHECK(complaint({"nodes"}, {{"DAGMESH_TIMEOUT", "soon"}}) ==
          R"(DAGMESH_TIMEOUT: expected a duration such as 100ms, 5s or 24h, got "soon")");
    CHECK(complaint({"nodes"}, {{"DAGMESH_NO_BEACON", "maybe"}}) ==
          R"(DAGMESH_NO_BEACON: expected true or false, got "maybe")");
    const ConfigFile file("color = red\n");
    CHECK(complaint({"nodes", "--config", file.path()}) ==
          file.path() + R"(: color: expected auto, always or never, got "red")");
}

TEST_CASE("a configuration file with a mistake is refused, naming it") {
    const auto refused = [](const std::string& text) {
        const ConfigFile file(text);
        const auto detail = complaint({"nodes", "--config", file.path()});
        CHECK_THAT(detail, Catch::StartsWith(file.path() + ": "));
        return detail.substr(file.path().size() + 2);
    };
    CHECK(refused("relm = x\n") == R"(unknown name "relm"; did you mean "realm"?)");
    CHECK_THAT(refused("realm\n"), Catch::Contains("realm"));
    CHECK_THAT(refused("help = true\n"), Catch::Contains("unknown name"));
    CHECK_THAT(refused("config = x\n"), Catch::Contains("unknown name"));
    CHECK_THAT(refused("realm = a\nrealm = b\n"), Catch::Contains("more than once"));
    CHECK(complaint({"nodes", "--config", "/no/such/file"}) ==
          R"(cannot read the configuration file "/no/such/file")");
    CHECK(complaint({"nodes", "--config", "/"}) == R"(cannot read the configuration file "/")");
}

TEST_CASE("children see every option that was set, from wherever it came") {
    const ConfigFile file("realm = file\niface = eth0\ninsecure = true\n");
    const auto variables = parse({"nodes", "--peer", "a:1", "--peer", "[::1]:2", "--state", "here",
                                  "--timeout", "1.5s", "--config", file.path()},
                                 {{"DAGMESH_BEACON_PORT", "7000"}})
                               .for_children();
    CHECK(variables ==
          nodes::Environment{{"DAGMESH_PEER", "a:1,[::1]:2"},
                             {"DAGMESH_IFACE", "eth0"},
                             {"DAGMESH_INSECURE", "1"},
                             {"DAGMESH_BEACON_PORT", "7000"},
                             {"DAGMESH_STATE", (std::filesystem::current_path() / "here").string()},
                             {"DAGMESH_TIMEOUT", "1500000000ns"}});
    // And a child that reads them has the same options.
    CHECK(parse({"nodes"}, variables).for_children() == variables);
}

TEST_CASE("colour is for terminals, unless somebody decides otherwise") {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    using nodes::Color;
    CHECK_FALSE(nodes::has_color(Color::automatic, ends[1], {}));
    CHECK(nodes::has_color(Color::always, ends[1], {{"NO_COLOR", "1"}}));
    CHECK_FALSE(nodes::has_color(Color::never, ends[1], {}));
    close(ends[0]);
    close(ends[1]);
}
