#include "mesh/graph/longest_chain.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace mesh;

namespace {

std::vector<Pattern> patterns(const std::vector<std::string>& texts) {
    std::vector<Pattern> all;
    for (const auto& text : texts)
        all.push_back(*Pattern::parse(text));
    return all;
}

Contract relay(const std::string& name, const std::vector<std::string>& on,
               const std::vector<std::string>& emits) {
    return {name, std::nullopt, {{"h", patterns(on), patterns(emits), {}}}, {}};
}

} // namespace

TEST_CASE("the longest chain counts the handlers that an event can pass") {
    CHECK(longest_chain({}) == 0);
    std::vector<Contract> chain;
    for (int i = 0; i < 50; ++i)
        chain.push_back(relay("s" + std::to_string(i), {"t." + std::to_string(i)},
                              {"t." + std::to_string(i + 1)}));
    CHECK(longest_chain(chain) == 50);
    chain.push_back(relay("short", {"t.*"}, {"end"}));
    CHECK(longest_chain(chain) == 51);
    chain.erase(chain.begin() + 25);
    CHECK(longest_chain(chain) == 26); // 0 to 24, and the wildcard
}

TEST_CASE("an allowed loop edge does not prolong the chain, and a cycle counts each handler once") {
    auto back = relay("back", {"b"}, {"a"});
    const auto forth = relay("forth", {"a"}, {"b"});
    CHECK(longest_chain(std::vector{back, forth}) == 2);
    back.loops.push_back({"h", *Pattern::parse("a"), 3});
    CHECK(longest_chain(std::vector{back, forth, relay("on", {"b"}, {"c"})}) == 2);
}
