#include "nodes/bench/levels.hpp"

#include "mesh/wire/compression.hpp"
#include "nodes/bench/bench_request.hpp"
#include "nodes/bench/levels_round.hpp"
#include "nodes/bench/statistics.hpp"
#include "nodes/process/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

namespace {

using mesh::Level;
using mesh::Sync;

bool say_unfinished(std::string_view what) {
    std::cerr << "dagmesh: " << what << " did not come to an end\n";
    return false;
}

/// False when a round did not come to an end, or lost something.
bool measure_disk(BenchReport& report, const std::string& parent, Level level, Sync sync,
                  std::uint32_t in_flight, mesh::Duration time, std::size_t rounds) {
    std::vector<double> published;
    std::vector<double> handled;
    for (std::size_t i = 0; i < rounds; ++i) {
        const TemporaryFolder folder(parent);
        const auto round =
            run_levels_round({level, 256, in_flight, false, sync, folder.path()}, time);
        if (!round || round->lost > 0)
            return say_unfinished(name_of(level));
        published.push_back(round->published_per_s);
        handled.push_back(round->handled_per_s);
    }
    report.row("levels: events a second that are stored, and that are handled",
               {{"bench", "levels", true},
                {"level", std::string(name_of(level))},
                {"sync", sync == Sync::power ? "power" : "normal"},
                {"size", 256.0},
                {"in_flight", static_cast<double>(in_flight)},
                {"published_rate", median_of(published)},
                {"handled_rate", median_of(handled)}});
    return true;
}

/// The same without a disk: how many events a second `reliable` handles, for one of `fast`.
bool compare(BenchReport& report, const std::string& parent, std::size_t payload_size_bytes,
             bool is_inline, mesh::Duration time, std::size_t rounds) {
    std::vector<double> fast;
    std::vector<double> reliable;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < rounds; ++i) {
        const TemporaryFolder folder(parent);
        const auto run = [&](Level level) {
            return run_levels_round(
                {level, payload_size_bytes, 1, is_inline, Sync::normal, folder.path()}, time);
        };
        // In turns, and each first as often as the other.
        const auto one = i % 2 == 0 ? run(Level::fast) : run(Level::reliable);
        const auto other = i % 2 == 0 ? run(Level::reliable) : run(Level::fast);
        if (!one || !other)
            return say_unfinished("fast and reliable");
        fast.push_back((i % 2 == 0 ? one : other)->handled_per_s);
        reliable.push_back((i % 2 == 0 ? other : one)->handled_per_s);
        ratios.push_back(reliable.back() / fast.back());
    }
    const auto ratio = spread_of(ratios);
    report.row("levels: what reliable takes of the rate of fast",
               {{"bench", "levels", true},
                {"size", static_cast<double>(payload_size_bytes)},
                {"handler", is_inline ? "inline" : "lane"},
                {"fast_rate", median_of(fast)},
                {"reliable_rate", median_of(reliable)},
                {"ratio", ratio.median},
                {"ratio_min", ratio.min},
                {"ratio_max", ratio.max}});
    return true;
}

/// Rows as a service might publish them, of about that many bytes.
std::string rows_of_json(std::size_t size_bytes) {
    std::minstd_rand random(1);
    std::string text = "         [";
    while (text.size() < size_bytes) {
        const auto number = [&](std::uint32_t below) { return std::to_string(random() % below); };
        text += R"({"id":)" + number(1'000'000) + R"(,"name":"customer )" + number(5000) +
                R"(","price":)" + number(100) + "." + number(100) + R"(,"created":"2026-11-)" +
                number(30) + "T" + number(24) + ":" + number(60) + R"(:00Z","status":")" +
                (random() % 2 == 0 ? "paid" : "new") + R"("},)";
    }
    text.back() = ']';
    return text;
}

bool measure_compression(BenchReport& report, const std::string& parent, Level level,
                         std::size_t payload_size_bytes, mesh::Duration time, std::size_t rounds) {
    const auto text = rows_of_json(payload_size_bytes);
    mesh::Compressor compressor;
    const auto compressed = compressor.compress(mesh::bytes_of(text));
    if (!compressed) {
        std::cerr << "dagmesh: built without zstd, so nothing is compressed\n";
        return true;
    }
    std::vector<double> plain_rates;
    std::vector<double> compressed_rates;
    for (std::size_t i = 0; i < 2 * rounds; ++i) {
        const TemporaryFolder folder(parent);
        LevelsSetting setting{level, text.size(), 64, false, Sync::normal, folder.path(), text};
        const bool compresses = i % 2 == 1;
        if (compresses)
            setting.compress_from_bytes = 4096;
        const auto round = run_levels_round(setting, time);
        if (!round || round->lost > 0)
            return say_unfinished(name_of(level));
        (compresses ? compressed_rates : plain_rates).push_back(round->handled_per_s);
    }
    report.row("levels: rows of JSON, as they are and compressed",
               {{"bench", "levels", true},
                {"level", std::string(name_of(level))},
                {"size", static_cast<double>(text.size())},
                {"compressed_size", static_cast<double>(compressed->size())},
                {"rate", median_of(plain_rates)},
                {"compressed_rate", median_of(compressed_rates)}});
    return true;
}

} // namespace

bool run_levels(const std::vector<std::string>& words, BenchReport& report) {
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i].c_str() : nullptr; };
    const std::string_view only = word(0) != nullptr ? word(0) : "all";
    check_bench_name(only, std::array<std::string_view, 4>{"disk", "rates", "compression", "all"});
    const auto time = std::chrono::duration_cast<mesh::Duration>(
        std::chrono::duration<double>(word(1) != nullptr ? std::strtod(word(1), nullptr) : 2));
    const std::size_t rounds = word(2) != nullptr ? std::strtoul(word(2), nullptr, 10) : 5;
    const std::string folder = word(3) != nullptr ? word(3) : ".";
    bool is_fine = rounds > 0;
    if (only == "disk" || only == "all")
        for (const auto level : {Level::durable, Level::once})
            for (const auto sync : {Sync::power, Sync::normal})
                for (const std::uint32_t in_flight : {1U, 64U, 1024U})
                    is_fine = measure_disk(report, folder, level, sync, in_flight, time, rounds) &&
                              is_fine;
    if (only == "compression" || only == "all")
        for (const auto level : {Level::reliable, Level::durable})
            for (const std::size_t size : {4096U, 16384U, 65536U})
                is_fine = measure_compression(report, folder, level, size, time, rounds) && is_fine;
    if (only == "rates" || only == "all")
        for (const std::size_t size : {64U, 256U})
            for (const bool is_inline : {true, false})
                is_fine = compare(report, folder, size, is_inline, time, rounds) && is_fine;
    return is_fine;
}

} // namespace nodes
