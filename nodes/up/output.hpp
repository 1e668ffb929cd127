#pragma once

#include "mesh/base/result.hpp"

#include <cstddef>
#include <fstream>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodes {

/// Puts the lines of many processes into one output, each behind the `[label]` of its process,
/// aligned to the longest one; what `up` itself says stands behind `[up]`.
class Output {
public:
    /// The streams must outlive this.
    Output(std::ostream& out, std::ostream& err, std::span<const std::string> labels,
           bool has_color);

    /// From now on every line also goes to FOLDER/LABEL.log, without its prefix. Makes the folder,
    /// and empties what an earlier run left. Errors: `environment`.
    mesh::Result<void> also_log_to(const std::string& folder);

    /// Lines that process number `index`, counted as the labels are, wrote to stdout or stderr.
    void out_line(std::size_t index, std::string_view line) { write(out_, index, line); }

    void err_line(std::size_t index, std::string_view line) { write(err_, index, line); }

    /// A line of `up` itself, to stderr.
    void say(std::string_view line);

    /// Lines are gathered until here.
    void flush();

private:
    void write(std::ostream& stream, std::size_t index, std::string_view line);

    std::ostream& out_;
    std::ostream& err_;
    std::vector<std::string> labels_;
    std::vector<std::string> prefixes_;
    std::string own_prefix_;
    std::vector<std::ofstream> logs_;
};

} // namespace nodes
