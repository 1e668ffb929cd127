#include "nodes/dead/letter_name.hpp"
#include "nodes/dead/letter_text.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <string>

using namespace nodes;

namespace {

FoundLetter letter(std::string service, std::string instance, std::uint64_t number) {
    FoundLetter made;
    made.service = std::move(service);
    made.instance = std::move(instance);
    made.note.number = number;
    made.note.handler = "create";
    made.note.reason = "failed";
    made.note.error = "no\x1b[2J";
    made.note.attempts = 2;
    made.note.topic = "order.placed";
    made.note.service = "user";
    made.note.path = "user.registered";
    return made;
}

} // namespace

TEST_CASE("a letter is named by its number, or by its place and number") {
    const auto plain = parse_letter_name("12");
    REQUIRE(plain);
    CHECK(plain->number == 12);
    CHECK(plain->service.empty());
    const auto whole = parse_letter_name("order/eu/1/3");
    REQUIRE(whole);
    CHECK(whole->service == "order/eu");
    CHECK(whole->instance == "1");
    CHECK(whole->number == 3);
    for (const std::string text :
         {"", "x", "0", "-1", "order/3", "/1/3", "order//3", "order/1/", "order/1/x", "1.5"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_letter_name(text));
    }
}

TEST_CASE("a number that several nodes have needs its place") {
    const std::vector<FoundLetter> letters{letter("order", "1", 3), letter("order", "2", 3)};
    const auto either = the_one_named(*parse_letter_name("3"), letters);
    REQUIRE_FALSE(either);
    CHECK(either.error().detail.find("order/1/3, order/2/3") != std::string::npos);
    const auto one = the_one_named(*parse_letter_name("order/2/3"), letters);
    REQUIRE(one);
    CHECK(one->instance == "2");
    const auto none = the_one_named(*parse_letter_name("user/1/3"), letters);
    REQUIRE_FALSE(none);
    CHECK(none.error().detail.find("no dead letter user/1/3") != std::string::npos);
    CHECK_FALSE(the_one_named(*parse_letter_name("3"), {}));
}

TEST_CASE("a letter is told with its way, its payload as JSON, and nothing that a terminal obeys") {
    auto one = letter("order", "1", 3);
    one.note.content_type = "application/msgpack";
    one.note.payload = "\x81\xa2id\x07";
    const auto text = letter_text(one);
    CHECK(text.find("user.registered -> order.placed") != std::string::npos);
    CHECK(text.find(R"({"id":7})") != std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(letters_table({one}).find('\x1b') == std::string::npos);
    const auto object = nlohmann::json::parse(whole_letter_json(one, "shop"));
    CHECK(object.at("letter") == "order/1/3");
    CHECK(object.at("path") == nlohmann::json({"user.registered", "order.placed"}));
    CHECK(object.at("event").at("data").at("id") == 7);
    CHECK(object.at("event").at("source") == "/shop/user");
}
