#include "tests/prove/graph/judge.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace prove_graph {

namespace {

std::vector<std::size_t> undoers_of(const PlainGraph& graph, std::size_t step) {
    std::vector<std::size_t> all;
    for (std::size_t h = 0; h < graph.handlers.size(); ++h)
        if (std::ranges::count(graph.handlers[h].compensates, graph.handlers[step].label) > 0)
            all.push_back(h);
    return all;
}

/// Only what some handlers lead to.
Matrix rows_of(const Matrix& matrix, Members some) {
    Matrix rows(matrix.size());
    for (std::size_t from = 0; from < matrix.size(); ++from)
        for (std::size_t to = 0; to < matrix.size(); ++to)
            if ((some >> from & 1U) != 0 && matrix.has(from, to))
                rows.add(from, to);
    return rows;
}

/// The words of a message, without commas and colons.
std::vector<std::string> words_of(std::string message) {
    std::erase_if(message, [](char c) { return c == ',' || c == ':'; });
    std::istringstream in(message);
    std::vector<std::string> words;
    for (std::string word; in >> word;)
        words.push_back(word);
    return words;
}

/// A finding of a pair: its handlers are those that undo the steps, and its path is one.
std::string order_fault(const PlainGraph& graph, const mesh::Finding& finding,
                        const std::vector<std::string>& words, std::size_t distance) {
    const auto undoes = [&](const std::string& undo, const std::string& step) {
        const auto& all = graph.handlers[graph.find(undo)].compensates;
        return std::ranges::find(all, step) != all.end();
    };
    if (!undoes(words[1], words[3]) || !undoes(words[9], words[14]))
        return "an order of handlers that undo something else: " + finding.message;
    const auto& first = graph.handlers[graph.find(words[3])];
    const auto length = distance - (first.on.empty() ? 1 : 0);
    if (finding.path.size() != length || finding.places.size() != (first.on.empty() ? 3 : 2))
        return "an order without its shortest witness: " + finding.message;
    if (!first.on.empty() && finding.path.front().handler != words[3])
        return "an order whose path begins elsewhere: " + finding.message;
    return walk_fault(graph, finding.path, Loops::left_out, false);
}

/// The pairs of a step and a next one that are not undone in reverse order, and how far the second
/// is from the first.
std::map<std::string, std::size_t> disorder(const PlainGraph& graph) {
    const auto count = graph.handlers.size();
    Members undo = 0;
    Members steps = 0;
    for (std::size_t h = 0; h < count; ++h)
        if (!graph.handlers[h].compensates.empty())
            undo |= Members{1} << h;
        else if (!undoers_of(graph, h).empty())
            steps |= Members{1} << h;
    const auto leads = graph.handlers_matrix(Loops::kept).closure();
    const auto doing = rows_of(graph.handlers_matrix(Loops::left_out), ~undo);
    const auto causes = doing.closure();
    std::map<std::string, std::size_t> pairs;
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = 0; b < count; ++b) {
            if (a == b || (steps >> a & 1U) == 0 || (steps >> b & 1U) == 0 || causes.has(b, a))
                continue;
            const auto distance = rows_of(doing, ~steps | Members{1} << a).distance(a, b);
            bool is_ordered = distance == 0;
            for (const auto later : undoers_of(graph, b))
                for (const auto earlier : undoers_of(graph, a))
                    is_ordered |= later == earlier || leads.has(later, earlier);
            if (!is_ordered)
                pairs[graph.handlers[a].label + " " + graph.handlers[b].label] = distance;
        }
    return pairs;
}

} // namespace

std::string judge_undo_order(const Case& one) {
    auto expected = disorder(one.plain);
    std::string fault;
    std::vector<std::string> wanted;
    wanted.reserve(expected.size());
    for (const auto& [pair, distance] : expected)
        wanted.push_back(pair);
    std::vector<std::string> found;
    for (const auto& finding : one.of("W009")) {
        const auto words = words_of(finding.message);
        found.push_back(words.at(3) + " " + words.at(14));
        if (fault.empty() && expected.contains(found.back()))
            fault = order_fault(one.plain, finding, words, expected[found.back()]);
    }
    expect_equal(fault, "steps that are not undone in reverse order", wanted, found);
    return fault;
}

} // namespace prove_graph
