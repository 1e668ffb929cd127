#pragma once

#include "mesh/node/handling/handler_runner.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mesh {

struct HandlerReport {
    std::string name;
    std::map<std::string, TopicCounts> topics;
};

/// One line of JSON that says what a node did in its life, for whoever started it:
/// `{"service":..,"instance":..,"published":{TOPIC:COUNT},"handlers":[{"name":..,
/// "topics":{TOPIC:{"handled":..,"failed":..,"retried":..,"overdue":..,"dead":..,"expired":..,
/// "ignored":..,"stopped":..,"lost":..,"first_us":..,"last_us":..,
/// "latency_us":{"p50":..,"p99":..}}}}]}`: see TopicCounts. Times count from the Unix epoch,
/// latency from publish to handled. The beats of a timed handler are counted as "(beats)".
std::string report_line(const std::string& service, const std::string& instance,
                        const std::map<std::string, std::uint64_t>& published,
                        const std::vector<HandlerReport>& handlers);

} // namespace mesh
