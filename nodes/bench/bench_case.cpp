#include "nodes/bench/bench_case.hpp"

#include "mesh/base/suggest.hpp"
#include "nodes/cli/value.hpp"

#include <array>

namespace nodes {

namespace {

constexpr std::uint32_t processes_max = 64;
constexpr std::uint32_t topics_max = 10'000;
constexpr std::uint32_t emitted_max = 1'000;
constexpr std::uint32_t emitted_usually = 64;

auto invalid(std::string detail) {
    return mesh::fail(mesh::ErrorCode::invalid, std::move(detail));
}

mesh::Result<std::uint32_t> number_within(std::string_view text, std::uint32_t min,
                                          std::uint32_t max) {
    const auto number = parse_number(text);
    if (!number || *number < min || *number > max)
        return invalid("expected a number from " + std::to_string(min) + " to " +
                       std::to_string(max) + ", got \"" + std::string(text) + "\"");
    return static_cast<std::uint32_t>(*number);
}

} // namespace

mesh::Result<BenchCase> parse_bench_case(std::string_view text) {
    BenchCase found;
    found.name = text;
    const auto colon = text.find(':');
    const auto kind = text.substr(0, colon);
    const auto rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    const auto take = [&](std::uint32_t& field, std::uint32_t min,
                          std::uint32_t max) -> mesh::Result<BenchCase> {
        const auto number = number_within(rest, min, max);
        if (!number)
            return invalid("case \"" + found.name + "\": " + number.error().detail);
        field = *number;
        return found;
    };
    if (kind == "1" && !rest.empty())
        return take(found.receivers, 1, processes_max);
    if (kind == "mesh") {
        found.is_mesh = true;
        auto mesh = take(found.senders, 2, processes_max);
        if (mesh)
            mesh->receivers = mesh->senders;
        return mesh;
    }
    if (kind == "topics")
        return take(found.topics, 1, topics_max);
    if (kind == "emitted") {
        found.emitted_per_event = emitted_usually;
        return rest.empty() ? mesh::Result<BenchCase>(found)
                            : take(found.emitted_per_event, 1, emitted_max);
    }
    if (text == "lane") {
        found.is_lane = true;
        return found;
    }
    const std::array<std::string, 6> known{"1:1", "1:8", "mesh:8", "topics:100", "lane", "emitted"};
    auto suggestion = mesh::did_you_mean(text, known);
    return invalid(
        "unknown case \"" + found.name + "\"" +
        (suggestion.empty() ? "; there are 1:N, mesh:N, topics:N, lane and emitted" : suggestion));
}

std::vector<CaseProcess> processes_of(const BenchCase& bench_case) {
    std::vector<CaseProcess> processes;
    if (!bench_case.is_mesh) {
        processes.push_back({{}, bench_case.receivers});
        processes.insert(processes.end(), bench_case.receivers, CaseProcess{{0}, 0});
        return processes;
    }
    for (std::uint32_t i = 0; i < bench_case.senders; ++i) {
        CaseProcess process{{}, bench_case.senders - 1};
        for (std::uint32_t other = 0; other < bench_case.senders; ++other)
            if (other != i)
                process.hears.push_back(other);
        processes.push_back(std::move(process));
    }
    return processes;
}

} // namespace nodes
