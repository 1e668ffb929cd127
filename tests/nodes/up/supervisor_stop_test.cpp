#include "nodes/cli/exit_code.hpp"
#include "nodes/up/supervisor.hpp"
#include "tests/nodes/up/shell_realm.hpp"

#include <csignal>

using namespace up_test;

TEST_CASE("until a service has ended: then all others are stopped, and that is success") {
    ShellRealm realm;
    realm.add("steady", be_ready + run_on);
    auto& job = realm.add("job", be_ready + "sleep 0.1; echo done");
    job.replicas = 2;
    realm.options.until = "job";
    CHECK(realm.up() == 0);
    CHECK_THAT(realm.out, Catch::Contains("[job.1]  done\n") && Catch::Contains("[job.2]  done\n"));
}

TEST_CASE("for a time: it begins when all are ready") {
    ShellRealm realm;
    realm.add("slow", "sleep 0.2; " + be_ready + run_on);
    realm.options.run_for = 100ms;
    const auto start = mesh::now();
    CHECK(realm.up() == 0);
    CHECK(mesh::now() - start >= 300ms);
}

TEST_CASE("a stop goes backwards: each ends before the one that started before it is told") {
    ShellRealm realm;
    for (const std::string name : {"consumer", "middle", "producer"})
        realm.add(name, "trap 'echo told " + name + " >>$FOLDER/log; sleep 0.1; echo ended " +
                            name + " >>$FOLDER/log; exit 0' TERM; " + be_ready + run_on);
    realm.options.run_for = 1ms;
    CHECK(realm.up() == 0);
    CHECK(realm.file("log") == "told producer\nended producer\ntold middle\nended middle\n"
                               "told consumer\nended consumer\n");
}

TEST_CASE("SIGINT and SIGTERM stop everything, and that is success") {
    for (const std::string signal : {"INT", "TERM"}) {
        ShellRealm realm;
        realm.add("steady", "trap 'echo drained; exit 0' TERM; " + be_ready + run_on);
        realm.add("signaller", be_ready + "kill -" + signal + " $PPID; " + run_on);
        CHECK(realm.up() == 0);
        CHECK_THAT(realm.out, Catch::Contains("drained"));
        CHECK_THAT(realm.err, Catch::Contains("SIG" + signal));
    }
}

TEST_CASE("a signal while services still start stops them, too") {
    ShellRealm realm;
    realm.add("signaller", "kill -TERM $PPID; " + run_on);
    realm.add("never", "echo started >>$FOLDER/log");
    CHECK(realm.up() == 0);
    CHECK(realm.file("log").empty());
}

TEST_CASE("a failure while stopping is still a failure") {
    ShellRealm realm;
    realm.add("bad", "trap 'exit 6' TERM; " + be_ready + run_on);
    realm.options.run_for = 1ms;
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("bad exited with 6"));
}

TEST_CASE("who does not stop in time is killed, and that is a failure") {
    ShellRealm realm;
    realm.add("first", be_ready + run_on);
    realm.add("deaf", "trap '' TERM; " + be_ready + run_on);
    realm.options.run_for = 1ms;
    realm.options.stop_timeout = 100ms;
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("deaf did not stop within 100ms and was killed"));
}

TEST_CASE("a second signal kills all at once") {
    ShellRealm realm;
    realm.add("deaf", "trap '' TERM INT; " + be_ready +
                          "kill -INT $PPID; sleep 0.1; kill -TERM $PPID; " + run_on);
    const auto start = mesh::now();
    CHECK(realm.up() == 128 + SIGTERM);
    CHECK(mesh::now() - start < 10s); // the stop timeout is 20 s
}

TEST_CASE("what a process leaves behind ends with it") {
    ShellRealm realm;
    realm.add("parent", be_ready + "sleep 1000 & echo $! >$FOLDER/pid");
    CHECK(realm.up() == 0);
    pid_t left = 0;
    std::istringstream(realm.file("pid")) >> left;
    REQUIRE(left > 1);
    CHECK(comes_true([&] { return !is_running(left); }));
}

TEST_CASE("children do not outlive a killed supervisor") {
    ShellRealm realm;
    realm.add("child", "echo $$ >$FOLDER/pid.new; mv $FOLDER/pid.new $FOLDER/pid; " + be_ready +
                           "exec sleep 1000");
    const pid_t driver = fork();
    if (driver == 0) {
        realm.up();
        _exit(0);
    }
    CHECK(comes_true([&] { return !realm.file("pid").empty(); }));
    kill(driver, SIGKILL);
    REQUIRE(waitpid(driver, nullptr, 0) == driver);
    pid_t child = 0;
    std::istringstream(realm.file("pid")) >> child;
    REQUIRE(child > 1);
    CHECK(comes_true([&] { return !is_running(child); }));
    if (is_running(child))
        kill(child, SIGKILL);
}
