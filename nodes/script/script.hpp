#pragma once

#include "mesh/base/time.hpp"
#include "mesh/event/pattern.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nodes {

/// A service of the script, all its replicas, or one of them: `order`, `order/2`.
struct Target {
    std::string service;
    std::optional<std::uint32_t> replica;

    bool operator==(const Target&) const = default;
};

/// `wait ready N within D`.
struct WaitReady {
    std::size_t count = 0;
    mesh::Duration within{};

    bool operator==(const WaitReady&) const = default;
};

/// `pub TOPIC [DATA]`.
struct Publish {
    std::string topic;
    std::string data;

    bool operator==(const Publish&) const = default;
};

/// `PATH==VALUE` of a `where`.
struct Condition {
    std::vector<std::string> path;
    std::string value; ///< as compact JSON

    bool operator==(const Condition&) const = default;
};

/// `expect [none of] PATTERN [where PATH==VALUE...] [count N] within D`.
struct Expectation {
    mesh::Pattern pattern;
    std::vector<Condition> where; ///< all must hold
    std::uint64_t count = 1;
    bool is_none = false;
    mesh::Duration within{};

    bool operator==(const Expectation&) const = default;
};

/// `kill -9 S`, `stop S`, `start S`, `pause S`, `resume S`.
struct Order {
    enum class Kind { kill, stop, start, pause, resume };

    Kind kind = Kind::start;
    Target target;

    bool operator==(const Order&) const = default;
};

/// `partition S1 S2 | S3 for D`.
struct Partition {
    std::vector<std::vector<Target>> sides; ///< at least two, each with at least one
    mesh::Duration time{};

    bool operator==(const Partition&) const = default;
};

/// `replicas S N`.
struct Replicas {
    std::string service;
    std::uint32_t count = 0;

    bool operator==(const Replicas&) const = default;
};

/// `ledger balanced [within D]`.
struct LedgerBalanced {
    mesh::Duration within = std::chrono::seconds(10);

    bool operator==(const LedgerBalanced&) const = default;
};

/// `check`.
struct CheckMesh {
    bool operator==(const CheckMesh&) const = default;
};

/// `run SHELL`.
struct RunShell {
    std::string command;

    bool operator==(const RunShell&) const = default;
};

using StepBody = std::variant<WaitReady, Publish, Expectation, Order, Partition, Replicas,
                              LedgerBalanced, CheckMesh, RunShell>;

/// One line of a script that does something.
struct Step {
    std::size_t line = 0; ///< counted from 1
    std::string text;     ///< as written, without blanks at its ends
    StepBody body;
};

/// A demo: steps that run one after the other. What each means: docs/scripts.md.
struct Script {
    std::string file; ///< as the user named it
    std::vector<Step> steps;
};

/// `order`, `order/2`.
std::string to_string(const Target& target);

/// `order.created where user_id==1`, without the rest.
std::string to_string(const Expectation& expectation);

/// A time as people type it: `5s`, `1500ms`.
std::string typed_text(mesh::Duration time);

/// Bounds of a script.
inline constexpr std::size_t script_size_bytes_max = std::size_t{1024} * 1024;
inline constexpr std::size_t script_steps_max = 10'000;
inline constexpr std::uint32_t script_replicas_max = 64;

} // namespace nodes
