#include "mesh/base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cstddef>
#include <memory>
#include <string>

namespace mesh {

namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "dagmesh", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%H:%M:%S.%e %l: %v");
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
    case LogLevel::debug:
        return spdlog::level::debug;
    case LogLevel::info:
        return spdlog::level::info;
    case LogLevel::warning:
        return spdlog::level::warn;
    case LogLevel::error:
        return spdlog::level::err;
    case LogLevel::off:
        break;
    }
    return spdlog::level::off;
}

/// What a terminal would obey is escaped: in UTF-8 also U+0080 to U+009F, C2 80 to C2 9F.
std::string on_one_line(std::string_view text) {
    std::string line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte == '\n') {
            line += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            line += fmt::format("\\x{:02x}", byte);
        } else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
            line += fmt::format("\\x{:02x}", next);
            ++i;
        } else {
            line += text[i];
        }
    }
    return line;
}

} // namespace

void log(LogLevel level, std::string_view text) {
    if (logger().should_log(to_spdlog(level)))
        log_lines(level, on_one_line(text));
}

void log_lines(LogLevel level, std::string_view text) {
    logger().log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

void set_log_level(LogLevel level) {
    logger().set_level(to_spdlog(level));
}

void CountedWarning::operator()(std::string_view detail) {
    const auto count = count_.fetch_add(1, std::memory_order_relaxed) + 1;
    std::uint64_t power = 1;
    while (power < count)
        power *= 10;
    if (count == power)
        log(LogLevel::warning, fmt::format("{}: {} (seen {} times)", what_, detail, count));
}

} // namespace mesh
