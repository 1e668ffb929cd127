#include "nodes/cli/json_convert.hpp"
#include "tests/support/catch.hpp"

#include <nlohmann/json.hpp>

#include <random>

namespace {

std::optional<std::string> json_of(std::string_view msgpack) {
    return nodes::json_of_msgpack(mesh::bytes_of(msgpack));
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += part;
    return text;
}

} // namespace

TEST_CASE("msgpack becomes compact JSON with the keys in their order") {
    using namespace std::string_literals;
    CHECK(json_of("\x82\xa1z\x01\xa1"
                  "a\x92\xc0\xc3"s) == R"({"z":1,"a":[null,true]})");
    CHECK(json_of("\xc2"s) == "false");
    CHECK(json_of("\xff"s) == "-1");
    CHECK(json_of("\xcf\xff\xff\xff\xff\xff\xff\xff\xff"s) == "18446744073709551615");
    CHECK(json_of("\xcb\x3f\xf8\0\0\0\0\0\0"s) == "1.5");
    CHECK(json_of("\x80"s) == "{}");
    CHECK(json_of("\x90"s) == "[]");
    CHECK(json_of("\xa2\"\n"s) == R"("\"\n")");
}

TEST_CASE("what JSON has no word for gets the nearest one") {
    using namespace std::string_literals;
    CHECK(json_of("\xc4\x02\xff\xfe"s) == R"("//4=")");    // bytes
    CHECK(json_of("\xcb\x7f\xf8\0\0\0\0\0\0"s) == "null"); // NaN
    CHECK_FALSE(json_of("\xa1\xff"s));                     // broken UTF-8
    CHECK_FALSE(json_of("\x81\xa1\xff\x01"s));             // also in a key
}

TEST_CASE("bytes that are no msgpack become nothing") {
    using namespace std::string_literals;
    for (const auto& bytes : {""s, "\xc1"s, "\x81\x01\x01"s, "\x01\x01"s, "\xdd\xff\xff\xff\xff"s,
                              "\xdb\xff\xff\xff\xff"s})
        CHECK_FALSE(json_of(bytes).has_value());
}

TEST_CASE("msgpack cut at every byte becomes nothing") {
    const std::string json =
        R"({"name":"Zoë","tags":["a",1.25,null,true,-70000],"in":{"x":65536}})";
    const auto bytes = nodes::msgpack_of_json(json);
    REQUIRE(bytes.has_value());
    CHECK(json_of(*bytes) == json);
    for (std::size_t size = 0; size < bytes->size(); ++size)
        CHECK_FALSE(json_of(bytes->substr(0, size)).has_value());
}

TEST_CASE("nesting is bounded in every direction") {
    const auto nested = [](std::size_t depth) {
        return repeated("[", depth) + repeated("]", depth);
    };
    CHECK(nodes::compact_json(nested(nodes::json_depth_max)).has_value());
    CHECK_FALSE(nodes::compact_json(nested(nodes::json_depth_max + 1)).has_value());
    CHECK(nodes::msgpack_of_json(nested(nodes::json_depth_max)).has_value());
    CHECK_FALSE(nodes::msgpack_of_json(nested(nodes::json_depth_max + 1)).has_value());
    CHECK(json_of(repeated("\x91", nodes::json_depth_max) + "\x01").has_value());
    CHECK_FALSE(json_of(repeated("\x91", nodes::json_depth_max + 1) + "\x01").has_value());
    CHECK_FALSE(json_of(repeated("\x91", 1'000'000) + "\x01").has_value());
    CHECK_FALSE(nodes::compact_json(repeated("[", 1'000'000)).has_value());
}

TEST_CASE("JSON becomes the msgpack that others write") {
    // Sizes on both sides of each limit of the format: 15 for fix forms, 65535 for 16 bits.
    for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 65535U, 65536U}) {
        auto array = nlohmann::ordered_json::array();
        auto object = nlohmann::json::object();
        for (std::size_t i = 0; i < size; ++i) {
            array.push_back(i);
            object[std::to_string(i)] = i;
        }
        const auto same = [](const auto& value) {
            const auto expected = std::decay_t<decltype(value)>::to_msgpack(value);
            return nodes::msgpack_of_json(value.dump()) ==
                   std::string(expected.begin(), expected.end());
        };
        INFO(size);
        CHECK(same(array));
        CHECK(same(object));
    }
    CHECK_FALSE(nodes::msgpack_of_json("").has_value());
    CHECK_FALSE(nodes::msgpack_of_json("hello").has_value());
    CHECK_FALSE(nodes::msgpack_of_json("1 2").has_value());
    CHECK_FALSE(nodes::msgpack_of_json("\"\xff\"").has_value());
}

TEST_CASE("an object of very many keys takes no time to speak of") {
    std::string json = "{";
    for (int i = 0; i < 200'000; ++i)
        json += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
    json += '}';
    const auto bytes = nodes::msgpack_of_json(json);
    REQUIRE(bytes.has_value());
    CHECK(json_of(*bytes) == json); // a search per key would take minutes here
}

TEST_CASE("noise never becomes anything but JSON or nothing") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 noise(seed);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes(noise() % 40, '\0');
        for (auto& byte : bytes)
            byte = static_cast<char>(noise());
        if (const auto json = json_of(bytes))
            CHECK(nlohmann::json::accept(*json));
        if (const auto json = nodes::compact_json(bytes))
            CHECK(nlohmann::json::accept(*json));
    }
}
