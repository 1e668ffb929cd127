#include "nodes/cli/exit_code.hpp"
#include "nodes/up/up.hpp"
#include "tests/nodes/up/shell_realm.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <set>

using namespace up_test;

TEST_CASE("a service starts only when those before it are ready") {
    ShellRealm realm;
    realm.add("first", "echo start1 >>$FOLDER/log; sleep 0.2; echo ready1 >>$FOLDER/log; " +
                           be_ready + "sleep 0.1");
    realm.add("second", "echo start2 >>$FOLDER/log; sleep 0.1; echo ready2 >>$FOLDER/log; " +
                            be_ready + "sleep 0.1");
    realm.add("third", "echo start3 >>$FOLDER/log; " + be_ready);
    CHECK(realm.up() == 0);
    CHECK(realm.file("log") == "start1\nready1\nstart2\nready2\nstart3\n");
}

TEST_CASE("a service is told who must be there, and what it is") {
    ShellRealm realm;
    auto& first =
        realm.add("first", "echo \"$DAGMESH_EXPECT;\" >>$FOLDER/log; " + be_ready + run_on);
    first.replicas = 2;
    realm.add("short", be_ready);
    realm.add("second", be_ready + run_on);
    realm.add("last",
              "echo $DAGMESH_SERVICE $DAGMESH_REALM $DAGMESH_EXPECT >>$FOLDER/log; " + be_ready);
    realm.options.until = "last";
    CHECK(realm.up() == 0);
    // `short` may have ended by then, and is not waited for if it has.
    CHECK_THAT(realm.file("log"), Catch::Equals(";\n;\nlast test first,second\n") ||
                                      Catch::Equals(";\n;\nlast test first,short,second\n"));
}

TEST_CASE("output comes line by line behind the service's name") {
    ShellRealm realm;
    realm.add("a",
              be_ready + "printf 'one\\ntw'; sleep 0.05; printf 'o\\nunfinished'; echo bad >&2");
    auto& longer = realm.add("longer", be_ready + "echo hello");
    longer.replicas = 2;
    realm.options.is_quiet = true;
    CHECK(realm.up() == 0);
    CHECK_THAT(realm.out, Catch::Contains("[a]        one\n"));
    CHECK_THAT(realm.out, Catch::Contains("[a]        two\n"));
    CHECK_THAT(realm.out, Catch::Contains("[a]        unfinished\n"));
    CHECK_THAT(realm.out, Catch::Contains("[longer.1] hello\n"));
    CHECK_THAT(realm.out, Catch::Contains("[longer.2] hello\n"));
    CHECK(realm.err == "[a]        bad\n");
}

TEST_CASE("all that a process wrote before its end is there, however much") {
    ShellRealm realm;
    realm.options.is_quiet = true;
    realm.add("a", be_ready + "seq 1 200000");
    CHECK(realm.up() == 0);
    CHECK(std::ranges::count(realm.out, '\n') == 200000);
    CHECK(realm.out.ends_with("[a]  200000\n"));
}

TEST_CASE("a line over 1 MiB is cut with a note") {
    ShellRealm realm;
    realm.add("a", be_ready + "head -c 1048586 /dev/zero | tr '\\0' x; echo; echo next");
    CHECK(realm.up() == 0);
    CHECK(realm.out == "[a]  " + std::string(1048576, 'x') + " [cut: 10 more bytes]\n[a]  next\n");
}

TEST_CASE("logs of each service are written beside") {
    ShellRealm realm;
    realm.add("a", be_ready + "echo one; echo two >&2");
    realm.options.log_folder = (realm.folder() / "logs").string();
    CHECK(realm.up() == 0);
    CHECK_THAT(realm.file("logs/a.log"),
               Catch::Equals("one\ntwo\n") || Catch::Equals("two\none\n"));
}

TEST_CASE("when all have ended by themselves, so has up") {
    ShellRealm realm;
    realm.add("a", be_ready);
    realm.add("b", "exit 0"); // without ever being ready
    realm.add("c", be_ready);
    CHECK(realm.up() == 0);
    CHECK_THAT(realm.err, Catch::Contains("b has ended"));
}

TEST_CASE("a service that fails stops all others, and is named") {
    ShellRealm realm;
    realm.add("steady", "trap 'echo told >>$FOLDER/log; exit 0' TERM; " + be_ready + run_on);
    realm.add("bad", be_ready + "exit 3");
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("bad exited with 3"));
    CHECK(realm.file("log") == "told\n");
}

