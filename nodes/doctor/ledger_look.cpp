#include "nodes/doctor/ledger_look.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration look_interval = 250ms;

// A link that broke unnoticed is opened anew after a second, and what was on it comes again.
constexpr mesh::Duration mending_patience = 3s;

} // namespace

LedgerLook look_at_ledgers(Survey& survey) {
    const auto peers = survey.nodes();
    LedgerLook look;
    std::vector<Survey::Asked> open;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < peers.size(); ++i) {
        mesh::Question question;
        question.kind = mesh::Question::Kind::ledger;
        open.push_back({peers[i], question});
        places.push_back(i);
        look.nodes.push_back({peers[i].id,
                              peers[i].incarnation,
                              peers[i].service,
                              peers[i].instance,
                              {},
                              {},
                              false});
    }
    std::vector<bool> has_answered(peers.size());
    while (!open.empty()) {
        auto answers = survey.ask(open);
        std::vector<Survey::Asked> next;
        std::vector<std::size_t> next_places;
        for (std::size_t k = 0; k < open.size(); ++k) {
            auto& node = look.nodes[places[k]];
            has_answered[places[k]] = answers[k].has_value();
            if (!answers[k])
                continue;
            std::ranges::move(answers[k]->sent, std::back_inserter(node.sent));
            std::ranges::move(answers[k]->handled, std::back_inserter(node.handled));
            node.is_incomplete = answers[k]->figures["incomplete"] > 0;
            if (!answers[k]->is_more)
                continue;
            open[k].question.after = node.sent.size() + node.handled.size();
            next.push_back(open[k]);
            next_places.push_back(places[k]);
        }
        open = std::move(next);
        places = std::move(next_places);
    }
    for (std::size_t i = peers.size(); i-- > 0;)
        if (!has_answered[i]) {
            if (survey.is_in_view(peers[i])) // who left meanwhile might as well have left before
                look.silent.push_back(label(peers[i]));
            look.nodes.erase(look.nodes.begin() + static_cast<std::ptrdiff_t>(i));
        }
    return look;
}

SettledLedger settled_ledger(Survey& survey) {
    SettledLedger ledger{look_at_ledgers(survey), {}, false};
    auto settled_at = mesh::now();
    while (survey.pause(look_interval)) {
        auto next = look_at_ledgers(survey);
        if (!next.silent.empty())
            break;
        ledger.is_settled = next == ledger.look;
        if (!ledger.is_settled) {
            ledger.look = std::move(next);
            settled_at = mesh::now();
            continue;
        }
        ledger.rows = ledger_rows(ledger.look.nodes);
        if (is_balanced(ledger.rows) || mesh::now() - settled_at > mending_patience)
            return ledger;
    }
    ledger.rows = ledger_rows(ledger.look.nodes);
    return ledger;
}

} // namespace nodes
