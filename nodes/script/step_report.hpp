#pragma once

#include "mesh/base/time.hpp"
#include "nodes/script/script.hpp"
#include "nodes/script/step_result.hpp"

#include <cstddef>
#include <string>

namespace nodes {

/// Tells of the steps of a script, each as it is over. Pure.
class StepReport {
public:
    StepReport(const Script& script, bool is_json);

    /// `ok  3  wait ready 4 within 5s   0.21 s`, or `FAIL` and behind it why; or one JSON object.
    std::string told(const Step& step, mesh::Duration took, const StepResult& result) const;

    /// What stands below the last step when all were done, or what a stop cut short.
    std::string end(mesh::Duration took) const;
    std::string interrupted(const Step& step) const;

private:
    std::string json(const Step& step, mesh::Duration took, const StepResult& result) const;

    const Script& script_;
    bool is_json_;
    std::size_t text_width_ = 0;
    std::size_t line_width_ = 0;
};

} // namespace nodes
