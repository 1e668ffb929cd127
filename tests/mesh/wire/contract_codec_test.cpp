#include "mesh/base/hash.hpp"
#include "mesh/wire/control.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>

using namespace mesh;

namespace {

Pattern pattern(std::string_view text) {
    return *Pattern::parse(text);
}

Contract full_contract() {
    Contract contract;
    contract.service = "order";
    contract.publishes = {{pattern("order.>"), pattern("audit")}};
    contract.handlers = {
        {"create",
         {pattern("user.registered"), pattern("user.*.moved")},
         {{pattern("order.created")}},
         {}},
        {"end", {pattern(">")}, std::vector<Pattern>{}, {}},
        {"assumed", {pattern("a")}, std::nullopt, {}},
        {"remember", {}, {{pattern("order.reminded")}}, {pattern("order.created")}},
    };
    contract.loops = {{"create", pattern("order.created"), 3}};
    return contract;
}

} // namespace

TEST_CASE("a contract comes back as it was written, and missing is not empty") {
    Contract bare;
    bare.service = "sub";
    Contract silent = bare;
    silent.publishes = std::vector<Pattern>{};
    for (const auto& contract : {full_contract(), bare, silent}) {
        const auto decoded = decode_contract(bytes_of(encode_contract(contract)));
        REQUIRE(decoded);
        CHECK(*decoded == contract);
    }
    CHECK(encode_contract(bare) != encode_contract(silent));
}

TEST_CASE("a contract has the bytes, and so the hash, that the wire format says") {
    const auto bytes = encode_contract(full_contract());
    CHECK(tests::to_hex(bytes) == tests::golden_hex("contract", bytes));
    CHECK(hash64(bytes) == hash64(tests::golden("contract")));
}

TEST_CASE("a contract with two handlers of one name is malformed") {
    auto contract = full_contract();
    contract.handlers[1].name = "create";
    const auto decoded = decode_contract(bytes_of(encode_contract(contract)));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == ErrorCode::malformed);
}

TEST_CASE("a contract cut off anywhere is malformed") {
    tests::with_cuts(encode_contract(full_contract()), [](const std::string& cut) {
        CAPTURE(cut.size());
        const auto decoded = decode_contract(bytes_of(cut));
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().code == ErrorCode::malformed);
    });
}

TEST_CASE("noise is either refused or a contract that says the same again") {
    const std::uint64_t seed = 20'261'123;
    CAPTURE(seed);
    int accepted = 0;
    tests::with_noise(encode_contract(full_contract()), seed, 10'000,
                      [&](const std::string& bytes) {
                          const auto decoded = decode_contract(bytes_of(bytes));
                          if (!decoded)
                              return;
                          ++accepted;
                          const auto again = decode_contract(bytes_of(encode_contract(*decoded)));
                          REQUIRE(again);
                          REQUIRE(*again == *decoded);
                      });
    CHECK(accepted > 100);
}

TEST_CASE("names in a contract go to terminals and logs, and may not say more than a name") {
    for (const auto* bad : {"\x1b[2J", "a\nb", "\xff"}) {
        Contract contract;
        contract.service = "s";
        contract.handlers = {{bad, {pattern("a")}, std::nullopt, {}}};
        CHECK_FALSE(decode_contract(bytes_of(encode_contract(contract))));
        contract = {};
        contract.service = bad;
        CHECK_FALSE(decode_contract(bytes_of(encode_contract(contract))));
    }
}

TEST_CASE("a contract has a bound on its handlers") {
    Contract contract;
    contract.service = "s";
    for (std::size_t i = 0; i < handlers_max; ++i)
        contract.handlers.push_back({"h" + std::to_string(i), {}, std::nullopt, {}});
    CHECK(decode_contract(bytes_of(encode_contract(contract))));
    contract.handlers.push_back({"one more", {}, std::nullopt, {}});
    CHECK_FALSE(decode_contract(bytes_of(encode_contract(contract))));
}
