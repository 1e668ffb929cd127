#include "mesh/store/place_table.hpp"
#include "mesh/store/seen_key_table.hpp"
#include "mesh/store/subscription_table.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <random>
#include <vector>

using mesh::Database;
using mesh::ErrorCode;
using mesh::KnownSubscription;
using mesh::Place;
using mesh::Result;
using tests::StoreFolder;

namespace {

struct File {
    StoreFolder folder;
    std::unique_ptr<Database> database = open();

    std::unique_ptr<Database> open() const {
        return Database::open(folder.file(), mesh::Sync::normal).value();
    }

    void reopen() {
        database.reset();
        database = open();
    }
};

const KnownSubscription audit{"audit/all/1", {"order.>", "user.*"}, 17, 5'000'000, true, false};
const KnownSubscription tool{"tool", {}, 0, 6'000'000, false, false};

} // namespace

TEST_CASE("a publisher knows its subscriptions again after a restart") {
    File file;
    REQUIRE(mesh::SubscriptionTable(*file.database).save(std::vector{tool, audit}));
    auto moved = audit;
    moved.position = 18;
    REQUIRE(mesh::SubscriptionTable(*file.database).save(std::vector{moved}));
    file.reopen();
    mesh::SubscriptionTable table(*file.database);
    CHECK(table.load().value() == std::vector{moved, tool});
    REQUIRE(table.remove("tool"));
    REQUIRE(table.remove("nobody"));
    CHECK(table.load().value() == std::vector{moved});
}

TEST_CASE("a damaged subscription is not forgotten: it begins again at the first event") {
    const File file;
    mesh::SubscriptionTable table(*file.database);
    REQUIRE(table.save(std::vector{audit, tool}));
    REQUIRE(file.database
                ->statement("UPDATE dagmesh_subscriptions SET position = 16401 WHERE position = 17")
                .run());
    const auto loaded = table.load().value();
    REQUIRE(loaded.size() == 2);
    CHECK(loaded[0].is_damaged);
    CHECK(loaded[0].position == 0);
    CHECK(loaded[0].key == audit.key);
    CHECK(loaded[1] == tool);
    REQUIRE(table.save(std::vector{audit}));
    CHECK(table.load().value()[0] == audit);
}

