#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace {

/// A text without errors, of one realm.
mesh::RealmManifest read_good(const std::string& text) {
    auto set = mesh::read_manifest_text(text, "dir/a.mesh.yaml");
    for (const auto& error : set.errors)
        UNSCOPED_INFO(mesh::to_string(error.place) << ": " << error.message);
    REQUIRE(set.errors.empty());
    REQUIRE(set.realms.size() == 1);
    return std::move(set.realms.front());
}

const std::string whole = R"(dagmesh: 1
realm: shop
x-note: {ignored: [1, 2]}
events:
  user.registered:
    level: once
    fields: {user_id: int, email: {type: str, redact: true}}
    entry: true
  order.created: {level: durable, key: order.id, terminal: true}
  "audit.>": {level: fast, compress: 4KiB}
services:
  user:
    publishes: [user.registered]
    run: ["./user", "", "-v"]
    speaks: mesh
  order:
    run: python3 -u order.py
    speaks: lines
    cwd: ../bin
    env: {LANG: C.UTF-8, EMPTY: "", N: 1.5}
    restart: on-failure
    replicas: 3
    handlers:
      create:
        on: user.registered
        emits: [order.created, "order.{id}.paid"]
        workers: 4
        order: by-key
        policy: drop-oldest
        group: each
        retry: {attempts: 5, backoff: 100ms..5s}
      remember:
        every: 24h
        after: [order.created]
        emits: [order.reminded]
    loops:
      - edge: {handler: create, emits: order.created}
        max_rounds: 3
        reason: a failed payment is retried
        until: 2028-02-29
rules:
  - {from: "billing.>", must_not_reach: "user.secret.>"}
  - {event: order.created, max_fan_out: 8}
)";

} // namespace

TEST_CASE("a manifest holds everything that its text says") {
    const auto realm = read_good(whole);
    CHECK(realm.realm == "shop");
    CHECK(realm.warnings.empty());

    REQUIRE(realm.events.size() == 3);
    CHECK(realm.events[0].name.text() == "audit.>");
    CHECK(realm.events[0].level == mesh::Level::fast);
    CHECK(realm.events[0].compress_from_bytes == 4096);
    CHECK(realm.events[1].name.text() == "order.created");
    CHECK(realm.events[1].level == mesh::Level::durable);
    CHECK(realm.events[1].key == "order.id");
    CHECK(realm.events[1].is_terminal);
    CHECK_FALSE(realm.events[1].is_entry);
    CHECK_FALSE(realm.events[1].compress_from_bytes);
    CHECK(realm.events[2].level == mesh::Level::once);
    CHECK(realm.events[2].is_entry);
    REQUIRE(realm.events[2].fields.size() == 2);
    CHECK(realm.events[2].fields[0].name == "user_id");
    CHECK(realm.events[2].fields[0].type == "int");
    CHECK(realm.events[2].fields[1].is_redacted);
    CHECK(mesh::to_string(realm.events[2].place) == "dir/a.mesh.yaml:5:3");

    REQUIRE(realm.services.size() == 2);
    const auto& order = realm.services[0];
    CHECK(order.contract.service == "order");
    CHECK_FALSE(order.contract.publishes);
    CHECK(order.run == std::vector<std::string>{"sh", "-c", "python3 -u order.py"});
    CHECK(order.speaks == mesh::Speaks::lines);
    CHECK(order.cwd == "bin");
    CHECK(order.environment ==
          std::map<std::string, std::string>{{"EMPTY", ""}, {"LANG", "C.UTF-8"}, {"N", "1.5"}});
    CHECK(order.restart == mesh::Restart::on_failure);
    CHECK(order.replicas == 3);
    CHECK(mesh::to_string(order.place) == "dir/a.mesh.yaml:16:3");
    const auto& user = realm.services[1];
    CHECK(user.run == std::vector<std::string>{"./user", "", "-v"});
    CHECK(user.speaks == mesh::Speaks::mesh);
    CHECK(user.cwd == "dir");
    CHECK(user.restart == mesh::Restart::no);
    CHECK(mesh::to_string(user.publishes_places.at(0)) == "dir/a.mesh.yaml:13:17");

    REQUIRE(realm.rules.size() == 2);
    CHECK(realm.rules[0].must_not_reach->text() == "user.secret.>");
    CHECK(realm.rules[1].max_fan_out == 8U);
}

TEST_CASE("a handler is read into its contract and its manifest, with places side by side") {
    const auto realm = read_good(whole);
    const auto& order = realm.services[0];
    REQUIRE(order.contract.handlers.size() == 2);
    REQUIRE(order.handlers.size() == 2);
    const auto& create = order.contract.handlers[0];
    CHECK(create.on.at(0).text() == "user.registered");
    REQUIRE(create.emits);
    CHECK(create.emits->at(1).text() == "order.*.paid");
    const auto& lane = order.handlers[0];
    CHECK(lane.name == "create");
    CHECK(lane.workers == 4);
    CHECK(lane.order == mesh::LaneOrder::by_key);
    CHECK(lane.policy == mesh::Policy::drop_oldest);
    CHECK(lane.group == mesh::GroupMode::each);
    CHECK(lane.retry.attempts == 5);
    CHECK(lane.retry.backoff_min == 100ms);
    CHECK(lane.retry.backoff_max == 5s);
    CHECK(mesh::to_string(lane.place) == "dir/a.mesh.yaml:24:7");
    CHECK(mesh::to_string(lane.on_places.at(0)) == "dir/a.mesh.yaml:25:13");
    CHECK(mesh::to_string(lane.emits_places.at(1)) == "dir/a.mesh.yaml:26:32");
    const auto& timer = order.contract.handlers[1];
    CHECK(timer.on.empty());
    CHECK(timer.after.at(0).text() == "order.created");
    CHECK(order.handlers[1].every == 24h);
    CHECK(mesh::to_string(order.handlers[1].after_places.at(0)) == "dir/a.mesh.yaml:34:17");
    REQUIRE(order.contract.loops.size() == 1);
    CHECK(order.contract.loops[0].handler == "create");
    CHECK(order.contract.loops[0].rounds_max == 3);
    CHECK(order.loops.at(0).until == "2028-02-29");
    CHECK(order.loops.at(0).reason == "a failed payment is retried");
}

