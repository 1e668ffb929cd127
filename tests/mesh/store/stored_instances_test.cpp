#include "mesh/store/database.hpp"
#include "mesh/store/file_name.hpp"
#include "mesh/store/instance.hpp"
#include "mesh/store/stored_instances.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <string>

using namespace mesh;

TEST_CASE("a file name tells its text again, and what is no such name is told apart") {
    for (const std::string text :
         {"order", "a b", "..", ".x", "a/b", "100 %", "bestellung-für-東京", "x.y_z-1", ""})
        CHECK(text_of_file_name(file_name(text)) == text);
    CHECK(file_name("a/b") == "a%2Fb");
    for (const std::string name : {"%", "%2", "%zz", "%2f", "a/b", "%61", ".x"}) {
        CAPTURE(name);
        CHECK_FALSE(text_of_file_name(name));
    }
}

TEST_CASE("instances that keep data are found by realm, service and name") {
    const tests::StoreFolder folder;
    const auto make = [&](const std::string& realm, const std::string& service) {
        auto instance = Instance::claim(folder.path.string(), realm, service, "");
        REQUIRE(instance);
        const auto data = instance->data_folder();
        REQUIRE(data);
        REQUIRE(Database::open(*data + "/node.db", Sync::normal));
        return std::move(*instance);
    };
    CHECK(stored_instances(folder.path.string(), "shop")->empty());
    const auto first = make("shop", "order service");
    const auto second = make("shop", "order service");
    const auto other = make("elsewhere", "order");
    const auto empty = Instance::claim(folder.path.string(), "shop", "user", "");
    REQUIRE(empty);
    std::ofstream(folder.path.string() + "/shop/stray") << "x";

    const auto found = stored_instances(folder.path.string(), "shop");
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK(found->front().service == "order service");
    CHECK(found->front().name == "1");
    CHECK(found->back().name == "2");
    CHECK(Database::open(found->front().path, Sync::normal));
}
