#include "nodes/up/plan.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>

namespace {

using Texts = std::vector<std::string>;

mesh::ServiceManifest service(const std::string& name, Texts run = {"./program", "x"}) {
    mesh::ServiceManifest manifest;
    manifest.contract.service = name;
    manifest.run = std::move(run);
    manifest.speaks = mesh::Speaks::mesh;
    manifest.cwd = "examples/shop";
    manifest.place.file = "examples/shop/shop.mesh.yaml";
    manifest.place.line = 3;
    manifest.place.column = 5;
    return manifest;
}

nodes::UpOptions some_options() {
    nodes::UpOptions options;
    options.realm = "shop";
    options.executable = "/usr/bin/dagmesh";
    options.environment = {{"PATH", "/bin"}, {"DAGMESH_CONFIG", "f"}, {"DAGMESH_REALM", "old"}};
    return options;
}

std::string complaint(const nodes::UpOptions& options, const mesh::RealmManifest& manifest,
                      mesh::ErrorCode code = mesh::ErrorCode::invalid) {
    Texts order;
    for (const auto& each : manifest.services)
        order.push_back(each.contract.service);
    const auto plan = nodes::plan_processes(options, manifest, order);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == code);
    return plan.error().detail;
}

} // namespace

TEST_CASE("processes are planned in the order of start, one a replica") {
    mesh::RealmManifest manifest;
    manifest.services = {service("order"), service("user")};
    manifest.services[0].replicas = 2;
    manifest.services[0].restart = mesh::Restart::on_failure;
    const auto plan = nodes::plan_processes(some_options(), manifest, Texts{"user", "order"});
    REQUIRE(plan.has_value());
    REQUIRE(plan->size() == 3);
    CHECK(plan->at(0).label == "user");
    CHECK(plan->at(0).turn == 0);
    CHECK_FALSE(plan->at(0).restarts);
    CHECK(plan->at(1).label == "order.1");
    CHECK(plan->at(2).label == "order.2");
    CHECK(plan->at(1).turn == 1);
    CHECK(plan->at(2).turn == 1);
    CHECK(plan->at(2).restarts);
    CHECK(plan->at(0).start.argv == Texts{"./program", "x"});
    CHECK(plan->at(0).start.folder == "examples/shop");
}

TEST_CASE("the environment is the caller's, then the options, the manifest's, then the driver's") {
    mesh::RealmManifest manifest;
    manifest.services = {service("order")};
    manifest.services[0].environment = {{"LANG", "C.UTF-8"}, {"DAGMESH_SERVICE", "wrong"}};
    manifest.services[0].replicas = 2;
    auto options = some_options();
    options.global_environment = {{"DAGMESH_PEER", "a:1"}, {"DAGMESH_INSTANCE", "left"}};
    const auto plan = nodes::plan_processes(options, manifest, Texts{"order"});
    REQUIRE(plan.has_value());
    const auto file = std::filesystem::current_path() / "examples/shop/shop.mesh.yaml";
    CHECK(plan->at(0).start.environment == nodes::Environment{{"PATH", "/bin"},
                                                              {"LANG", "C.UTF-8"},
                                                              {"DAGMESH_PEER", "a:1"},
                                                              {"DAGMESH_INSTANCE", "left"},
                                                              {"DAGMESH_EVENTS", ""},
                                                              {"DAGMESH_MANIFEST", file.string()},
                                                              {"DAGMESH_SERVICE", "order"},
                                                              {"DAGMESH_REALM", "shop"}});
    CHECK(plan->at(1).start.environment.at("DAGMESH_INSTANCE") == "left.2");
}

TEST_CASE("a service without a program is a node of this program") {
    mesh::RealmManifest manifest;
    manifest.services = {service("audit", {})};
    manifest.services[0].speaks = mesh::Speaks::lines; // the default, which means nothing here
    const auto plan = nodes::plan_processes(some_options(), manifest, Texts{"audit"});
    REQUIRE(plan.has_value());
    const auto file = std::filesystem::current_path() / "examples/shop/shop.mesh.yaml";
    CHECK(plan->at(0).start.argv ==
          Texts{"/usr/bin/dagmesh", "node", file.string(), "--service", "audit"});
}

TEST_CASE("of a program that speaks lines dagmesh is the node") {
    mesh::RealmManifest manifest;
    manifest.services = {service("order")};
    manifest.services[0].speaks = mesh::Speaks::lines;
    const auto plan = nodes::plan_processes(some_options(), manifest, Texts{"order"});
    REQUIRE(plan.has_value());
    const auto file = std::filesystem::current_path() / "examples/shop/shop.mesh.yaml";
    CHECK(plan->at(0).start.argv ==
          Texts{"/usr/bin/dagmesh", "node", file.string(), "--service", "order"});
}

TEST_CASE("only the named services start, and unknown names are refused with a suggestion") {
    mesh::RealmManifest manifest;
    manifest.services = {service("audit"), service("order"), service("user")};
    auto options = some_options();
    options.only = {"user", "audit"};
    const auto plan = nodes::plan_processes(options, manifest, Texts{"audit", "order", "user"});
    REQUIRE(plan.has_value());
    REQUIRE(plan->size() == 2);
    CHECK(plan->at(0).service == "audit");
    CHECK(plan->at(1).service == "user");
    CHECK(plan->at(1).turn == 1);

    options.until = "order";
    CHECK(complaint(options, manifest) == R"(--until: no service "order" is started)");
    options.until = {};
    options.only = {"usr"};
    CHECK(complaint(options, manifest) ==
          R"(--only: no service "usr" is started; did you mean "user"?)");
}

TEST_CASE("one port to listen on is refused for several nodes") {
    mesh::RealmManifest manifest;
    manifest.services = {service("order"), service("user")};
    auto options = some_options();
    options.global_environment = {{"DAGMESH_LISTEN", "127.0.0.1:7000"}};
    CHECK_THAT(complaint(options, manifest), Catch::Contains("use port 0"));
    options.only = {"user"};
    CHECK(nodes::plan_processes(options, manifest, Texts{"order", "user"}).has_value());
    options.only = {};
    options.global_environment = {{"DAGMESH_LISTEN", "127.0.0.1:0"}};
    CHECK(nodes::plan_processes(options, manifest, Texts{"order", "user"}).has_value());
}
