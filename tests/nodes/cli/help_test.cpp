#include "nodes/cli/help.hpp"
#include "tests/support/catch.hpp"

#include <sstream>

namespace {

void check_fits(const std::string& help) {
    std::istringstream lines(help);
    std::string line;
    int line_count = 0;
    while (std::getline(lines, line)) {
        INFO(line);
        CHECK(line.size() <= 100);
        CHECK_FALSE(line.ends_with(' '));
        ++line_count;
    }
    CHECK(line_count <= 40);
    CHECK(help.ends_with('\n'));
}

} // namespace

TEST_CASE("the help of the program fits a screen and names every command and option") {
    const auto help = nodes::help_text();
    check_fits(help);
    for (const auto& command : nodes::commands())
        CHECK_THAT(help, Catch::Contains("\n  " + std::string(command.name)));
    for (const auto& option : nodes::global_options())
        CHECK_THAT(help, Catch::Contains("--" + std::string(option.name)));
}

TEST_CASE("the help of each command fits a screen, names its options and shows an example") {
    for (const auto& command : nodes::commands()) {
        const auto help = nodes::help_text(&command);
        check_fits(help);
        for (const auto& option : command.options)
            CHECK_THAT(help, Catch::Contains("--" + std::string(option.name)));
        CHECK_THAT(help, Catch::Contains("Usage: dagmesh " + std::string(command.name)));
        CHECK_THAT(help, Catch::Contains("\n  dagmesh " + std::string(command.name)));
    }
}

TEST_CASE("descriptions are aligned") {
    const auto help = nodes::help_text(nodes::find_command("up"));
    std::istringstream lines(help);
    std::string line;
    std::vector<std::size_t> columns;
    while (std::getline(lines, line))
        if (line.starts_with("  --"))
            columns.push_back(line.find_first_not_of(' ', line.find("  ", 2)));
    REQUIRE(columns.size() == 5);
    CHECK(columns == std::vector<std::size_t>(5, columns.front()));
}

TEST_CASE("no option of a command hides a global one") {
    for (const auto& command : nodes::commands())
        for (const auto& option : command.options)
            for (const auto& global : nodes::global_options()) {
                CHECK(option.name != global.name);
                CHECK((option.letter == '\0' || option.letter != global.letter));
            }
}

TEST_CASE("the version is one line") {
    CHECK(nodes::version_text() == "dagmesh 0.1.0\n");
}
