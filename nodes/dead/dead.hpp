#pragma once

#include "nodes/cli/command_line.hpp"
#include "nodes/cli/exit_code.hpp"
#include "nodes/dead/letter_name.hpp"
#include "nodes/dead/letter_source.hpp"

#include <string>
#include <vector>

namespace nodes {

/// What is asked for of dead letters.
struct DeadRequest {
    enum class Action { list, show, retry, drop };

    Action action = Action::list;
    std::vector<LetterName> names;
    bool is_all = false; ///< all that the filter lets through, instead of names
    LetterFilter filter;
    bool is_json = false;
    std::string realm;
};

/// What was typed. Throws std::invalid_argument for what cannot be.
DeadRequest dead_request(const CommandLine& line);

/// Does it, and prints what came of it. The exit code: `usage` for a name that means no letter or
/// several, `finding` when an event failed again, `timed_out` when somebody did not answer.
ExitCode mend(const DeadRequest& request, LetterSource& source);

} // namespace nodes
