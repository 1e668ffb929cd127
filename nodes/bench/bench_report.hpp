#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nodes {

/// A figure or a word of a row; nothing for what was not measured, several for one a round.
using BenchValue = std::variant<std::monostate, std::string, double, std::vector<double>>;

struct BenchField {
    std::string name;
    BenchValue value;
    bool is_detail = false; ///< left out of tables that people read
};

using BenchRow = std::vector<BenchField>;

/// Prints rows as they come: a table a section, one JSON object a line, or CSV with a heading.
class BenchReport {
public:
    enum class Form { text, json, csv };

    BenchReport(Form form, std::ostream& out) : form_(form), out_(out) {}

    /// The section is a heading of the table. Rows of one section have the same fields; columns are
    /// as wide as the first rows of it need.
    void rows(const std::string& section, const std::vector<BenchRow>& rows);

    void row(const std::string& section, const BenchRow& one) { rows(section, {one}); }

private:
    void begin_section(const std::string& section, const std::vector<BenchRow>& rows);
    void text_row(const BenchRow& row);
    void csv_row(const BenchRow& row);

    Form form_;
    std::ostream& out_;
    std::string section_;
    std::vector<std::size_t> widths_; ///< of its columns
    std::string csv_heading_;
};

/// Four digits that count, `-` for nothing.
std::string bench_text(const BenchValue& value);

} // namespace nodes
