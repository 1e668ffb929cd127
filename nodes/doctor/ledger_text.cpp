#include "nodes/doctor/ledger_text.hpp"

#include "nodes/text/table.hpp"

#include <nlohmann/json.hpp>

namespace nodes {

namespace {

std::string_view text_of(LedgerRow::Verdict verdict) {
    switch (verdict) {
    case LedgerRow::Verdict::balanced:
        return "balanced";
    case LedgerRow::Verdict::unbalanced:
        return "unbalanced";
    case LedgerRow::Verdict::away:
        return "away";
    case LedgerRow::Verdict::whole:
        return "see *";
    }
    return "unknown";
}

std::string topic_of(const LedgerRow& row) {
    return row.topic.empty() ? "(unknown)" : row.topic;
}

/// `3` or `3 (policy 2, fast 1)`.
std::string dropped_of(const LedgerRow& row) {
    std::string reasons;
    for (std::size_t i = 0; i < row.dropped.size(); ++i)
        if (row.dropped[i] > 0)
            reasons += (reasons.empty() ? "" : ", ") + std::string(drop_reasons[i]) + " " +
                       std::to_string(row.dropped[i]);
    return std::to_string(row.dropped_count()) + (reasons.empty() ? "" : " (" + reasons + ")");
}

} // namespace

std::string ledger_table(const std::vector<LedgerRow>& rows) {
    if (rows.empty())
        return {};
    std::vector<std::vector<std::string>> lines{{"publisher", "subscription", "topic", "sent",
                                                 "handled", "dead", "ignored", "dropped",
                                                 "in flight", ""}};
    for (const auto& row : rows)
        lines.push_back({row.publisher + (row.is_durable ? " (journal)" : ""), row.subscription,
                         topic_of(row), std::to_string(row.sent), std::to_string(row.handled),
                         std::to_string(row.dead), std::to_string(row.ignored), dropped_of(row),
                         std::to_string(row.in_flight()), std::string(text_of(row.verdict))});
    return table(lines, 60);
}

std::string ledger_json(const std::vector<LedgerRow>& rows) {
    using nlohmann::ordered_json;
    std::string text;
    for (const auto& row : rows) {
        ordered_json object;
        object["publisher"] = row.publisher;
        object["journal"] = row.is_durable;
        object["subscription"] = row.subscription;
        object["topic"] = row.topic;
        object["sent"] = row.sent;
        object["handled"] = row.handled;
        object["dead"] = row.dead;
        object["ignored"] = row.ignored;
        object["dropped"] = ordered_json::object();
        for (std::size_t i = 0; i < row.dropped.size(); ++i)
            object["dropped"][drop_reasons[i]] = row.dropped[i];
        object["waiting"] = row.waiting;
        object["in_hand"] = row.in_hand;
        object["in_flight"] = row.in_flight();
        object["state"] = row.verdict == LedgerRow::Verdict::whole ? "part" : text_of(row.verdict);
        text += object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
    }
    return text;
}

std::vector<std::string> ledger_complaints(const std::vector<LedgerRow>& rows) {
    std::vector<std::string> complaints;
    for (const auto& row : rows) {
        if (row.verdict != LedgerRow::Verdict::unbalanced)
            continue;
        const auto accounted = row.accounted();
        complaints.push_back(
            row.publisher + ", " + topic_of(row) + ", " + row.subscription + ": sent " +
            std::to_string(row.sent) + ", but handled " + std::to_string(row.handled) + " + dead " +
            std::to_string(row.dead) + " + ignored " + std::to_string(row.ignored) + " + dropped " +
            std::to_string(row.dropped_count()) + " + in flight " +
            std::to_string(row.in_flight()) + " = " + std::to_string(accounted) + ": " +
            (row.sent > accounted ? std::to_string(row.sent - accounted) + " missing"
                                  : std::to_string(accounted - row.sent) + " too many"));
    }
    return complaints;
}

} // namespace nodes
