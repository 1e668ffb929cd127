#include "mesh/wire/control.hpp"
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

LetterNote letter() {
    LetterNote made;
    made.number = 7;
    made.handler = "create";
    made.reason = "failed";
    made.error = "cannot be done";
    made.attempts = 3;
    made.died_us = 1'000'001;
    made.topic = "order.placed";
    made.id = {id(0x10), 2, 99};
    made.service = "user";
    made.time_us = 1'000'000;
    made.key = "k\xff";
    made.is_damaged = true;
    made.payload_size_bytes = 5;
    made.content_type = "text/plain";
    made.headers = std::string("\x81\xa1n\xa1v", 5);
    Cause cause;
    cause.event = {id(0x20), 4, 98};
    for (std::size_t i = 0; i < cause.trace.size(); ++i)
        cause.trace[i] = static_cast<std::byte>(i);
    cause.rank = 300;
    cause.rounds = 2;
    made.cause = cause;
    made.path = "user.registered";
    made.payload = "hello";
    return made;
}

Answer whole_answer() {
    Answer made;
    made.number = 11;
    made.error = "why not";
    made.is_unknown = true;
    made.is_more = true;
    made.letters = {letter()};
    made.sent = {{id(0x30),
                  5,
                  "create",
                  "order/create/1@30313233",
                  true,
                  "user.registered",
                  10,
                  2,
                  {1, 2, 3, 4}}};
    made.handled = {{id(0x40), 6, "create", true, "user.registered", 8, 1, 1, 2, 4}};
    made.figures = {{"letters", 1}, {"lost", 10}};
    return made;
}

std::vector<std::pair<std::string, ControlMessage>> every_kind() {
    return {
        {"control_question",
         message(Question{9, Question::Kind::retry, "create", "order.>", "failed", 7, 500})},
        {"control_question_cut",
         message(
             Question{9, Question::Kind::cut, {}, {}, {}, 0, 0, {id(0x30), id(0x40)}, 2'500'000})},
        {"control_answer", message(whole_answer())},
        {"control_answer_bare", message(Answer{})},
        {"control_reply", message(Reply{12, "order.create", true, "text/plain", "cannot be done"})},
    };
}

} // namespace

TEST_CASE("questions, answers and replies come back as they were written") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        const auto bytes = encode(one);
        const auto decoded = decode_control(bytes_of(bytes));
        REQUIRE(decoded);
        CHECK(*decoded == one);
        CHECK(tests::to_hex(bytes) == tests::golden_hex(name, bytes));
    }
}

TEST_CASE("questions, answers and replies cut off anywhere are malformed") {
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        tests::with_cuts(encode(one), [](const std::string& cut) {
            const auto decoded = decode_control(bytes_of(cut));
            REQUIRE_FALSE(decoded);
            REQUIRE(decoded.error().code == ErrorCode::malformed);
        });
    }
}

TEST_CASE("noise is either refused or an answer that says the same again") {
    const std::uint64_t seed = 20'261'120;
    CAPTURE(seed);
    for (const auto& [name, one] : every_kind()) {
        CAPTURE(name);
        int accepted = 0;
        tests::with_noise(encode(one), seed, 2'000, [&](const std::string& bytes) {
            const auto decoded = decode_control(bytes_of(bytes));
            if (!decoded)
                return;
            ++accepted;
            const auto again = decode_control(bytes_of(encode(*decoded)));
            REQUIRE(again);
            REQUIRE(*again == *decoded);
        });
        CHECK(accepted > 0);
    }
}

TEST_CASE("what is beyond the bounds of a question or an answer is malformed") {
    const auto refused = [](ControlBody body) {
        return !decode_control(bytes_of(encode(message(std::move(body)))));
    };
    CHECK(
        refused(Question{1, static_cast<Question::Kind>(Question::kind_count), {}, {}, {}, 0, 0}));
    CHECK(refused(Question{1, Question::Kind::letters, "a\x1b[2J", {}, {}, 0, 0}));
    CHECK(refused(Question{1, Question::Kind::letters, {}, std::string(201, 'a'), {}, 0, 0}));
    const auto refused_cut = [&](std::size_t nodes, std::uint64_t time_us) {
        return refused(Question{
            1, Question::Kind::cut, {}, {}, {}, 0, 0, std::vector<mesh::NodeId>(nodes), time_us});
    };
    CHECK_FALSE(refused_cut(mesh::cut_nodes_max, mesh::cut_time_us_max));
    CHECK(refused_cut(mesh::cut_nodes_max + 1, 1));
    CHECK(refused_cut(1, mesh::cut_time_us_max + 1));
    const auto refused_letter = [&](auto change) {
        auto answer = whole_answer();
        change(answer.letters.front());
        return refused(answer);
    };
    CHECK_FALSE(refused_letter([](LetterNote&) {}));
    CHECK(refused_letter([](LetterNote& one) { one.handler = "a\nb"; }));
    CHECK(refused_letter([](LetterNote& one) { one.topic = std::string(201, 't'); }));
    CHECK(refused_letter(
        [](LetterNote& one) { one.error = std::string(letter_error_size_bytes_max + 1, 'e'); }));
    CHECK(refused_letter([](LetterNote& one) { one.key = std::string(257, 'k'); }));
    CHECK(refused_letter([](LetterNote& one) {
        one.payload = std::string(answer_payload_size_bytes_max + 1, 'p');
    }));
    auto many = Answer{};
    many.letters.assign(answer_letters_max + 1, {});
    CHECK(refused(many));
    many = {};
    for (std::size_t i = 0; i <= answer_figures_max; ++i)
        many.figures["f" + std::to_string(i)] = i;
    CHECK(refused(many));
    CHECK(refused(Reply{1, {}, false, {}, std::string(reply_payload_size_bytes_max + 1, 'p')}));
    CHECK_FALSE(refused(Reply{1, {}, false, {}, std::string(reply_payload_size_bytes_max, 'p')}));
}
