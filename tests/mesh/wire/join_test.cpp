#include "mesh/wire/control.hpp"
#include "mesh/wire/join.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random_bytes.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace mesh;

namespace {

NodeId id(std::uint8_t first) {
    NodeId made;
    for (std::size_t i = 0; i < made.bytes.size(); ++i)
        made.bytes[i] = static_cast<std::byte>(first + i);
    return made;
}

ControlMessage message(ControlBody body) {
    return {0xf1f2f3f4f5f6f7f8, id(0xc0), 3, std::move(body)};
}

JoinCycle cycle() {
    return {3,
            {{"a.x", "order.create", "a.*", id(1), 4, false},
             {"b", "payment.charge", "b", id(2), join_epoch_max, true}}};
}

/// One of each kind, with every field set, and the bare ones.
std::vector<std::pair<std::string, ControlMessage>> every_kind() {
    Join told{{7, JoinState::quarantined, 2, {0, 3, 4095}}, {1, 0xfffffffe}, {cycle()}};
    JoinAnswer answer{{3, 7, JoinState::pending, 2},
                      true,
                      {5, JoinState::active, 1, {}},
                      {{id(1), 1}, {id(2), UINT32_MAX}}};
    return {
        {"control_join", message(told)},
        {"control_join_bare", message(Join{})},
        {"control_join_answer", message(answer)},
        {"control_join_answer_bare", message(JoinAnswer{})},
    };
}

bool is_refused(ControlBody body) {
    return !decode_control(bytes_of(encode(message(std::move(body)))));
}

} // namespace

TEST_CASE("what is said while joining comes back as it was written") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        const auto decoded = decode_control(bytes_of(encode(one)));
        REQUIRE(decoded);
        CHECK(*decoded == one);
    }
}

TEST_CASE("what is said while joining has the bytes that the wire format says") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        const auto bytes = encode(one);
        CHECK(tests::to_hex(bytes) == tests::golden_hex(name, bytes));
        const auto decoded = decode_control(bytes_of(tests::golden(name)));
        REQUIRE(decoded);
        CHECK(*decoded == one);
    }
}

TEST_CASE("what is said while joining is malformed when cut off anywhere") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        tests::with_cuts(encode(one), [](const std::string& cut) {
            const auto decoded = decode_control(bytes_of(cut));
            REQUIRE_FALSE(decoded);
            REQUIRE(decoded.error().code == ErrorCode::malformed);
        });
    }
}

TEST_CASE("noise in what is said while joining is refused, or says the same again") {
    const std::uint64_t seed = 20'261'203;
    CAPTURE(seed);
    int accepted = 0;
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        tests::with_noise(encode(one), seed, 2'000, [&](const std::string& bytes) {
            const auto decoded = decode_control(bytes_of(bytes));
            if (!decoded)
                return;
            ++accepted;
            const auto again = decode_control(bytes_of(encode(*decoded)));
            REQUIRE(again);
            REQUIRE(*again == *decoded);
        });
    }
    CHECK(accepted > 100); // flipped numbers are still numbers
}

TEST_CASE("a join within its bounds is taken, one beyond them is not") {
    Join join;
    join.known.assign(join_members_max + 1, 7);
    join.cycles.assign(join_cycles_max, cycle());
    CHECK_FALSE(is_refused(join));
    join.known.push_back(7);
    CHECK(is_refused(join));
    join.known.clear();
    join.cycles.push_back(cycle());
    CHECK(is_refused(join));

    JoinCycle long_cycle{join_steps_max + 1, {}};
    long_cycle.steps.assign(join_steps_max, cycle().steps[0]);
    join.cycles = {long_cycle};
    CHECK_FALSE(is_refused(join));
    join.cycles[0].steps.push_back(cycle().steps[0]);
    CHECK(is_refused(join));
    join.cycles = {{1, cycle().steps}}; // shorter than its steps
    CHECK(is_refused(join));

    JoinAnswer answer;
    answer.mentions.assign(join_members_max, {id(1), 1});
    CHECK_FALSE(is_refused(answer));
    answer.mentions.push_back({id(1), 1});
    CHECK(is_refused(answer));
}

TEST_CASE("a standing has handlers in order and numbers in range") {
    const auto refused = [](Standing standing) {
        Join join;
        join.standing = std::move(standing);
        return is_refused(join);
    };
    CHECK_FALSE(refused({join_epoch_max, JoinState::left, UINT32_MAX, {0, 1, 4095}}));
    CHECK(refused({join_epoch_max + 1, JoinState::left, 0, {}}));
    CHECK(refused({1, static_cast<JoinState>(4), 0, {}}));
    CHECK(refused({1, JoinState::active, 0, {4096}}));
    CHECK(refused({1, JoinState::active, 0, {2, 1}}));
    CHECK(refused({1, JoinState::active, 0, {1, 1}}));
}

TEST_CASE("what a cycle is told with goes to terminals, so it is short plain text") {
    const auto refused = [](auto change) {
        Join join;
        join.cycles = {cycle()};
        change(join.cycles[0].steps[1]);
        return is_refused(join);
    };
    CHECK(refused([](JoinStep& step) { step.event = "a\x1b[2J"; }));
    CHECK(refused([](JoinStep& step) { step.on = std::string(201, 'a'); }));
    CHECK(refused([](JoinStep& step) { step.handler = "not UTF-8: \xff"; }));
    CHECK(refused([](JoinStep& step) { step.handler = std::string(402, 'a'); }));
    CHECK_FALSE(refused([](JoinStep& step) { step.handler = std::string(401, 'a'); }));
}

TEST_CASE("hundred nodes that join at once say little: 470 bytes to ask, 85 to answer") {
    Join join{{2, JoinState::pending, 0, {0, 1, 2}}, {}, {}};
    for (std::uint32_t i = 0; i < 100; ++i)
        join.known.push_back(0xffffffff - i);
    CHECK(encode(message(join)).size() == 470);
    const JoinAnswer answer{{1, 2, JoinState::pending, 3}, false, join.standing, {}};
    CHECK(encode(message(answer)).size() == 85);
}

TEST_CASE("a version of a standing is greater the later it is") {
    const StandingVersion first{1, 1, JoinState::pending, 2};
    CHECK(first < StandingVersion{1, 1, JoinState::active, 0});
    CHECK(StandingVersion{1, 1, JoinState::active, 0} <
          StandingVersion{1, 1, JoinState::quarantined, 1});
    CHECK(StandingVersion{1, 1, JoinState::quarantined, 1} <
          StandingVersion{1, 1, JoinState::quarantined, 2});
    CHECK(StandingVersion{1, 1, JoinState::left, 2} < StandingVersion{1, 2, JoinState::pending, 0});
    CHECK(StandingVersion{1, 9, JoinState::left, 2} < StandingVersion{2, 1, JoinState::pending, 0});
}
