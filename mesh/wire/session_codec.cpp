#include "mesh/wire/session_codec.hpp"

#include <array>
#include <limits>

namespace mesh {

namespace {

using packed::Fields;
using packed::Packer;

/// Reads rows of exactly `size` numbers, the first one a subscription's index.
template <std::size_t size, class Take>
void take_rows(packed::Map& map, Take take) {
    const auto* list = map.list("subscriptions");
    if (list == nullptr)
        return;
    if (list->size > subscription_rows_max)
        return map.refuse("subscriptions");
    for (std::uint32_t i = 0; i < list->size; ++i) {
        const auto& row = list->ptr[i];
        std::array<std::uint64_t, size> numbers{};
        bool is_row = row.type == msgpack::type::ARRAY && row.via.array.size == size;
        for (std::uint32_t k = 0; is_row && k < size; ++k) {
            const auto& item = row.via.array.ptr[k];
            is_row = item.type == msgpack::type::POSITIVE_INTEGER;
            numbers[k] = is_row ? item.via.u64 : 0;
        }
        if (!is_row || numbers[0] > std::numeric_limits<SubscriptionIndex>::max())
            return map.refuse("subscriptions");
        take(static_cast<SubscriptionIndex>(numbers[0]), numbers);
    }
}

} // namespace

void pack_body(Packer& packer, const Open& open) {
    Fields fields(packer, 1U + (open.journal == 0 ? 0U : 1U) + (open.foreign.empty() ? 0U : 1U));
    fields.add("attempt", open.attempt);
    if (open.journal != 0)
        fields.add("journal", open.journal);
    if (!open.foreign.empty())
        fields.rows("subscriptions", open.foreign, [](const Open::Foreign& one) {
            return std::array<std::uint64_t, 2>{one.index, one.position};
        });
}

void pack_body(Packer& packer, const Opened& opened) {
    Fields(packer, 3)
        .add("attempt", opened.attempt)
        .add("session", opened.session)
        .rows("subscriptions", opened.subscriptions, [](const Opened::Subscription& one) {
            const std::uint64_t flags = (one.is_lasting ? 1U : 0U) | (one.is_shared ? 2U : 0U) |
                                        (one.is_resumed ? 4U : 0U) | (one.is_remembered ? 8U : 0U);
            return std::array<std::uint64_t, 12>{one.index,
                                                 flags,
                                                 static_cast<std::uint64_t>(one.policy),
                                                 one.depth,
                                                 static_cast<std::uint64_t>(one.from.kind),
                                                 one.from.number,
                                                 one.window_events,
                                                 one.window_bytes,
                                                 one.age_us,
                                                 one.position,
                                                 one.events,
                                                 one.bytes};
        });
}

void pack_body(Packer& packer, const Acknowledge& acknowledge) {
    Fields(packer, 2)
        .add("session", acknowledge.session)
        .rows("subscriptions", acknowledge.subscriptions, [](const Acknowledge::Subscription& one) {
            return std::array<std::uint64_t, 6>{one.index, one.position,      one.events,
                                                one.bytes, one.window_events, one.window_bytes};
        });
}

void pack_body(Packer& packer, const Head& head) {
    Fields(packer, 2)
        .add("session", head.session)
        .rows("subscriptions", head.subscriptions, [](const Head::Subscription& one) {
            return std::array<std::uint64_t, 2>{one.index, one.position};
        });
}

void pack_body(Packer& packer, const Rewind& rewind) {
    Fields(packer, 2)
        .add("session", rewind.session)
        .rows("subscriptions", rewind.subscriptions, [](const Rewind::Subscription& one) {
            return std::array<std::uint64_t, 4>{one.index, one.position, one.events, one.bytes};
        });
}

void pack_body(Packer& packer, const Reopen& reopen) {
    Fields(packer, 1).add("session", reopen.session);
}

void take_body(packed::Map& map, Open& open) {
    open.attempt = map.number("attempt");
    open.journal = map.number("journal");
    take_rows<2>(map, [&](SubscriptionIndex index, const auto& row) {
        open.foreign.push_back({index, row[1]});
    });
}

void take_body(packed::Map& map, Opened& opened) {
    opened.attempt = map.number("attempt");
    opened.session = map.number("session");
    take_rows<12>(map, [&](SubscriptionIndex index, const auto& row) {
        if (row[2] >= policy_count || row[4] >= StartFrom::kind_count)
            return map.refuse("subscriptions");
        Opened::Subscription one;
        one.index = index;
        one.is_lasting = (row[1] & 1U) != 0;
        one.is_shared = (row[1] & 2U) != 0;
        one.policy = static_cast<Policy>(row[2]);
        one.depth = row[3];
        one.from = {static_cast<StartFrom::Kind>(row[4]), row[5]};
        one.window_events = row[6];
        one.window_bytes = row[7];
        one.age_us = row[8];
        one.is_resumed = (row[1] & 4U) != 0;
        one.is_remembered = (row[1] & 8U) != 0;
        one.position = row[9];
        one.events = row[10];
        one.bytes = row[11];
        opened.subscriptions.push_back(one);
    });
}

void take_body(packed::Map& map, Acknowledge& acknowledge) {
    acknowledge.session = map.number("session");
    take_rows<6>(map, [&](SubscriptionIndex index, const auto& row) {
        acknowledge.subscriptions.push_back({index, row[1], row[2], row[3], row[4], row[5]});
    });
}

void take_body(packed::Map& map, Head& head) {
    head.session = map.number("session");
    take_rows<2>(map, [&](SubscriptionIndex index, const auto& row) {
        head.subscriptions.push_back({index, row[1]});
    });
}

void take_body(packed::Map& map, Rewind& rewind) {
    rewind.session = map.number("session");
    take_rows<4>(map, [&](SubscriptionIndex index, const auto& row) {
        rewind.subscriptions.push_back({index, row[1], row[2], row[3]});
    });
}

void take_body(packed::Map& map, Reopen& reopen) {
    reopen.session = map.number("session");
}

} // namespace mesh
