#include "nodes/bench/side_by_side.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nodes {

namespace {

Contender reference_for(const Match& match, const Contender& contender) {
    auto transport = contender.transport;
    if (match.reference_transport == ReferenceTransport::tcp)
        transport = Transport::tcp;
    if (match.reference_transport == ReferenceTransport::ipc)
        transport = Transport::ipc;
    return {true, transport, mesh::Level::reliable, true};
}

/// The contenders, and behind them the references that they need.
std::vector<Contender> all_of(const BenchGround& ground, const Match& match) {
    auto all = match.contenders;
    if (ground.reference.empty())
        return all;
    for (const auto& contender : match.contenders) {
        const auto reference = reference_for(match, contender);
        if (std::ranges::count(all, reference) == 0)
            all.push_back(reference);
    }
    return all;
}

std::string text_of(const Match& match, const Contender& contender) {
    const auto& load = match.load;
    auto text =
        fmt::format("{} {} {} B", match.bench, load.bench_case.name, load.payload_size_bytes);
    if (load.rate > 0)
        text += fmt::format(" {:.0f}/s", load.rate);
    if (contender.is_reference)
        return text + " reference " + name_of(contender.transport);
    return text + fmt::format(" {} {} {}", name_of(contender.transport),
                              mesh::name_of(contender.level),
                              contender.is_inline ? "inline" : "lane");
}

} // namespace

std::size_t steps_of(const BenchGround& ground, const Match& match, std::size_t rounds) {
    return all_of(ground, match).size() * rounds;
}

std::vector<MatchResult> run_match(const BenchGround& ground, const Match& match,
                                   std::size_t rounds, Progress& progress) {
    const auto all = all_of(ground, match);
    std::vector<std::vector<Round>> done(all.size());
    for (std::size_t round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto turn = round % 2 == 0 ? i : all.size() - 1 - i;
            progress.step(
                fmt::format("{}, round {} of {}", text_of(match, all[turn]), round + 1, rounds));
            done[turn].push_back(run_round(ground, match.load, all[turn]));
        }
    std::vector<MatchResult> results;
    for (std::size_t i = 0; i < match.contenders.size(); ++i) {
        MatchResult result{match.bench, match.load, all[i], done[i], {}, {}};
        const auto reference = std::ranges::find(all, reference_for(match, all[i]));
        if (reference != all.end()) {
            result.reference_transport = reference->transport;
            result.reference_rounds = done[static_cast<std::size_t>(reference - all.begin())];
        }
        results.push_back(std::move(result));
    }
    return results;
}

} // namespace nodes
