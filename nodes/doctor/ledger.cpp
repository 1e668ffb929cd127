#include "nodes/doctor/ledger.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace nodes {

namespace {

std::string label(const NodeLedger& node) {
    return node.service + "/" + node.instance;
}

/// What a publisher and a handler have between them, by topic.
struct Account {
    std::string subscription;
    std::map<std::string, LedgerRow> topics;
    bool has_partner = false;
    bool has_unknown_topics = false; ///< so that only the sum can be judged
};

/// Whose events: publisher, whether its journal; whose handler: node, name, or, of one that is
/// away, the whole name of its subscription.
using AccountKey = std::tuple<mesh::NodeId, bool, mesh::NodeId, std::string>;

const NodeLedger* find(const std::vector<NodeLedger>& nodes, const mesh::NodeId& id,
                       std::uint32_t run) {
    const auto found = std::ranges::find(nodes, id, &NodeLedger::id);
    return found == nodes.end() || found->run != run ? nullptr : &*found;
}

void add_sent(Account& account, const mesh::SentRow& row) {
    auto& own = account.topics[row.topic];
    own.sent += row.sent;
    own.waiting += row.waiting;
    for (std::size_t i = 0; i < own.dropped.size(); ++i)
        own.dropped[i] += row.dropped[i];
    account.has_unknown_topics = account.has_unknown_topics || row.topic.empty();
}

void add_handled(Account& account, const mesh::HandledRow& row) {
    // That a gap was heard of is known; what was lost in it, its publisher has counted.
    const bool is_of_topic = row.handled + row.dead + row.ignored + row.in_hand > 0;
    if (!is_of_topic)
        return;
    auto& own = account.topics[row.topic];
    own.handled += row.handled;
    own.dead += row.dead;
    own.ignored += row.ignored;
    own.in_hand += row.in_hand;
    account.has_unknown_topics = account.has_unknown_topics || row.topic.empty();
}

void add_up(LedgerRow& sum, const LedgerRow& row) {
    sum.sent += row.sent;
    sum.handled += row.handled;
    sum.dead += row.dead;
    sum.ignored += row.ignored;
    sum.waiting += row.waiting;
    sum.in_hand += row.in_hand;
    for (std::size_t i = 0; i < sum.dropped.size(); ++i)
        sum.dropped[i] += row.dropped[i];
}

void judge(Account& account, const std::string& publisher, bool is_durable,
           std::vector<LedgerRow>& rows) {
    using Verdict = LedgerRow::Verdict;
    LedgerRow sum;
    sum.topic = "*";
    for (auto& [topic, row] : account.topics) {
        add_up(sum, row);
        row.topic = topic;
        row.verdict = !account.has_partner          ? Verdict::away
                      : account.has_unknown_topics  ? Verdict::whole
                      : row.sent == row.accounted() ? Verdict::balanced
                                                    : Verdict::unbalanced;
    }
    if (account.has_partner && account.has_unknown_topics) {
        sum.verdict = sum.sent == sum.accounted() ? Verdict::balanced : Verdict::unbalanced;
        account.topics["*"] = sum;
    }
    for (auto& [topic, row] : account.topics) {
        row.publisher = publisher;
        row.subscription = account.subscription;
        row.is_durable = is_durable;
        rows.push_back(row);
    }
}

} // namespace

std::vector<LedgerRow> ledger_rows(const std::vector<NodeLedger>& nodes) {
    std::map<AccountKey, Account> accounts;
    for (const auto& publisher : nodes)
        for (const auto& row : publisher.sent) {
            const auto* partner = find(nodes, row.node, row.run);
            const bool is_known = partner != nullptr && !row.handler.empty();
            auto& account =
                accounts[{publisher.id, row.is_durable, is_known ? row.node : mesh::NodeId{},
                          is_known ? row.handler : row.subscription}];
            account.has_partner = is_known && !partner->is_incomplete;
            account.subscription =
                is_known ? partner->service + "." + row.handler + " at " + label(*partner)
                         : row.subscription;
            add_sent(account, row);
        }
    for (const auto& subscriber : nodes)
        for (const auto& row : subscriber.handled) {
            // What an earlier run of a publisher sent, that has taken its count with it.
            if (find(nodes, row.source, row.run) == nullptr)
                continue;
            const AccountKey key{row.source, row.is_durable, subscriber.id, row.handler};
            auto& account = accounts[key];
            if (account.subscription.empty()) // its publisher does not serve it now
                account.subscription =
                    subscriber.service + "." + row.handler + " at " + label(subscriber);
            add_handled(account, row);
        }
    std::vector<LedgerRow> rows;
    for (auto& [key, account] : accounts) {
        const auto publisher = std::ranges::find(nodes, std::get<0>(key), &NodeLedger::id);
        judge(account, label(*publisher), std::get<1>(key), rows);
    }
    std::ranges::sort(rows, [](const LedgerRow& a, const LedgerRow& b) {
        return std::tie(a.publisher, a.subscription, a.is_durable, a.topic) <
               std::tie(b.publisher, b.subscription, b.is_durable, b.topic);
    });
    return rows;
}

bool is_balanced(const std::vector<LedgerRow>& rows) {
    return std::ranges::none_of(
        rows, [](const LedgerRow& row) { return row.verdict == LedgerRow::Verdict::unbalanced; });
}

} // namespace nodes
