#include "nodes/bench/match_row.hpp"

#include "nodes/bench/statistics.hpp"

#include <utility>

namespace nodes {

namespace {

constexpr bool is_detail = true;

/// What people see of a figure in a table.
enum class Shown { nothing, median, all };

/// A figure of all rounds: its median under its name, least and largest behind it.
void add_spread(BenchRow& row, const std::string& name, const std::vector<double>& values,
                Shown shown) {
    const auto spread = values.empty() ? Spread{} : spread_of(values);
    const auto value = [&](double number) { return values.empty() ? BenchValue() : number; };
    row.push_back({name, value(spread.median), shown == Shown::nothing});
    row.push_back({name + "_min", value(spread.min), shown != Shown::all});
    row.push_back({name + "_max", value(spread.max), shown != Shown::all});
}

void add_ratios(BenchRow& row, const std::string& name, const MatchResult& result,
                double Round::*figure, Shown shown) {
    const auto all = ratios(result, figure);
    add_spread(row, name, all, shown);
    row.push_back({name + "s", all.empty() ? BenchValue() : all, is_detail});
}

void add_latencies(BenchRow& row, const MatchResult& result) {
    for (const auto& [name, figure] :
         {std::pair("p50", &Round::p50_us), std::pair("p99", &Round::p99_us)}) {
        const std::string text(name);
        add_spread(row, text + "_us", figures(result.rounds, figure), Shown::median);
        add_spread(row, "reference_" + text + "_us", figures(result.reference_rounds, figure),
                   Shown::median);
        add_ratios(row, text + "_ratio", result, figure, Shown::median);
    }
}

} // namespace

std::vector<double> figures(const std::vector<Round>& rounds, double Round::*figure) {
    std::vector<double> all;
    all.reserve(rounds.size());
    for (const auto& round : rounds)
        all.push_back(round.*figure);
    return all;
}

std::vector<double> ratios(const MatchResult& result, double Round::*figure) {
    if (result.reference_rounds.empty())
        return {};
    return ratios_of(figures(result.rounds, figure), figures(result.reference_rounds, figure));
}

std::uint64_t lost_of(const MatchResult& result) {
    std::uint64_t lost = 0;
    for (const auto& round : result.rounds)
        lost += round.lost;
    return lost;
}

std::uint64_t disordered_of(const MatchResult& result) {
    std::uint64_t disordered = 0;
    for (const auto& round : result.rounds)
        disordered += round.disordered;
    return disordered;
}

std::string section_of(const MatchResult& result) {
    if (result.load.rate > 0)
        return "latency: microseconds from when an event is due until its handler has it; "
               "medians of the rounds";
    return result.bench + ": events a second that arrive, and processor time of all processes; "
                          "medians of the rounds";
}

BenchRow row_of(const MatchResult& result) {
    const auto& load = result.load;
    const auto& contender = result.contender;
    BenchRow row{{"bench", result.bench, is_detail},
                 {"case", load.bench_case.name},
                 {"transport", name_of(contender.transport)},
                 {"size", static_cast<double>(load.payload_size_bytes)},
                 {"level", std::string(mesh::name_of(contender.level))},
                 {"handler", contender.is_inline ? "inline" : "lane"},
                 {"rounds", static_cast<double>(result.rounds.size()), is_detail}};
    const bool is_latency = load.rate > 0;
    if (is_latency)
        row.push_back({"offered_rate", load.rate});
    add_spread(row, "rate", figures(result.rounds, &Round::rate),
               is_latency ? Shown::nothing : Shown::all);
    const auto& transport = result.reference_transport;
    row.push_back({"reference_transport",
                   transport ? BenchValue(name_of(*transport)) : BenchValue(), is_detail});
    add_spread(row, "reference_rate", figures(result.reference_rounds, &Round::rate),
               is_latency ? Shown::nothing : Shown::median);
    if (is_latency)
        add_latencies(row, result);
    add_ratios(row, "ratio", result, &Round::rate, is_latency ? Shown::nothing : Shown::all);
    add_spread(row, "cpu_us_per_event", figures(result.rounds, &Round::processor_us_per_event),
               Shown::median);
    add_spread(row, "reference_cpu_us_per_event",
               figures(result.reference_rounds, &Round::processor_us_per_event), Shown::nothing);
    add_ratios(row, "cpu_ratio", result, &Round::processor_us_per_event,
               is_latency ? Shown::nothing : Shown::median);
    row.push_back({"lost", static_cast<double>(lost_of(result))});
    row.push_back({"disordered", static_cast<double>(disordered_of(result)), is_detail});
    return row;
}

} // namespace nodes
