// Any bytes as what a stranger sends to the gateway: refused with a status, waited for, or read as
// a request whose parts lie within it, the same whether it comes at once or byte by byte.

#include "nodes/gateway/posted_events.hpp"
#include "nodes/gateway/request_frame.hpp"
#include "nodes/gateway/resume_point.hpp"
#include "nodes/gateway/target.hpp"
#include "tests/fuzz/entry.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void expect(bool holds) {
    if (!holds)
        std::abort();
}

template <class T>
void expect_refused(const nodes::OrRefusal<T>& result) {
    expect(result.error().status >= 400 && result.error().status < 600);
    expect(!result.error().reason.empty());
}

/// The request of a frame that is whole; the server's library does the same with more care.
nodes::HttpRequest request_of(std::string_view head, std::string body) {
    nodes::HttpRequest request;
    request.body = std::move(body);
    for (std::size_t begin = 0, end = 0; begin < head.size(); begin = end + 2) {
        end = std::min(head.find("\r\n", begin), head.size());
        const auto line = head.substr(begin, end - begin);
        const auto colon = std::min(line.find(':'), line.size());
        if (begin == 0)
            request.target = line.substr(std::min(line.find(' ') + 1, line.size()));
        else if (colon < line.size())
            request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
    request.target.resize(std::min(request.target.find(' '), request.target.size()));
    for (auto& [name, value] : request.headers)
        value.erase(0, value.find_first_not_of(' '));
    return request;
}

void read(const nodes::HttpRequest& request) {
    const auto target = nodes::parse_target(request.target);
    if (!target)
        expect_refused(target);
    if (const auto point = nodes::parse_resume_point(request.header("last-event-id")))
        expect(nodes::parse_resume_point(to_text(*point)) == point);
    for (const std::string_view topic : {"a.b", ""}) {
        const auto posted = nodes::read_posted(request, topic);
        if (!posted)
            expect_refused(posted);
        else
            expect(posted->is_batch || posted->events.size() == 1);
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    nodes::RequestFrame frame;
    const auto is_whole = frame.look(bytes);
    if (!is_whole)
        expect_refused(is_whole);
    if (is_whole && *is_whole) {
        expect(frame.size_bytes() <= size);
        auto body = frame.body(bytes);
        expect(body.size() <= size);
        nodes::RequestFrame slow;
        std::size_t come = 0;
        nodes::OrRefusal<bool> is_slow_whole = false;
        while (is_slow_whole && !*is_slow_whole && come < size)
            is_slow_whole = slow.look(bytes.substr(0, ++come));
        expect(is_slow_whole && *is_slow_whole && come == frame.size_bytes());
        expect(slow.body(bytes) == body);
        read(request_of(frame.head(bytes), std::move(body)));
    }
    return 0;
}
