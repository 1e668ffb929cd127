#pragma once

#include "mesh/base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nodes {

/// What one handler did with one topic.
struct HandledFigures {
    std::uint64_t handled = 0;
    std::uint64_t failed = 0;
    std::uint64_t lost = 0;
    std::int64_t first_us = 0; ///< when the first was handled, since the Unix epoch; 0: none was
    std::int64_t last_us = 0;
    std::uint64_t latency_p50_us = 0; ///< of several processes the worst: percentiles do not add
    std::uint64_t latency_p99_us = 0;

    bool operator==(const HandledFigures&) const = default;
};

/// What the processes of a run say of themselves when they end, put together.
class RunReport {
public:
    /// Adds one line as a process writes it to DAGMESH_REPORT_FD:
    /// {"service": "order", "instance": "1", "published": {"order.created": 1000},
    ///  "handlers": [{"name": "create", "topics": {"user.registered": {"handled": 1000,
    ///    "failed": 0, "lost": 0, "first_us": 1, "last_us": 2,
    ///    "latency_us": {"p50": 123, "p99": 456}}}}]}
    /// Counts of replicas and of restarted processes add up.
    /// Errors: `malformed`; then nothing was added.
    mesh::Result<void> add(std::string_view line);

    bool is_empty() const { return topics_.empty(); }

    /// Per topic how many were published, and per handler how many were handled, how fast and how
    /// late, in 100 columns unless names are longer. Ends with a newline.
    std::string table() const;

private:
    struct Topic {
        std::uint64_t published = 0;
        std::map<std::string, HandledFigures> handlers; ///< by `service.handler`
    };

    std::map<std::string, Topic> topics_;
};

} // namespace nodes
