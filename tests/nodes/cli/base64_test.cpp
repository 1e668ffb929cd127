#include "nodes/cli/base64.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("base64 follows the test vectors of RFC 4648, section 10") {
    const auto encode = [](std::string_view text) {
        return nodes::base64_of(mesh::bytes_of(text));
    };
    CHECK(encode("").empty());
    CHECK(encode("f") == "Zg==");
    CHECK(encode("fo") == "Zm8=");
    CHECK(encode("foo") == "Zm9v");
    CHECK(encode("foob") == "Zm9vYg==");
    CHECK(encode("fooba") == "Zm9vYmE=");
    CHECK(encode("foobar") == "Zm9vYmFy");
    CHECK(encode("\xff\xfe\xfd\xfc") == "//79/A==");
}
