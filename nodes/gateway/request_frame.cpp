#include "nodes/gateway/request_frame.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace nodes {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

/// The line of a chunk: its size, and extensions that nobody uses.
constexpr std::size_t chunk_line_size_bytes_max = 256;

bool is_token(std::string_view text) {
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~"; // RFC 9110, section 5.6.2
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               marks.find(c) != std::string_view::npos;
    });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A line feed alone, a carriage return alone and other control characters have no place in a head.
/// What stands before `from` was looked at already.
OrRefusal<void> check_characters(std::string_view head, std::size_t from) {
    for (std::size_t i = from; i < head.size(); ++i) {
        const auto c = static_cast<unsigned char>(head[i]);
        const bool is_line_end = c == '\n'   ? i > 0 && head[i - 1] == '\r'
                                 : c == '\r' ? i + 1 == head.size() || head[i + 1] == '\n'
                                             : false;
        if ((c == '\n' || c == '\r') && !is_line_end)
            return refuse(400, "expected lines that end with CR LF");
        if ((c < 0x20 && c != '\t' && !is_line_end) || c == 0x7f)
            return refuse(400, "a control character in the head of the request");
    }
    return {};
}

template <class Number>
std::optional<Number> number_of(std::string_view text, int base) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

auto too_large_body() {
    return refuse(413,
                  "expected a body of at most " + std::to_string(body_size_bytes_max) + " bytes");
}

OrRefusal<void> read_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return refuse(400, "expected METHOD TARGET HTTP/1.1, got " + in_quotes(line));
    const auto target = line.substr(first + 1, last - first - 1);
    if (target.size() > target_size_bytes_max)
        return refuse(414, "expected a target of at most " + std::to_string(target_size_bytes_max) +
                               " bytes");
    if (!is_token(line.substr(0, first)) || !target.starts_with('/') ||
        target.find(' ') != std::string_view::npos)
        return refuse(400, "expected METHOD /PATH HTTP/1.1, got " + in_quotes(line));
    const auto version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return refuse(505, "expected HTTP/1.1 or HTTP/1.0, got " + in_quotes(version));
    // What cpp-httplib knows; whether one of them fits is said later.
    constexpr std::array<std::string_view, 8> methods{"GET",    "HEAD",    "POST",  "PUT",
                                                      "DELETE", "OPTIONS", "TRACE", "PATCH"};
    if (std::ranges::find(methods, line.substr(0, first)) == methods.end())
        return refuse(501, "the method " + in_quotes(line.substr(0, first)) + " is not known");
    return {};
}

} // namespace

OrRefusal<bool> RequestFrame::look(std::string_view bytes) {
    if (!is_head_read_) {
        const auto end = bytes.find(head_end, scanned_);
        const auto head = bytes.substr(0, end);
        // With the end of the last line: a carriage return before it is one alone.
        const auto lines = bytes.substr(0, end == std::string_view::npos ? end : end + 2);
        if (auto checked = check_characters(lines, scanned_); !checked)
            return tl::unexpected(checked.error());
        if (head.find(line_end) == std::string_view::npos &&
            head.size() > target_size_bytes_max + 64)
            return refuse(414, "expected a target of at most " +
                                   std::to_string(target_size_bytes_max) + " bytes");
        if (head.size() > head_size_bytes_max)
            return refuse(431, "expected a head of at most " + std::to_string(head_size_bytes_max) +
                                   " bytes");
        if (end == std::string_view::npos) {
            scanned_ = bytes.size() - std::min(bytes.size(), head_end.size() - 1);
            return false;
        }
        if (auto read = read_head(head); !read)
            return tl::unexpected(read.error());
        is_head_read_ = true;
        body_begin_ = scanned_ = end + head_end.size();
    }
    if (is_chunked_)
        return look_for_chunks(bytes);
    end_ = body_begin_ + length_.value_or(0);
    return bytes.size() >= end_;
}

