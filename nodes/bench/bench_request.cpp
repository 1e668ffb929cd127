#include "nodes/bench/bench_request.hpp"

#include "mesh/base/quantity.hpp"
#include "mesh/base/suggest.hpp"
#include "mesh/event/event.hpp"
#include "nodes/bench/numbered_payload.hpp"
#include "nodes/cli/value.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nodes {

namespace {

constexpr std::uint64_t rounds_max = 1'000;
constexpr std::uint64_t nodes_max = 256;

/// Every part of a list, read by `parse`.
template <class Parse>
auto all_of(const CommandLine& line, std::string_view option, Parse parse) {
    std::vector<typename decltype(parse(std::string_view{}))::value_type> values;
    for (const auto& text : line.options.listed(option)) {
        auto value = parse(text);
        if (!value)
            throw std::invalid_argument("--" + std::string(option) + ": " + value.error().detail);
        values.push_back(std::move(*value));
    }
    return values;
}

mesh::Result<std::uint64_t> payload_size(std::string_view text) {
    auto size = mesh::parse_size(text);
    if (size && (*size < payload_size_bytes_min || *size > mesh::payload_size_bytes_max))
        return mesh::fail(mesh::ErrorCode::invalid,
                          "expected 16B to 1MiB, got \"" + std::string(text) + "\"");
    return size;
}

mesh::Result<mesh::Level> level(std::string_view text) {
    auto parsed = mesh::parse_level(text);
    if (parsed == mesh::Level::once)
        return mesh::fail(mesh::ErrorCode::invalid, "expected fast, reliable or durable");
    return parsed;
}

mesh::Result<bool> handler(std::string_view text) {
    if (text == "inline" || text == "lane")
        return text == "inline";
    return mesh::fail(mesh::ErrorCode::invalid,
                      "expected inline or lane, got \"" + std::string(text) + "\"");
}

/// The options of a benchmark; --reference goes with each, though not all have use for it.
std::vector<std::string_view> options_of(std::string_view name) {
    if (name == "idle")
        return {"for"};
    if (name == "discovery" || name == "lines")
        return {"rounds"};
    if (name == "graph")
        return {"quick"};
    if (name == "levels" || name == "slow")
        return {};
    if (name == "all")
        return {"rounds", "for", "plot"};
    std::vector<std::string_view> options{"case",    "size",      "level",
                                          "handler", "transport", "rounds",
                                          "for",     "plot",      "reference-transport"};
    if (name == "latency")
        options.push_back("rate");
    return options;
}

void refuse_others(const CommandLine& line) {
    const auto& name = line.positionals.front();
    const auto own = options_of(name);
    for (const auto& option : line.command->options)
        if (line.options.has(option.name) && option.name != "reference" &&
            std::ranges::count(own, option.name) == 0)
            throw std::invalid_argument("--" + std::string(option.name) + " does not go with " +
                                        name);
}

ReferenceTransport reference_transport(const CommandLine& line) {
    const auto text = line.options.text("reference-transport").value_or("same");
    if (text == "same")
        return ReferenceTransport::same;
    const auto transport = parse_transport(text);
    if (!transport)
        throw std::invalid_argument("--reference-transport: expected same, tcp or ipc, got \"" +
                                    text + "\"");
    return *transport == Transport::tcp ? ReferenceTransport::tcp : ReferenceTransport::ipc;
}

template <class T>
void fill(std::vector<T>& list, std::vector<T> usual) {
    if (list.empty())
        list = std::move(usual);
}

/// What a benchmark measures when nothing else is asked for.
BenchRequest completed(BenchRequest request) {
    const auto case_of = [](const char* text) { return parse_bench_case(text).value(); };
    const auto& name = request.name;
    fill(request.cases, {case_of(name == "fanout" ? "1:8" : name == "mesh" ? "mesh:8" : "1:1")});
    fill(request.transports, {Transport::ipc, Transport::tcp});
    fill(request.sizes_bytes,
         name == "fanout" ? std::vector<std::uint64_t>{64, 1024} : std::vector<std::uint64_t>{64});
    fill(request.levels, name == "throughput"
                             ? std::vector{mesh::Level::fast, mesh::Level::reliable}
                             : std::vector{mesh::Level::reliable});
    fill(request.is_inline, name == "fanout" || name == "mesh" ? std::vector<bool>{true}
                                                               : std::vector<bool>{true, false});
    if (name == "latency")
        fill(request.rates, {10'000, 100'000, 1'000'000});
    else
        request.rates = {0};
    return request;
}

std::vector<Contender> contenders_of(const BenchRequest& request, const BenchCase& bench_case) {
    std::vector<Contender> contenders;
    for (const auto transport : request.transports)
        for (const auto level : request.levels)
            for (const bool is_inline : request.is_inline) {
                const Contender one{false, transport, level, is_inline && !bench_case.is_lane};
                if (std::ranges::count(contenders, one) == 0)
                    contenders.push_back(one);
            }
    return contenders;
}

} // namespace

