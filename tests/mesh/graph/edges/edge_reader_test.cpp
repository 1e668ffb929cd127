#include "mesh/graph/edges/edge_reader.hpp"
#include "tests/mesh/graph/edges/naive_edges.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_bytes.hpp"

#include <algorithm>
#include <cstring>

using namespace std::string_literals;

namespace {

/// `tail>head@LINE:COLUMN-LINE:COLUMN` of every edge, or the error.
std::vector<std::string> read_back(const mesh::Result<mesh::EdgeList>& list) {
    if (!list)
        return {list.error().detail};
    std::vector<mesh::NameTable::Number> all(list->names.count());
    for (mesh::NameTable::Number i = 0; i < all.size(); ++i)
        all[i] = i;
    const auto names = list->names.names(all);
    mesh::PlaceTrack::Walk walk(list->places);
    const auto position = [&] {
        const auto at = walk.next();
        return std::to_string(at.line) + ":" + std::to_string(at.column);
    };
    std::vector<std::string> lines;
    for (const auto& [tail, head] : list->edges()) {
        const auto at = position();
        lines.push_back(names[tail] + ">" + names[head] + "@" + at + "-" + position());
    }
    return lines;
}

/// The same by the slow and plain way.
std::vector<std::string> expected(std::string_view text) {
    const auto names = naive::names_in(text);
    const auto position = [](const naive::Name& name) {
        return std::to_string(name.at.line) + ":" + std::to_string(name.at.column);
    };
    if (names.size() % 2 != 0)
        return {position(names.back()) +
                ": error: expected pairs of names, found an odd number of names: \"" +
                names.back().text + "\" is the last"};
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < names.size(); i += 2)
        lines.push_back(names[i].text + ">" + names[i + 1].text + "@" + position(names[i]) + "-" +
                        position(names[i + 1]));
    return lines;
}

/// Reads the text in pieces of at most `size_max` bytes.
mesh::Result<mesh::EdgeList> read_in_pieces(std::string_view text, std::size_t size_max) {
    mesh::EdgeReader reader;
    while (!text.empty()) {
        const auto room = reader.room();
        const auto size = std::min({room.size(), text.size(), size_max});
        std::memcpy(room.data(), text.data(), size);
        text.remove_prefix(size);
        if (auto taken = reader.take(size); !taken)
            return tl::unexpected(taken.error());
    }
    return reader.finish();
}

using Lines = std::vector<std::string>;

} // namespace

TEST_CASE("an edge list is pairs of names, whatever blanks are between them") {
    CHECK(read_back(mesh::read_edges("a b\nb c\n")) == Lines{"a>b@1:1-1:3", "b>c@2:1-2:3"});
    CHECK(read_back(mesh::read_edges("\n\n \t a\n\n b c\td")) ==
          Lines{"a>b@3:4-5:2", "c>d@5:4-5:6"});
    CHECK(read_back(mesh::read_edges("")).empty());
    CHECK(read_back(mesh::read_edges(" \n\t\n")).empty());
}

TEST_CASE("names are opaque bytes: only blank, tab and newline part them") {
    const std::string text{"a\r b\0\nb b\v \xff\x80 a\0 "s};
    const auto list = mesh::read_edges(text);
    CHECK(read_back(list) == expected(text));
    CHECK(list->names.count() == 6); // "b" is not "b\0"
}

TEST_CASE("an odd number of names is malformed, and the last one is shown") {
    const auto list = mesh::read_edges("a b\n  c\n");
    REQUIRE_FALSE(list.has_value());
    CHECK(list.error().code == mesh::ErrorCode::malformed);
    CHECK(list.error().detail ==
          "2:3: error: expected pairs of names, found an odd number of names: \"c\" is the last");
}

TEST_CASE("a name that leads to itself is noted by its edge") {
    const auto list = mesh::read_edges("a a b c c c a a");
    CHECK(list->self_loops() == std::vector<std::uint32_t>{0, 2, 3});
}

TEST_CASE("a text reads the same cut at every byte") {
    const std::string text = "order.created  payment.settled\npayment.settled\n\n\torder.closed a "
                             "b\nexactly12345 exactly12346 thirteen12345 thirteen12346\n";
    tests::with_cuts(text, [&](const std::string& cut) {
        CHECK(read_back(mesh::read_edges(cut)) == expected(cut));
    });
    for (std::size_t size = 1; size <= text.size(); ++size)
        CHECK(read_back(read_in_pieces(text, size)) == expected(text));
}

TEST_CASE("any bytes read as the plain way reads them") {
    const std::string text = "alpha beta\nbeta gamma\ngamma  delta\n\nlong.name.of.an.event x\ty z";
    tests::with_noise(text, 20260101, 2000, [](const std::string& bytes) {
        CHECK(read_back(mesh::read_edges(bytes)) == expected(bytes));
    });
}

TEST_CASE("a long list reads as the plain way reads it, over all pieces") {
    tests::Random random(7);
    std::string text;
    const std::string_view blanks = "    \n\n\n\t";
    while (text.size() < 400'000) {
        text += std::string(1 + random() % 20, static_cast<char>('a' + random() % 3));
        text += std::to_string(random() % 500);
        for (auto count = random() % 50 == 0 ? random() % 700 : 1; count > 0; --count)
            text += blanks[random() % blanks.size()];
        text += blanks[random() % blanks.size()];
    }
    CHECK(read_back(mesh::read_edges(text)) == expected(text));
    CHECK(read_back(read_in_pieces(text, 1000)) == expected(text));
}

TEST_CASE("a name may have a mebibyte, and not more") {
    const std::string name(mesh::EdgeReader::name_size_bytes_max, 'n');
    const auto list = mesh::read_edges("a " + name + "\n" + name + " a");
    REQUIRE(list.has_value());
    CHECK(list->names.count() == 2);
    const std::vector<mesh::NameTable::Number> second{1};
    CHECK(list->names.names(second).front() == name);

    for (const auto* const behind : {"", " ", " x"}) {
        const auto refused = mesh::read_edges("first " + name + "n" + behind);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == mesh::ErrorCode::limit);
    }
}
