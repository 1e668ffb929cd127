#include "mesh/store/database.hpp"
#include "mesh/store/store.hpp"
#include "tests/mesh/store/store_folder.hpp"
#include "tests/support/catch.hpp"

#include <map>

using mesh::Database;
using mesh::Store;
using mesh::StoreError;
using mesh::StoreRow;
using mesh::StoreValue;
using tests::StoreFolder;

namespace {

struct File {
    StoreFolder folder;
    std::unique_ptr<Database> database = Database::open(folder.file(), mesh::Sync::normal).value();
    Store store{*database};

    /// What the statement says when it is refused within a transaction; empty when it is not.
    std::string refusal(const std::string& sql) {
        std::string words;
        store.transaction([&] {
            try {
                store.execute(sql);
            } catch (const StoreError& error) {
                words = error.what();
            }
        });
        return words;
    }
};

} // namespace

TEST_CASE("a store keeps keys and values of any bytes") {
    File file;
    const std::string key("a\0b", 3);
    const std::string value("\xff\x00\x80", 3);
    file.store.transaction([&] {
        file.store.put(key, value);
        file.store.put("empty", "");
        file.store.put("", "of the empty key");
        file.store.put("twice", "1");
        file.store.put("twice", "2");
    });
    CHECK(file.store.get(key) == value);
    CHECK(file.store.get("empty") == "");
    CHECK(file.store.get("") == "of the empty key");
    CHECK(file.store.get("twice") == "2");
    CHECK_FALSE(file.store.get("a"));
    file.store.transaction([&] {
        CHECK(file.store.erase("twice"));
        CHECK_FALSE(file.store.erase("twice"));
    });
    CHECK_FALSE(file.store.get("twice"));
}

