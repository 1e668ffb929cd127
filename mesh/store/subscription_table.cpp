#include "mesh/store/subscription_table.hpp"

#include "mesh/store/checksum.hpp"

#include <algorithm>

namespace mesh {

namespace {

// Patterns hold no control character, so one a line is enough.
std::string lines_of(const std::vector<std::string>& patterns) {
    std::string text;
    for (const auto& pattern : patterns)
        text += pattern + '\n';
    return text;
}

std::vector<std::string> patterns_of(std::string_view text) {
    std::vector<std::string> patterns;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        patterns.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return patterns;
}

std::uint32_t checksum_of(const KnownSubscription& one, std::string_view patterns) {
    return Checksum()
        .add(one.key)
        .add(patterns)
        .add(one.position)
        .add(one.seen_us)
        .add(one.is_lasting)
        .add(one.group)
        .add(one.owner)
        .add(one.index)
        .add(one.slots)
        .value();
}

} // namespace

Result<std::vector<KnownSubscription>> SubscriptionTable::load() {
    std::vector<KnownSubscription> known;
    // A row that is gone has no checksum that could be wrong.
    if (auto sound = database_.check_table("dagmesh_subscriptions"); !sound)
        return tl::unexpected(sound.error());
    auto rows = database_.statement("SELECT key, patterns, position, seen_us, is_lasting, "
                                    "sharing, owner, part, slots, checksum "
                                    "FROM dagmesh_subscriptions ORDER BY key");
    for (;;) {
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return known;
        KnownSubscription one{.key = std::string(rows.text(0)),
                              .patterns = patterns_of(rows.text(1)),
                              .position = rows.number(2),
                              .seen_us = rows.number(3),
                              .is_lasting = rows.integer(4) != 0,
                              .group = std::string(rows.text(5)),
                              .owner = std::string(rows.text(6)),
                              .index = static_cast<std::uint32_t>(rows.number(7)),
                              .slots = rows.number(8)};
        one.is_damaged = rows.number(9) != checksum_of(one, rows.text(1));
        if (one.is_damaged)
            one.position = 0;
        known.push_back(std::move(one));
    }
}

Result<void> SubscriptionTable::save(std::span<const KnownSubscription> changed) {
    if (changed.empty())
        return {};
    return database_.transaction([&]() -> Result<void> {
        for (const auto& one : changed) {
            const auto patterns = lines_of(one.patterns);
            auto saved = database_
                             .statement("INSERT OR REPLACE INTO dagmesh_subscriptions "
                                        "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                        std::string_view(one.key), std::string_view(patterns),
                                        one.position, one.seen_us, one.is_lasting,
                                        std::string_view(one.group), std::string_view(one.owner),
                                        one.index, one.slots, checksum_of(one, patterns))
                             .run();
            if (!saved)
                return saved;
        }
        return {};
    });
}

Result<void> SubscriptionTable::remove(std::string_view key) {
    return database_.statement("DELETE FROM dagmesh_subscriptions WHERE key = ?", key).run();
}

} // namespace mesh
