#include "nodes/cli/exit_code.hpp"
#include "tests/nodes/up/shell_realm.hpp"

#include <csignal>
#include <thread>

using namespace up_test;
using nodes::Direction;
using State = nodes::DirectedProcess::State;

namespace {

/// Runs `up` while `direct` directs it on a thread of its own.
int directed(ShellRealm& realm, const std::function<int(Direction&)>& direct) {
    Direction direction;
    realm.options.is_directed = true;
    std::thread thread([&] {
        direction.wait(mesh::now() + 10s, [](const auto& view) { return !view.processes.empty(); });
        direction.end(direct(direction));
    });
    const int code = realm.up(&direction);
    thread.join();
    return code;
}

bool comes_to(const Direction& direction, std::size_t process, State state) {
    return direction.wait(mesh::now() + 10s, [&](const Direction::View& view) {
        return view.processes[process].state == state;
    }) && !direction.view().is_stopping;
}

} // namespace

TEST_CASE("what is stopped by order is no failure, and starts again by order") {
    ShellRealm realm;
    realm.add("a", be_ready + run_on);
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 0, State::ready));
        direction.order(Direction::Act::stop, {0});
        CHECK(comes_to(direction, 0, State::stopped));
        direction.order(Direction::Act::start, {0});
        CHECK(comes_to(direction, 0, State::ready));
        return 0;
    });
    CHECK(code == 0);
    CHECK_THAT(realm.err, Catch::Contains("a has stopped"));
}

TEST_CASE("what is killed by order is no failure") {
    ShellRealm realm;
    auto& service = realm.add("a", be_ready + run_on);
    SECTION("and stays where it is") {
        const int code = directed(realm, [&](Direction& direction) {
            CHECK(comes_to(direction, 0, State::ready));
            direction.order(Direction::Act::kill, {0});
            CHECK(comes_to(direction, 0, State::stopped));
            return 0;
        });
        CHECK(code == 0);
    }
    SECTION("and starts again if the manifest says so") {
        service.restart = mesh::Restart::on_failure;
        const int code = directed(realm, [&](Direction& direction) {
            CHECK(comes_to(direction, 0, State::ready));
            direction.order(Direction::Act::kill, {0});
            CHECK(direction.wait(mesh::now() + 10s, [](const Direction::View& view) {
                return view.processes[0].ended_count == 1 &&
                       view.processes[0].state == State::ready;
            }));
            return 0;
        });
        CHECK(code == 0);
    }
}

TEST_CASE("a service that dies by itself fails the run, whatever is directed") {
    ShellRealm realm;
    realm.add("a", be_ready + "while [ ! -e $FOLDER/die ]; do sleep 0.01; done; exit 3");
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 0, State::ready));
        std::ofstream(realm.folder() / "die") << "now";
        CHECK(direction.wait(mesh::now() + 10s, [](const Direction::View&) { return false; }));
        CHECK(direction.view().is_stopping);
        return 0;
    });
    CHECK(code == nodes::to_int(nodes::ExitCode::service_failed));
}

TEST_CASE("what is paused does nothing until it is resumed, and is stopped all the same") {
    ShellRealm realm;
    realm.add("a", be_ready + "while :; do echo >>$FOLDER/log; sleep 0.01; done");
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 0, State::ready));
        direction.order(Direction::Act::pause, {0});
        CHECK(direction.wait(mesh::now() + 10s, [](const Direction::View& view) {
            return view.processes[0].is_paused;
        }));
        const auto before = realm.file("log");
        usleep(100'000); // in which it would have written ten times
        CHECK(realm.file("log") == before);
        direction.order(Direction::Act::resume, {0});
        CHECK(comes_true([&] { return realm.file("log").size() > before.size(); }));
        direction.order(Direction::Act::pause, {0});
        return 0;
    });
    CHECK(code == 0);
}

TEST_CASE("replicas that may be asked for are there, and wait") {
    ShellRealm realm;
    realm.add("a", be_ready + "echo $DAGMESH_INSTANCE $DAGMESH_FAULTS >>$FOLDER/log; " + run_on);
    realm.options.replicas_max["a"] = 2;
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 0, State::ready));
        CHECK(direction.view().processes[1].state == State::stopped);
        direction.order(Direction::Act::start, {1});
        CHECK(comes_to(direction, 1, State::ready));
        CHECK(comes_true([&] { return realm.file("log") == "1 1\n2 1\n"; }));
        return 0;
    });
    CHECK(code == 0);
    CHECK_THAT(realm.err, Catch::Contains("starts a.2"));
}

TEST_CASE("who starts again waits for those that start before it, and for no others") {
    ShellRealm realm;
    const std::string script =
        "echo \"$DAGMESH_SERVICE: $DAGMESH_EXPECT\" >>$FOLDER/log; " + be_ready + run_on;
    for (const auto* name : {"first", "second", "third"})
        realm.add(name, script);
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 2, State::ready));
        direction.order(Direction::Act::stop, {1});
        CHECK(comes_to(direction, 1, State::stopped));
        direction.order(Direction::Act::start, {1});
        CHECK(comes_to(direction, 1, State::ready));
        return 0;
    });
    CHECK(code == 0);
    CHECK(realm.file("log") == "first: \nsecond: first\nthird: first,second\nsecond: first\n");
}

TEST_CASE("up ends with its direction, also when all have ended before") {
    ShellRealm realm;
    realm.add("a", be_ready);
    const int code = directed(realm, [&](Direction& direction) {
        CHECK(comes_to(direction, 0, State::ended));
        direction.order(Direction::Act::start, {0});
        CHECK(direction.wait(mesh::now() + 10s, [](const Direction::View& view) {
            return view.processes[0].ended_count == 2;
        }));
        return 0;
    });
    CHECK(code == 0);
}
