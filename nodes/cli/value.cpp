#include "nodes/cli/value.hpp"

#include "mesh/base/date.hpp"
#include "mesh/base/endpoint.hpp"
#include "mesh/base/quantity.hpp"
#include "mesh/event/name.hpp"

#include <charconv>
#include <cmath>
#include <string>

namespace nodes {

using mesh::ErrorCode;
using mesh::fail;
using mesh::Result;

namespace {

auto expected(std::string_view what, std::string_view found) {
    return fail(ErrorCode::invalid,
                "expected " + std::string(what) + ", got \"" + std::string(found) + "\"");
}

template <class Number>
bool read_whole(std::string_view text, Number& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

template <class T>
Result<void> without_value(const Result<T>& result) {
    if (!result)
        return tl::unexpected(result.error());
    return {};
}

} // namespace

Result<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    if (!read_whole(text, number))
        return expected("a whole number", text);
    return number;
}

Result<double> parse_rate(std::string_view text) {
    double rate = 0;
    if (!read_whole(text, rate) || !std::isfinite(rate) || rate <= 0)
        return expected("events a second, above 0", text);
    return rate;
}

Result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    if (!read_whole(text, port) || port == 0)
        return expected("a port from 1 to 65535", text);
    return port;
}

Result<bool> parse_switch(std::string_view text) {
    for (const std::string_view yes : {"true", "yes", "on", "1"})
        if (text == yes)
            return true;
    for (const std::string_view no : {"false", "no", "off", "0"})
        if (text == no)
            return false;
    return expected("true or false", text);
}

Result<Format> parse_format(std::string_view text) {
    if (text == "text")
        return Format::text;
    if (text == "json")
        return Format::json;
    if (text == "csv")
        return Format::csv;
    return expected("text or json", text);
}

Result<Color> parse_color(std::string_view text) {
    if (text == "auto")
        return Color::automatic;
    if (text == "always")
        return Color::always;
    if (text == "never")
        return Color::never;
    return expected("auto, always or never", text);
}

Result<void> check_value(ValueKind kind, std::string_view text) {
    switch (kind) {
    case ValueKind::none:
        return without_value(parse_switch(text));
    case ValueKind::text:
        if (text.empty())
            return fail(ErrorCode::invalid, "expected a value, got an empty one");
        return {};
    case ValueKind::name:
        return mesh::check_name(text);
    case ValueKind::number:
        return without_value(parse_number(text));
    case ValueKind::rate:
        return without_value(parse_rate(text));
    case ValueKind::port:
        return without_value(parse_port(text));
    case ValueKind::duration:
        return without_value(mesh::parse_duration(text));
    case ValueKind::date:
        if (!mesh::parse_date(text))
            return expected("a date such as 2027-06-30", text);
        return {};
    case ValueKind::endpoint:
        return without_value(mesh::parse_endpoint(text));
    case ValueKind::format:
        return without_value(parse_format(text));
    case ValueKind::color:
        return without_value(parse_color(text));
    }
    return {};
}

} // namespace nodes
