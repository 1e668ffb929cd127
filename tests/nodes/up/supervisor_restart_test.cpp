#include "nodes/cli/exit_code.hpp"
#include "nodes/up/supervisor.hpp"
#include "tests/nodes/up/shell_realm.hpp"

#include <csignal>

using namespace up_test;

TEST_CASE("a service may be restarted when it fails, with a pause, and the rest goes on") {
    ShellRealm realm;
    realm.add("steady", "echo start >>$FOLDER/steady; " + be_ready + run_on);
    auto& flaky = realm.add("flaky", "echo life >>$FOLDER/lives; " + be_ready +
                                         "[ $(wc -l <$FOLDER/lives) -ge 3 ] || exit 1");
    flaky.restart = mesh::Restart::on_failure;
    realm.options.until = "flaky";
    const auto start = mesh::now();
    CHECK(realm.up() == 0);
    CHECK(realm.file("lives") == "life\nlife\nlife\n");
    CHECK(realm.file("steady") == "start\n");
    CHECK(mesh::now() - start >= 150ms); // at least half of 100 ms and half of 200 ms
    CHECK_THAT(realm.err, Catch::Contains("flaky exited with 1; starts again in "));
}

TEST_CASE("a service that fails before it was ever ready is given up in time") {
    ShellRealm realm;
    auto& broken = realm.add("broken", "exit 1");
    broken.restart = mesh::Restart::on_failure;
    realm.options.start_timeout = 300ms;
    CHECK(realm.up() == nodes::to_int(nodes::ExitCode::service_failed));
    CHECK_THAT(realm.err, Catch::Contains("broken was not ready within 300ms"));
}

TEST_CASE("a service that is not ready again in time is killed and tries once more") {
    ShellRealm realm;
    auto& service =
        realm.add("a", "echo life >>$FOLDER/lives; case $(wc -l <$FOLDER/lives) in "
                       "1) " +
                           be_ready + "exit 1;; 2) " + "while :; do sleep 0.05; done;; 3) " +
                           be_ready + "exit 0;; esac");
    service.restart = mesh::Restart::on_failure;
    realm.options.start_timeout = 1s;
    CHECK(realm.up() == 0);
    CHECK(realm.file("lives") == "life\nlife\nlife\n");
    CHECK_THAT(realm.err, Catch::Contains("a was not ready within 1.00s of its restart"));
}
