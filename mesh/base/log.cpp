#include "mesh/base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

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

} // namespace

void log(LogLevel level, std::string_view text) {
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
