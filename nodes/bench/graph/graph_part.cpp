#include "nodes/bench/graph/graph_part.hpp"

#include "nodes/bench/graph/generate.hpp"

#include <csignal>
#include <stdexcept>
#include <sys/prctl.h>

namespace nodes {

namespace {

constexpr std::uint64_t seed = 7;

} // namespace

void run_graph_part(std::span<const std::string> words) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (words.size() == 5 && words[0] == "generate")
        write_edges(generate(graph_shape_of(words[1]), std::stoul(words[2]), words[3] == "1", seed),
                    words[4]);
    else if (words.size() == 2 && words[0] == "phases")
        print_phases(words[1]);
    else if (words.size() == 2 && words[0] == "live")
        print_live(words[1]);
    else
        throw std::invalid_argument("not a part of bench graph");
}

} // namespace nodes