TEST_CASE("keys with a prefix come in order, however many, also while the callback writes") {
    File file;
    file.store.transaction([&] {
        for (int i = 0; i < 1000; ++i)
            file.store.put("order/" + std::to_string(10'000 + i), std::to_string(i));
        file.store.put("orders", "not one of them");
        file.store.put("ordep", "not one of them");
    });
    int next = 0;
    file.store.transaction([&] {
        file.store.each("order/", [&](std::string_view key, std::string_view value) {
            CHECK(key == "order/" + std::to_string(10'000 + next));
            CHECK(value == std::to_string(next));
            file.store.erase(key);
            ++next;
        });
    });
    CHECK(next == 1000);
    int left = 0;
    file.store.each("", [&](std::string_view, std::string_view) { ++left; });
    CHECK(left == 2);
}

TEST_CASE("what is written in a transaction that throws is gone") {
    File file;
    CHECK_THROWS_AS(file.store.transaction([&] {
        file.store.put("a", "1");
        file.store.execute("CREATE TABLE orders(number INTEGER PRIMARY KEY)");
        throw std::runtime_error("no");
    }),
                    std::runtime_error);
    CHECK_FALSE(file.store.get("a"));
    CHECK_THROWS_AS(file.store.query("SELECT * FROM orders"), StoreError);
}

TEST_CASE("outside a transaction a store is read only") {
    File file;
    file.store.transaction([&] {
        file.store.put("a", "1");
        file.store.execute("CREATE TABLE orders(number INTEGER PRIMARY KEY)");
    });
    CHECK_THROWS_AS(file.store.put("a", "2"), StoreError);
    CHECK_THROWS_AS(file.store.erase("a"), StoreError);
    CHECK_THROWS_WITH(file.store.execute("INSERT INTO orders VALUES(1)"),
                      Catch::Contains("expected a transaction"));
    CHECK_THROWS_AS(file.store.execute("DROP TABLE orders"), StoreError);
    CHECK_THROWS_AS(file.store.execute("VACUUM"), StoreError);
    CHECK(file.store.get("a") == "1");
    CHECK(file.store.query("SELECT count(*) FROM orders")[0][0].integer() == 0);
}

TEST_CASE("SQL takes and gives null, whole numbers, numbers, text and bytes") {
    File file;
    const StoreValue::Blob blob = {std::byte{0}, std::byte{255}};
    const StoreRow row = {nullptr, std::int64_t{-5}, 2.5, std::string("t\0x", 3), blob};
    file.store.transaction([&] {
        CHECK(file.store.execute("CREATE TABLE things(a, b, c, d, e)") == 0);
        CHECK(file.store.execute("INSERT INTO things VALUES(?, ?, ?, ?, ?)", row) == 1);
        CHECK(file.store.execute("INSERT INTO things VALUES(1, 2, 3, '', x'')") == 1);
        CHECK(file.store.execute("UPDATE things SET a = ? WHERE b = ?", {"tea", -5}) == 1);
        CHECK(file.store.execute("UPDATE things SET a = 1 WHERE b = 99") == 0);
    });
    const auto rows = file.store.query("SELECT * FROM things ORDER BY b");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == StoreRow{"tea", -5, 2.5, std::string("t\0x", 3), blob});
    CHECK(rows[1] == StoreRow{1, 2, 3, "", StoreValue::Blob()});
    CHECK(rows[0][1].number() == -5.0);
    CHECK(rows[0][0].text() == "tea");
    CHECK(rows[0][4].bytes() == blob);
    CHECK_THROWS_WITH(rows[0][0].integer(), "expected a whole number, got text");
    CHECK(file.store.query("SELECT NULL")[0][0].is_null());
}

TEST_CASE("what is wrong with SQL is said in SQLite's words") {
    File file;
    CHECK_THROWS_WITH(file.store.query("SELEC 1"), Catch::Contains("near \"SELEC\": syntax error"));
    CHECK_THROWS_WITH(file.store.query("SELECT * FROM nowhere"),
                      Catch::Contains("no such table: nowhere"));
    CHECK_THROWS_WITH(file.store.query("SELECT ?"), Catch::Contains("expected 1 values, got 0"));
    CHECK_THROWS_WITH(file.store.query("SELECT 1; SELECT 2"),
                      Catch::Contains("expected one statement"));
    CHECK_THROWS_WITH(file.store.query(""), Catch::Contains("expected one statement"));
    CHECK(file.store.query("SELECT 1; ").size() == 1);
    file.store.transaction([&] {
        file.store.execute("CREATE TABLE orders(number INTEGER PRIMARY KEY)");
        file.store.execute("INSERT INTO orders VALUES(1)");
        // One statement fails, the transaction goes on.
        CHECK_THROWS_WITH(file.store.execute("INSERT INTO orders VALUES(1)"),
                          Catch::Contains("UNIQUE constraint failed: orders.number"));
        file.store.execute("INSERT INTO orders VALUES(2)");
    });
    CHECK(file.store.query("SELECT * FROM orders").size() == 2);
}

TEST_CASE("other files, transactions, settings and the mesh's own tables are refused") {
    File file;
    const auto other = file.folder.file("other.db");
    for (const auto& sql : {
             "ATTACH '" + other + "' AS other",
             "VACUUM INTO '" + other + "'",
             std::string("DETACH main"),
             std::string("BEGIN"),
             std::string("COMMIT"),
             std::string("ROLLBACK"),
             std::string("SAVEPOINT s"),
             std::string("RELEASE dagmesh"),
             std::string("ROLLBACK TO dagmesh"),
             std::string("PRAGMA journal_mode = DELETE"),
             std::string("PRAGMA synchronous = OFF"),
             std::string("PRAGMA synchronous"),
             std::string("PRAGMA writable_schema = ON"),
             std::string("PRAGMA wal_checkpoint"),
             std::string("PRAGMA user_version = 7"),
             std::string("SELECT * FROM pragma_wal_checkpoint"),
             std::string("SELECT * FROM dagmesh_journal"),
             std::string("SELECT count(*) FROM DAGMESH_PLACES"),
             std::string("SELECT (SELECT position FROM \"dagmesh_places\")"),
             std::string("DELETE FROM dagmesh_journal"),
             std::string("INSERT INTO dagmesh_values VALUES('a', 'b', 1)"),
             std::string("UPDATE dagmesh_places SET position = 0"),
             std::string("DROP TABLE dagmesh_places"),
             std::string("ALTER TABLE dagmesh_places RENAME TO mine"),
             std::string("CREATE TABLE dagmesh_more(a)"),
             std::string("CREATE INDEX mine ON dagmesh_places(position)"),
             std::string("CREATE TRIGGER mine AFTER INSERT ON dagmesh_places BEGIN SELECT 1; END"),
             std::string("ANALYZE"),
             std::string("UPDATE sqlite_schema SET sql = ''"),
             std::string("SELECT load_extension('x')"),
         }) {
        CAPTURE(sql);
        CHECK_FALSE(file.refusal(sql).empty());
    }
    CHECK_FALSE(std::filesystem::exists(other));
    // A view is no way around: it is judged when it is used.
    file.refusal("CREATE VIEW mine AS SELECT * FROM dagmesh_places");
    CHECK_FALSE(file.refusal("SELECT * FROM mine").empty());
    for (const auto* sql :
         {"CREATE TABLE a(n INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)",
          "CREATE INDEX by_b ON a(b)", "INSERT INTO a(b) VALUES(1), (2)",
          "CREATE TRIGGER more AFTER INSERT ON a BEGIN DELETE FROM a; END",
          "WITH w AS (SELECT n FROM a) SELECT sum(n) OVER () FROM w", "ALTER TABLE a ADD COLUMN c",
          "ALTER TABLE a RENAME TO z", "PRAGMA table_info(z)", "SELECT name FROM sqlite_schema",
          "CREATE TEMP TABLE t AS SELECT * FROM z", "DROP TABLE z"}) {
        CAPTURE(sql);
        CHECK(file.refusal(sql).empty());
    }
}

TEST_CASE("a statement that ends the transaction makes it fail as a whole") {
    File file;
    file.store.transaction([&] {
        file.store.execute("CREATE TABLE orders(number INTEGER PRIMARY KEY)");
        file.store.execute("INSERT INTO orders VALUES(1)");
    });
    CHECK_THROWS_AS(file.store.transaction([&] {
        file.store.put("a", "1");
        CHECK_THROWS_AS(file.store.execute("INSERT OR ROLLBACK INTO orders VALUES(1)"), StoreError);
        CHECK_THROWS_AS(file.store.put("b", "1"), StoreError);
        CHECK_THROWS_AS(file.store.execute("INSERT INTO orders VALUES(2)"), StoreError);
    }),
                    StoreError);
    CHECK_FALSE(file.store.get("a"));
    CHECK_FALSE(file.store.get("b"));
    CHECK(file.store.query("SELECT * FROM orders").size() == 1);
    file.store.transaction([&] { file.store.put("b", "1"); });
    CHECK(file.store.get("b") == "1");
}

TEST_CASE("a damaged value is an error and not a value") {
    File file;
    file.store.transaction([&] { file.store.put("a", "1"); });
    REQUIRE(file.database->statement("UPDATE dagmesh_values SET value = x'32'").run());
    CHECK_THROWS_WITH(file.store.get("a"), Catch::Contains("the value of \"a\" is damaged"));
    CHECK_THROWS_AS(file.store.each("", [](std::string_view, std::string_view) {}), StoreError);
}

TEST_CASE("more SQL texts than are kept prepared all work") {
    File file;
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 150; ++i)
            CHECK(file.store.query("SELECT " + std::to_string(i))[0][0].integer() == i);
}
