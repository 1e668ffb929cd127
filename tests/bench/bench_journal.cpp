// How fast events of 256 bytes go to a journal on disk and come back: in groups of several sizes,
// with both kinds of sync. The files lie in the current folder, or in the one that is given.

#include "mesh/base/time.hpp"
#include "mesh/store/journal.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Seconds = std::chrono::duration<double>;

constexpr std::size_t record_size_bytes = 256;
constexpr auto round_time = std::chrono::milliseconds(1000);
constexpr std::uint64_t events_max = 1'000'000; // about 300 MB
constexpr std::size_t read_size_bytes = 128 * 1024;

/// Seconds of processor time that this process has used.
double processor_seconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Wall and processor time since it was made.
struct Watch {
    mesh::TimePoint start = mesh::now();
    double processor_start = processor_seconds();

    double wall() const { return Seconds(mesh::now() - start).count(); }

    double processor() const { return processor_seconds() - processor_start; }
};

[[noreturn]] void give_up(const std::string& why) {
    std::fprintf(stderr, "bench_journal: %s\n", why.c_str());
    std::exit(1);
}

template <class T>
T expect(mesh::Result<T> result) {
    if (!result)
        give_up(result.error().detail);
    return std::move(*result);
}

struct Rates {
    double appended_per_s = 0;
    double append_us = 0; ///< processor time an event
    double read_per_s = 0;
    double read_us = 0;
    std::uint64_t count = 0;
};

Rates measure(const std::string& path, mesh::Sync sync, std::size_t group) {
    const auto database = expect(mesh::Database::open(path, sync));
    const auto journal = expect(mesh::Journal::open(*database, {}));
    journal->add_topic("bench.journal", 0);
    const std::string record(record_size_bytes, 'r');
    std::vector<mesh::StoredEvent> events(group, {0, 0, 0, mesh::bytes_of(record)});

    Rates rates;
    const Watch appending;
    while (mesh::now() - appending.start < round_time && journal->last() < events_max) {
        for (auto& event : events) {
            event.sequence = ++rates.count;
            event.time_us = rates.count;
        }
        if (auto done = journal->append(events); !done)
            give_up(done.error().detail);
    }
    rates.appended_per_s = static_cast<double>(rates.count) / appending.wall();
    rates.append_us = appending.processor() / static_cast<double>(rates.count) * 1e6;

    const Watch reading;
    for (std::uint64_t from = 1; from <= journal->last();)
        from = expect(journal->read(from, read_size_bytes)).events.back().sequence + 1;
    rates.read_per_s = static_cast<double>(rates.count) / reading.wall();
    rates.read_us = reading.processor() / static_cast<double>(rates.count) * 1e6;
    return rates;
}

} // namespace

int main(int argc, char** argv) {
    auto folder = (fs::path(argc > 1 ? argv[1] : ".") / "bench-journal-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
        give_up("cannot make a folder " + folder);
    std::printf(
        "events of %zu bytes; the last column is the share of one core that 100,000 events/s"
        " take, appended and read\n",
        record_size_bytes);
    std::printf("%-7s %6s %14s %14s %9s\n", "sync", "group", "append ev/s", "read ev/s", "core");
    for (const auto sync : {mesh::Sync::normal, mesh::Sync::power}) {
        for (const std::size_t group : {1U, 8U, 64U, 512U}) {
            const auto rates = measure(folder + "/node.db", sync, group);
            std::printf("%-7s %6zu %14.0f %14.0f %8.1f%%\n",
                        sync == mesh::Sync::power ? "power" : "normal", group, rates.appended_per_s,
                        rates.read_per_s, (rates.append_us + rates.read_us) * 100'000 / 1e6 * 100);
            std::fflush(stdout);
            for (const auto& entry : fs::directory_iterator(folder))
                fs::remove(entry.path());
        }
    }
    fs::remove_all(folder);
    return 0;
}