BenchRequest bench_request(const CommandLine& line) {
    BenchRequest request;
    request.name = line.positionals.front();
    check_bench_name(request.name, bench_names);
    refuse_others(line);
    request.arguments = {line.positionals.begin() + 1, line.positionals.end()};
    request.cases = all_of(line, "case", parse_bench_case);
    request.sizes_bytes = all_of(line, "size", payload_size);
    request.levels = all_of(line, "level", level);
    request.is_inline = all_of(line, "handler", handler);
    request.transports = all_of(line, "transport", parse_transport);
    request.rates = all_of(line, "rate", parse_rate);
    request.is_quick = line.options.has("quick");
    request.time = line.options.duration("for");
    request.reference_transport = reference_transport(line);
    const auto rounds = line.options.number("rounds").value_or(request.rounds);
    if (rounds == 0 || rounds > rounds_max)
        throw std::invalid_argument("--rounds: expected 1 to 1000");
    request.rounds = rounds;
    if (request.time && *request.time <= mesh::Duration::zero())
        throw std::invalid_argument("--for: expected some time");
    return request;
}

void check_bench_name(std::string_view name, std::span<const std::string_view> known) {
    if (std::ranges::count(known, name) > 0)
        return;
    const std::vector<std::string> names(known.begin(), known.end());
    std::string all;
    for (const auto& one : names)
        all += (all.empty() ? "; there are " : ", ") + one;
    const auto suggestion = mesh::did_you_mean(name, names);
    throw std::invalid_argument("no benchmark \"" + std::string(name) + "\"" +
                                (suggestion.empty() ? all : suggestion));
}

std::vector<std::size_t> node_counts_of(const BenchRequest& request) {
    if (request.arguments.empty())
        return {8, 32, 64, 128};
    std::vector<std::size_t> counts;
    for (const auto& text : request.arguments) {
        const auto number = parse_number(text);
        if (!number || *number < 2 || *number > nodes_max)
            throw std::invalid_argument("discovery: expected 2 to " + std::to_string(nodes_max) +
                                        " nodes, got \"" + text + "\"");
        counts.push_back(*number);
    }
    return counts;
}

std::vector<Match> matches_of(const BenchRequest& request) {
    if (!request.arguments.empty())
        throw std::invalid_argument("unexpected argument \"" + request.arguments.front() +
                                    "\"; usage: dagmesh bench " + request.name);
    const auto whole = completed(request);
    for (const auto& bench_case : whole.cases)
        if (bench_case.emitted_per_event > 0 && whole.name == "latency")
            throw std::invalid_argument("--case: when an emitted event is due is its handler's "
                                        "matter, so it has no latency");
    std::vector<Match> matches;
    for (const auto& bench_case : whole.cases)
        for (const auto size : whole.sizes_bytes)
            for (const auto rate : whole.rates)
                matches.push_back(
                    {whole.name,
                     {bench_case, size, rate, whole.time.value_or(std::chrono::seconds(1))},
                     contenders_of(whole, bench_case),
                     whole.reference_transport});
    return matches;
}

} // namespace nodes
