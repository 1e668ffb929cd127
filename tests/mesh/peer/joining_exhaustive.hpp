#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>

namespace joining_test {

/// Three nodes that join, without faults, for the first so many of several graphs: in every order
/// in which each may come to see the others, may ask (once it sees both, whether or not they see
/// it), and messages may arrive. Prints how many states there are. Returns for how many graphs
/// something did not hold.
std::uint64_t try_every_order(std::ostream& out, std::size_t graphs_max);

} // namespace joining_test