TEST_CASE("a service that dies of a signal fails too") {
    ShellRealm realm;
    realm.add("bad", be_ready + "kill -SEGV $$");
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("bad was killed by signal 11"));
}

TEST_CASE(
    "a service that is never ready fails the start in time, and those behind it never start") {
    ShellRealm realm;
    realm.add("mute", run_on);
    realm.add("next", "echo started >>$FOLDER/log");
    realm.options.start_timeout = 100ms;
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("mute was not ready within 100ms"));
    CHECK(realm.file("log").empty());
}

TEST_CASE("a program or a folder that is not there is named") {
    ShellRealm realm;
    auto& service = realm.add("ghost", "");
    service.run = {"./no-such-program"};
    SECTION("program") {
        service.cwd = realm.folder().string();
        CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
        CHECK_THAT(realm.err,
                   Catch::Contains("ghost: cannot run \"./no-such-program\" in " +
                                   realm.folder().string() + ": No such file or directory"));
    }
    SECTION("folder") {
        service.cwd = "/no/such/folder";
        CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
        CHECK_THAT(realm.err, Catch::Contains("ghost: cannot enter the folder /no/such/folder"));
    }
}

TEST_CASE("a program runs in its folder with its environment and the PATH of that") {
    ShellRealm realm;
    std::ofstream(realm.folder() / "tool") << "#!/bin/sh\necho $GREETING $(pwd)\n";
    std::filesystem::permissions(realm.folder() / "tool", std::filesystem::perms::owner_all);
    auto& service = realm.add("a", "");
    service.cwd = realm.folder().string();
    service.environment = {{"GREETING", "hello"}};
    const auto expected = "[a]  hello " + realm.folder().string() + "\n";
    SECTION("by path, from the folder") {
        service.run = {"./tool"};
    }
    SECTION("by name, in the PATH") {
        service.run = {"tool"};
        service.environment["PATH"] = realm.folder().string() + ":/usr/bin:/bin";
    }
    CHECK(realm.up() == 0);
    CHECK(realm.out == expected);
}

TEST_CASE("a child has nothing of up but its five descriptors, and reads nothing") {
    std::set<int> inheritable; // what whoever runs the tests gave them
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename().string());
        const int flags = fcntl(fd, F_GETFD);
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0)
            inheritable.insert(fd);
    }
    ShellRealm realm;
    auto& service = realm.add("a", "");
    service.run = {"ls", "-l", "/proc/self/fd"};
    CHECK(realm.up() == 0);
    // Lines such as `[a]  l-wx------ 1 root root 64 Jan 1 12:00 4 -> pipe:[123]`.
    std::istringstream lines(realm.out);
    std::string line;
    std::map<int, std::string> targets;
    while (std::getline(lines, line))
        if (const auto arrow = line.find(" -> "); arrow != std::string::npos)
            targets[std::stoi(line.substr(line.rfind(' ', arrow - 1)))] = line.substr(arrow + 4);
    CHECK(targets[0] == "/dev/null");
    for (int fd = 1; fd <= 4; ++fd)
        CHECK_THAT(targets[fd], Catch::StartsWith("pipe:"));
    for (const auto& [fd, target] : targets) {
        INFO(fd << " -> " << target);
        const bool is_own_of_ls = target.starts_with("/proc/");
        CHECK((fd <= 4 || is_own_of_ls || inheritable.contains(fd)));
    }
}

TEST_CASE("reports of the services make the table at the end") {
    ShellRealm realm;
    realm.add("order", be_ready + "echo '{\"service\":\"order\",\"instance\":\"1\",\"published\":"
                                  "{\"order.created\":5},\"handlers\":[]}' >&$DAGMESH_REPORT_FD");
    realm.add("odd", be_ready + "echo nonsense >&$DAGMESH_REPORT_FD");
    CHECK(realm.up() == 0);
    CHECK_THAT(realm.out, Catch::Contains("order.created            5\n"));
    CHECK_THAT(realm.err, Catch::Contains("odd: expected a report in JSON"));
}

TEST_CASE("a plan that cannot be is refused before anything starts") {
    ShellRealm realm;
    realm.add("one", "echo started >>$FOLDER/log");
    realm.options.until = "nobody";
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::usage));
    CHECK(realm.file("log").empty());
}
