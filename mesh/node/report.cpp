#include "mesh/node/report.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mesh {

namespace {

/// Topics and names hold no control characters, so two characters need care.
std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + "\"";
}

template <class Items, class Format>
std::string joined(const Items& items, Format format) {
    std::string out;
    for (const auto& item : items)
        out += (out.empty() ? "" : ",") + format(item);
    return out;
}

std::string topic_report(const std::pair<const std::string, TopicCounts>& item) {
    const auto& [name, counts] = item;
    return fmt::format(
        R"({}:{{"handled":{},"failed":{},"retried":{},"overdue":{},"dead":{},"expired":{},)"
        R"("ignored":{},"stopped":{},"lost":{},"first_us":{},"last_us":{},)"
        R"("latency_us":{{"p50":{},"p99":{}}}}})",
        json_text(name), counts.handled, counts.failed, counts.retried, counts.overdue, counts.dead,
        counts.expired, counts.ignored, counts.stopped, counts.lost, counts.first_us,
        counts.last_us, counts.latency.percentile_us(0.5), counts.latency.percentile_us(0.99));
}

} // namespace

std::string report_line(const std::string& service, const std::string& instance,
                        const std::map<std::string, std::uint64_t>& published,
                        const std::vector<HandlerReport>& handlers) {
    const auto published_text = joined(published, [](const auto& item) {
        return json_text(item.first) + ":" + std::to_string(item.second);
    });
    const auto handlers_text = joined(handlers, [](const HandlerReport& handler) {
        return fmt::format(R"({{"name":{},"topics":{{{}}}}})", json_text(handler.name),
                           joined(handler.topics, topic_report));
    });
    return fmt::format(R"({{"service":{},"instance":{},"published":{{{}}},"handlers":[{}]}})",
                       json_text(service), json_text(instance), published_text, handlers_text) +
           "\n";
}

} // namespace mesh
