#include "mesh/event/contract.hpp"
#include "tests/support/catch.hpp"

using namespace mesh;

namespace {

std::vector<Pattern> patterns(std::vector<std::string> texts) {
    std::vector<Pattern> all;
    for (const auto& text : texts)
        all.push_back(*Pattern::parse(text));
    return all;
}

} // namespace

TEST_CASE("what a service publishes is what it says, or the union of what its handlers emit") {
    Contract contract;
    CHECK(published_patterns(contract).empty());
    contract.handlers = {{"x", {}, patterns({"b", "a"}), {}},
                         {"y", {}, patterns({"a", "c.*"}), {}},
                         {"z", {}, std::nullopt, {}}};
    CHECK(published_patterns(contract) == patterns({"a", "b", "c.*"}));
    contract.publishes = patterns({"z"});
    CHECK(published_patterns(contract) == patterns({"z"}));
    contract.publishes = std::vector<Pattern>{};
    CHECK(published_patterns(contract).empty());
}

TEST_CASE("a handler that does not say what it emits emits all that its service publishes") {
    Contract contract;
    const HandlerContract silent{"h", {}, std::nullopt, {}};
    const HandlerContract last{"h", {}, std::vector<Pattern>{}, {}};
    const HandlerContract said{"h", {}, patterns({"a"}), {}};
    CHECK(emitted_patterns(contract, silent).empty());
    contract.publishes = patterns({"a", "b"});
    CHECK(emitted_patterns(contract, silent) == patterns({"a", "b"}));
    CHECK(emitted_patterns(contract, last).empty());
    CHECK(emitted_patterns(contract, said) == patterns({"a"}));
}