OrRefusal<void> RequestFrame::read_head(std::string_view head) {
    auto end = std::min(head.find(line_end), head.size());
    if (auto read = read_request_line(head.substr(0, end)); !read)
        return read;
    const bool needs_host = head.substr(0, end).ends_with("/1.1");
    for (std::size_t count = 1; end < head.size(); ++count) {
        if (count > header_count_max)
            return refuse(431, "expected at most " + std::to_string(header_count_max) + " headers");
        const auto begin = end + line_end.size();
        end = std::min(head.find(line_end, begin), head.size());
        if (auto read = read_header(head.substr(begin, end - begin)); !read)
            return read;
    }
    if (needs_host && !has_host_)
        return refuse(400, "expected a header Host");
    if (is_chunked_ && length_)
        return refuse(400, "expected Content-Length or Transfer-Encoding, not both");
    return {};
}

OrRefusal<void> RequestFrame::read_header(std::string_view line) {
    if (line.size() > header_line_size_bytes_max)
        return refuse(431, "expected a header of at most " +
                               std::to_string(header_line_size_bytes_max) + " bytes");
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
        return refuse(400, "expected a header as NAME: VALUE, got " + in_quotes(line));
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (is_same_name(name, "host")) {
        if (has_host_)
            return refuse(400, "expected one header Host, got two");
        has_host_ = true;
    } else if (is_same_name(name, "content-length")) {
        const auto length = number_of<std::size_t>(value, 10);
        if (length_ || !length)
            return refuse(400, "expected one Content-Length that is a number, got " +
                                   (length_ ? "two" : in_quotes(value)));
        if (*length > body_size_bytes_max)
            return too_large_body();
        length_ = length;
    } else if (is_same_name(name, "transfer-encoding")) {
        if (is_chunked_ || !is_same_name(value, "chunked"))
            return refuse(501,
                          "expected Transfer-Encoding: chunked, once, got " + in_quotes(value));
        is_chunked_ = true;
    } else if (is_same_name(name, "content-encoding")) {
        // A small body must not become a large one behind the limits.
        if (!is_same_name(value, "identity"))
            return refuse(415, "expected a body without Content-Encoding, got " + in_quotes(value));
    } else if (is_same_name(name, "range")) {
        // cpp-httplib takes it apart with a regular expression, whose depth grows with the text.
        return refuse(416, "ranges are not served");
    } else if (is_same_name(name, "expect")) {
        if (!is_same_name(value, "100-continue"))
            return refuse(417, "expected Expect: 100-continue, got " + in_quotes(value));
        awaits_continue_ = true;
    }
    return {};
}

OrRefusal<bool> RequestFrame::look_for_chunks(std::string_view bytes) {
    for (;;) {
        const auto end = bytes.find(line_end, scanned_);
        if (std::min(end, bytes.size()) - scanned_ > chunk_line_size_bytes_max)
            return refuse(400, "expected the size of a chunk, got a line without end");
        if (end == std::string_view::npos)
            return false;
        const auto line = bytes.substr(scanned_, end - scanned_);
        const auto size = number_of<std::size_t>(trimmed(line.substr(0, line.find(';'))), 16);
        if (!size)
            return refuse(400, "expected the size of a chunk, got " + in_quotes(line));
        if (*size > body_size_bytes_max - chunks_size_bytes_)
            return too_large_body();
        const auto data_end = end + line_end.size() + *size;
        if (bytes.size() < data_end + line_end.size())
            return false;
        if (bytes.substr(data_end, line_end.size()) != line_end)
            return refuse(400, *size == 0 ? "expected no trailers behind the last chunk"
                                          : "expected CR LF behind a chunk");
        scanned_ = data_end + line_end.size();
        chunks_size_bytes_ += *size;
        if (*size == 0) {
            end_ = scanned_;
            return true;
        }
        // Tiny chunks with long frames: the frames count too.
        if (scanned_ - body_begin_ > 2 * body_size_bytes_max)
            return too_large_body();
    }
}

std::string RequestFrame::body(std::string_view bytes) const {
    if (!is_chunked_)
        return std::string(bytes.substr(body_begin_, end_ - body_begin_));
    std::string content;
    content.reserve(chunks_size_bytes_);
    for (auto begin = body_begin_; begin < end_;) {
        const auto end = bytes.find(line_end, begin);
        const auto line = bytes.substr(begin, end - begin);
        const auto size =
            number_of<std::size_t>(trimmed(line.substr(0, line.find(';'))), 16).value_or(0);
        content += bytes.substr(end + line_end.size(), size);
        begin = end + line_end.size() + size + line_end.size();
    }
    return content;
}

} // namespace nodes
