#include "mesh/store/journal_options.hpp"

#include "mesh/base/quantity.hpp"

#include <charconv>
#include <chrono>
#include <set>
#include <string>

namespace mesh {

namespace {

Result<std::uint64_t> parse_count(std::string_view text) {
    std::uint64_t count = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || stopped != end || count == 0)
        return fail(ErrorCode::invalid,
                    "expected a count of at least 1, got \"" + std::string(text) + "\"");
    return count;
}

Result<void> take(JournalOptions& options, std::string_view name, std::string_view value) {
    const auto refuse = [&](const Error& error) {
        return fail(ErrorCode::invalid, std::string(name) + ": " + error.detail);
    };
    if (name == "size") {
        const auto size = parse_size(value);
        if (!size)
            return refuse(size.error());
        if (*size == 0)
            return fail(ErrorCode::invalid, "size: expected some room, got \"" +
                                                std::string(value) + "\": nothing would be kept");
        options.size_bytes_max = *size;
    } else if (name == "count") {
        const auto count = parse_count(value);
        if (!count)
            return refuse(count.error());
        options.count_max = *count;
    } else if (name == "age") {
        const auto age = parse_duration(value);
        if (!age)
            return refuse(age.error());
        if (*age < std::chrono::microseconds(1))
            return fail(ErrorCode::invalid, "age: expected some time, got \"" + std::string(value) +
                                                "\": nothing would be kept");
        options.age_max = std::chrono::duration_cast<std::chrono::microseconds>(*age);
    } else if (name == "keep") {
        const auto size = parse_size(value);
        if (!size)
            return refuse(size.error());
        options.kept_size_bytes_max = *size;
    } else if (name == "full" && (value == "refuse" || value == "trim")) {
        options.full = value == "trim" ? WhenFull::trim : WhenFull::refuse;
    } else {
        return fail(ErrorCode::invalid,
                    "expected size=, count=, age=, keep= or full=refuse|trim, got \"" +
                        std::string(name) + "=" + std::string(value) + "\"");
    }
    return {};
}

} // namespace

Result<Sync> parse_sync(std::string_view text) {
    if (text == "normal")
        return Sync::normal;
    if (text == "power")
        return Sync::power;
    return fail(ErrorCode::invalid, "expected normal or power, got \"" + std::string(text) + "\"");
}

Result<JournalOptions> parse_journal_options(std::string_view text) {
    JournalOptions options;
    std::set<std::string_view> named;
    while (!text.empty()) {
        const auto entry = text.substr(0, text.find(','));
        text.remove_prefix(entry.size() + (entry.size() < text.size() ? 1 : 0));
        const auto name = entry.substr(0, entry.find('='));
        const auto value = name.size() < entry.size() ? entry.substr(name.size() + 1) : "";
        if (auto taken = take(options, name, value); !taken)
            return tl::unexpected(taken.error());
        if (!named.insert(name).second)
            return fail(ErrorCode::invalid, std::string(name) + " is given twice");
    }
    return options;
}

} // namespace mesh
