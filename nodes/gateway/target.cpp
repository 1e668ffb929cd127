#include "nodes/gateway/target.hpp"

#include "mesh/event/topic.hpp"

#include <algorithm>
#include <charconv>

namespace nodes {

namespace {

/// In a query a plus stands for a blank, as forms and `curl --data-urlencode` write it.
OrRefusal<std::string> decoded(std::string_view text, bool is_query) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto digits = text.substr(i + 1, 2);
            unsigned value = 0;
            const auto [end, error] =
                std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
            if (digits.size() < 2 || error != std::errc{} || end != digits.data() + 2)
                return refuse(400, "expected % and two hexadecimal digits, got " +
                                       in_quotes(text.substr(i, 3)));
            plain += static_cast<char>(value);
            i += 2;
        } else {
            plain += is_query && text[i] == '+' ? ' ' : text[i];
        }
    }
    if (!mesh::is_utf8(plain))
        return refuse(400, "expected UTF-8 in the target, got " + in_quotes(plain));
    return plain;
}

/// Calls `take` with each part; stops at the first refusal.
template <class Take>
OrRefusal<void> for_each_part(std::string_view text, char separator, Take take) {
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(separator, begin), text.size());
        if (auto taken = take(text.substr(begin, end - begin)); !taken)
            return taken;
        begin = end + 1;
    }
    return {};
}

} // namespace

std::optional<std::string> Target::queried(std::string_view name) const {
    for (const auto& [given, value] : query)
        if (given == name)
            return value;
    return std::nullopt;
}

OrRefusal<Target> parse_target(std::string_view text) {
    Target target;
    const auto question = std::min(text.find('?'), text.size());
    const auto path = text.substr(0, question);
    if (!path.starts_with('/'))
        return refuse(400, "expected a path that begins with /, got " + in_quotes(path));
    const auto take_part = [&](std::string_view part) -> OrRefusal<void> {
        auto plain = decoded(part, false);
        if (!plain)
            return tl::unexpected(plain.error());
        target.path.push_back(std::move(*plain));
        return {};
    };
    if (path != "/")
        if (auto taken = for_each_part(path.substr(1), '/', take_part); !taken)
            return tl::unexpected(taken.error());
    const auto take_pair = [&](std::string_view pair) -> OrRefusal<void> {
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals), true);
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value)
            return tl::unexpected(name ? value.error() : name.error());
        if (!pair.empty())
            target.query.emplace_back(std::move(*name), std::move(*value));
        return {};
    };
    if (question < text.size())
        if (auto taken = for_each_part(text.substr(question + 1), '&', take_pair); !taken)
            return tl::unexpected(taken.error());
    return target;
}

} // namespace nodes