TEST_CASE("saving many is all or nothing") {
    const File file;
    mesh::SubscriptionTable table(*file.database);
    CHECK_FALSE(file.database->transaction([&]() -> Result<void> {
        REQUIRE(table.save(std::vector{audit, tool}));
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(table.load().value().empty());
}

TEST_CASE("a place is kept or gone with what the handler did") {
    File file;
    const auto source = mesh::NodeId::random();
    const auto other = mesh::NodeId::random();
    // An id uses all of its 64 bits.
    const Place first{source, 0xfedcba9876543210U, "create", 7};
    const Place second{other, 1, "create", 9};
    {
        mesh::PlaceTable places(*file.database);
        REQUIRE(places.set(first));
        REQUIRE(places.set(second));
        CHECK_FALSE(file.database->transaction([&]() -> Result<void> {
            REQUIRE(places.set({source, first.journal, "create", 8}));
            return mesh::fail(ErrorCode::invalid, "no");
        }));
    }
    file.reopen();
    mesh::PlaceTable places(*file.database);
    const auto loaded = places.load().value();
    REQUIRE(loaded.size() == 2);
    CHECK((loaded[0] == first || loaded[1] == first));
    CHECK((loaded[0] == second || loaded[1] == second));
    REQUIRE(places.set({source, first.journal, "create", 8}));
    REQUIRE(places.remove("other"));
    CHECK(places.load().value().size() == 2);
    REQUIRE(places.remove("create"));
    CHECK(places.load().value().empty());
}

TEST_CASE("a damaged place is an error that names it") {
    const File file;
    mesh::PlaceTable places(*file.database);
    REQUIRE(places.set({mesh::NodeId::random(), 3, "create", 7}));
    REQUIRE(file.database->statement("UPDATE dagmesh_places SET position = position + 1").run());
    const auto loaded = places.load();
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == ErrorCode::malformed);
    CHECK(loaded.error().detail.find("\"create\"") != std::string::npos);
}

TEST_CASE("no flipped bit makes a wrong place or forgets a subscription") {
    const StoreFolder folder;
    std::vector<KnownSubscription> known;
    std::vector<Place> places;
    for (std::uint64_t i = 0; i < 60; ++i) {
        known.push_back(
            {"service/handler/" + std::to_string(100 + i), {"order.>"}, 1000 + i, i, true});
        mesh::NodeId source;
        source.bytes.fill(std::byte{static_cast<unsigned char>(i)});
        places.push_back({source, i, "handler", 2000 + i});
    }
    {
        const auto database = Database::open(folder.file(), mesh::Sync::normal).value();
        REQUIRE(mesh::SubscriptionTable(*database).save(known));
        mesh::PlaceTable table(*database);
        for (const auto& place : places)
            REQUIRE(table.set(place));
    }
    const auto whole = tests::bytes_of_file(folder.file());
    const std::uint64_t seed = 4;
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    int right = 0;
    int damaged = 0;
    for (int flip = 0; flip < 2000; ++flip) {
        auto bytes = whole;
        const auto at = random() % bytes.size();
        CAPTURE(flip, at);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        tests::write_file(folder.file(), bytes);
        const auto database = Database::open(folder.file(), mesh::Sync::normal);
        if (!database) {
            ++damaged;
            continue;
        }
        const auto loaded_places = mesh::PlaceTable(**database).load();
        if (loaded_places)
            REQUIRE(*loaded_places == places);
        const auto loaded = mesh::SubscriptionTable(**database).load();
        REQUIRE((!loaded || loaded->size() == known.size()));
        for (std::size_t i = 0; loaded && i < known.size(); ++i)
            REQUIRE(((*loaded)[i] == known[i] ||
                     ((*loaded)[i].is_damaged && (*loaded)[i].position == 0)));
        ++(loaded && loaded_places && *loaded == known ? right : damaged);
    }
    CHECK(right > 0);
    CHECK(damaged > 50);
}

TEST_CASE("a key is new once, also after a restart, until it is too old") {
    File file;
    mesh::SeenKeyTableOptions options;
    options.age_max = std::chrono::microseconds(100);
    auto keys = mesh::SeenKeyTable::open(*file.database, options).value();
    CHECK(keys->is_new("a", 1000).value());
    CHECK_FALSE(keys->is_new("a", 1000).value());
    CHECK(keys->is_new("b", 1050).value());
    keys.reset();
    file.reopen();
    keys = mesh::SeenKeyTable::open(*file.database, options).value();
    CHECK(keys->count() == 2);
    CHECK(keys->has("a", 1100).value());
    CHECK_FALSE(keys->has("a", 1101).value());
    CHECK_FALSE(keys->has("c", 1000).value());
    CHECK_FALSE(keys->is_new("a", 1100).value());
    CHECK(keys->is_new("a", 1101).value());
    CHECK_FALSE(keys->is_new("a", 1200).value());
    CHECK(keys->count() == 1); // b was too old
    CHECK(keys->is_new("", 1).error().code == ErrorCode::invalid);
    CHECK(keys->is_new(std::string(1025, 'k'), 1).error().code == ErrorCode::limit);
}

TEST_CASE("of too many keys the oldest go, and a key that was rolled back is new") {
    const File file;
    mesh::SeenKeyTableOptions options;
    options.count_max = 10;
    const auto keys = mesh::SeenKeyTable::open(*file.database, options).value();
    for (int i = 0; i < 25; ++i)
        CHECK(keys->is_new(std::to_string(i), 1).value());
    CHECK(keys->count() == 10);
    CHECK(keys->crowded_out_count() == 15);
    CHECK_FALSE(keys->is_new("15", 1).value());
    CHECK_FALSE(file.database->transaction([&]() -> Result<void> {
        CHECK(keys->is_new("x", 1).value());
        return mesh::fail(ErrorCode::invalid, "no");
    }));
    CHECK(keys->count() == 10);
    CHECK(keys->crowded_out_count() == 15);
    CHECK_FALSE(keys->is_new("15", 1).value());
    CHECK(keys->is_new("x", 1).value());
}