TEST_CASE("a key that is missing has its documented default") {
    const auto realm = read_good("dagmesh: 1\nservices: {s: {handlers: {h: {on: a}}}}\n");
    CHECK(realm.realm.empty());
    const auto& service = realm.services.at(0);
    CHECK(service.run.empty());
    CHECK(service.speaks == mesh::Speaks::lines);
    CHECK(service.replicas == 1);
    CHECK_FALSE(service.contract.handlers.at(0).emits);
    const auto& handler = service.handlers.at(0);
    CHECK(handler.workers == 1);
    CHECK(handler.order == mesh::LaneOrder::fifo);
    CHECK(handler.policy == mesh::Policy::block);
    CHECK(handler.group == mesh::GroupMode::share);
    CHECK(handler.retry.attempts == 1);
}

TEST_CASE("names stay text whatever YAML takes them for") {
    const auto realm =
        read_good("dagmesh: 1\nrealm: no\nservices:\n  on:\n    publishes: [1.5, yes]\n"
                  "  null:\n    handlers: {off: {on: 1.5, emits: []}}\n  0x1F: {}\n");
    CHECK(realm.realm == "no");
    REQUIRE(realm.services.size() == 3);
    CHECK(realm.services[0].contract.service == "0x1F");
    CHECK(realm.services[1].contract.service == "null");
    CHECK(realm.services[1].contract.handlers.at(0).name == "off");
    CHECK(realm.services[2].contract.service == "on");
    CHECK(realm.services[2].contract.publishes->at(0).text() == "1.5");
    CHECK(realm.services[2].contract.publishes->at(1).text() == "yes");
}

TEST_CASE("anchors, aliases and merges work, and what is nearer wins") {
    const auto realm = read_good(R"(dagmesh: 1
x-base: &base {workers: 4, order: lifo}
x-more: &more {workers: 9, policy: latest}
services:
  s:
    handlers:
      a: {<<: *base, on: &topic x, order: fifo}
      b:
        <<: [*base, *more]
        on: *topic
      c: {<<: {<<: *more, workers: 2}, on: y}
)");
    const auto& handlers = realm.services.at(0).handlers;
    CHECK(handlers[0].workers == 4);
    CHECK(handlers[0].order == mesh::LaneOrder::fifo);
    CHECK(handlers[1].workers == 4);
    CHECK(handlers[1].policy == mesh::Policy::latest);
    CHECK(realm.services[0].contract.handlers[1].on.at(0).text() == "x");
    CHECK(handlers[2].workers == 2);
    CHECK(handlers[2].policy == mesh::Policy::latest);
}

TEST_CASE("documents of one realm are one graph, those of different realms are several") {
    const auto set = mesh::read_manifest_text("dagmesh: 1\nrealm: b\nservices: {z: {}}\n---\n"
                                              "dagmesh: 1\nrealm: a\nservices: {y: {}}\n---\n"
                                              "dagmesh: 1\nrealm: b\nservices: {x: {}}\n---\n",
                                              "f");
    CHECK(set.errors.empty());
    REQUIRE(set.realms.size() == 2);
    CHECK(set.realms[0].realm == "a");
    REQUIRE(set.realms[1].services.size() == 2);
    CHECK(set.realms[1].services[0].contract.service == "x");
    CHECK(set.realms[1].services[1].contract.service == "z");
}

TEST_CASE("services with equal content are replicas") {
    const auto realm =
        read_good("dagmesh: 1\nservices: {s: {replicas: 2, publishes: [a]}}\n---\n"
                  "dagmesh: 1\nservices:\n  s:\n    publishes: a\n    replicas: 2\n---\n"
                  "dagmesh: 1\nservices: {s: {replicas: 2, publishes: [a]}}\n");
    REQUIRE(realm.services.size() == 1);
    CHECK(realm.services[0].replicas == 6);
}

TEST_CASE("a repeated entry is kept once and warned of") {
    const auto realm =
        read_good("dagmesh: 1\nservices:\n  s:\n    publishes: [a, b, a]\n    handlers:\n"
                  "      h: {on: [\"x.{id}\", x.*], emits: [a]}\n");
    CHECK(realm.services[0].contract.publishes->size() == 2);
    CHECK(realm.services[0].publishes_places.size() == 2);
    CHECK(realm.services[0].contract.handlers[0].on.size() == 1);
    REQUIRE(realm.warnings.size() == 2);
    CHECK(realm.warnings[0].name == "repeated-entry");
    CHECK(mesh::to_string(realm.warnings[0].place) == "dir/a.mesh.yaml:4:23");
    CHECK(mesh::to_string(realm.warnings[1].place) == "dir/a.mesh.yaml:6:26");
}

TEST_CASE("a byte order mark and Windows line ends change nothing") {
    const auto realm = read_good("\xef\xbb\xbf"
                                 "dagmesh: 1\r\nservices:\r\n  s:\r\n    publishes: [a]\r\n");
    CHECK(mesh::to_string(realm.services.at(0).place) == "dir/a.mesh.yaml:3:3");
    CHECK(realm.services[0].contract.publishes->at(0).text() == "a");
}
