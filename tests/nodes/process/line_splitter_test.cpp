#include "nodes/process/line_splitter.hpp"
#include "tests/support/catch.hpp"

#include <vector>

namespace {

class Lines {
public:
    explicit Lines(std::size_t size_bytes_max = 1024) : splitter_(size_bytes_max) {}

    void feed(std::string_view bytes) {
        splitter_.feed(bytes, [&](std::string_view line) { lines.emplace_back(line); });
    }

    void finish() {
        splitter_.finish([&](std::string_view line) { lines.emplace_back(line); });
    }

    std::vector<std::string> lines;

private:
    nodes::LineSplitter splitter_;
};

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("lines come out whole, whatever the pieces they arrive in") {
    const std::string stream = "one\n\ntwo three\r\nlast";
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        Lines lines;
        for (std::size_t at = 0; at < stream.size(); at += piece)
            lines.feed(std::string_view(stream).substr(at, piece));
        CHECK(lines.lines == Texts{"one", "", "two three"});
        lines.finish();
        CHECK(lines.lines == Texts{"one", "", "two three", "last"});
    }
}

TEST_CASE("a stream that ends with a newline has no line behind it") {
    Lines lines;
    lines.feed("one\n");
    lines.finish();
    CHECK(lines.lines == Texts{"one"});
}

TEST_CASE("a line over the limit is cut with a note, and the next one is whole") {
    Lines lines(4);
    lines.feed("1234\n12345\n123456");
    lines.feed("789\nab\n");
    CHECK(lines.lines ==
          Texts{"1234", "1234 [cut: 1 more bytes]", "1234 [cut: 5 more bytes]", "ab"});
    lines.feed("abcdef");
    lines.finish();
    CHECK(lines.lines.back() == "abcd [cut: 2 more bytes]");
}
