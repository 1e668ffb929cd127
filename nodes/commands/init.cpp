#include "nodes/init/init.hpp"

#include "nodes/commands/commands.hpp"

#include <iostream>
#include <stdexcept>

namespace nodes {

int run_init(const Invocation& invocation) {
    const auto& line = invocation.line;
    StopSignals::exit_on_next();
    const auto text = line.options.text("lang").value_or("python");
    const auto language = parse_language(text);
    if (!language)
        throw std::invalid_argument("--lang: expected python, shell or cpp, got \"" + text + "\"");
    return init(line.options.texts("flow"), *language, line.positionals.front(), std::cout,
                std::cerr);
}

} // namespace nodes
