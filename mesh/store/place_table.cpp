#include "mesh/store/place_table.hpp"

#include "mesh/store/checksum.hpp"

#include <algorithm>

namespace mesh {

namespace {

std::uint32_t checksum_of(const Place& place) {
    return Checksum(place.journal)
        .add(Bytes(place.source.bytes))
        .add(place.handler)
        .add(place.position)
        .value();
}

} // namespace

Result<std::vector<Place>> PlaceTable::load() {
    return load("dagmesh_places", "SELECT source, journal, handler, position, checksum "
                                  "FROM dagmesh_places ORDER BY source, journal, handler");
}

Result<std::vector<Place>> PlaceTable::load_marks() {
    return load("dagmesh_marks", "SELECT source, journal, handler, position, checksum "
                                 "FROM dagmesh_marks ORDER BY source, journal, handler, position");
}

Result<std::vector<Place>> PlaceTable::load(std::string_view table, std::string_view sql) {
    std::vector<Place> places;
    // A row that is gone has no checksum that could be wrong.
    if (auto sound = database_.check_table(std::string(table)); !sound)
        return tl::unexpected(sound.error());
    auto rows = database_.statement(sql);
    for (;;) {
        const auto row = rows.step();
        if (!row)
            return tl::unexpected(row.error());
        if (!*row)
            return places;
        Place place{.source = {},
                    .journal = rows.number(1),
                    .handler = std::string(rows.text(2)),
                    .position = rows.number(3)};
        const auto source = rows.bytes(0);
        std::copy_n(source.begin(), std::min(source.size(), place.source.bytes.size()),
                    place.source.bytes.begin());
        if (source.size() != place.source.bytes.size() || rows.number(4) != checksum_of(place))
            return fail(ErrorCode::malformed, database_.path() + ": the place of handler \"" +
                                                  place.handler + "\" in the journal of " +
                                                  short_text(place.source) +
                                                  " is damaged: its checksum is not right");
        places.push_back(std::move(place));
    }
}

Result<void> PlaceTable::set(const Place& place) {
    return database_
        .statement("INSERT OR REPLACE INTO dagmesh_places VALUES(?, ?, ?, ?, ?)",
                   Bytes(place.source.bytes), place.journal, std::string_view(place.handler),
                   place.position, checksum_of(place))
        .run();
}

Result<void> PlaceTable::mark(const Place& event) {
    return database_
        .statement("INSERT OR REPLACE INTO dagmesh_marks VALUES(?, ?, ?, ?, ?)",
                   Bytes(event.source.bytes), event.journal, std::string_view(event.handler),
                   event.position, checksum_of(event))
        .run();
}

Result<void> PlaceTable::set_beyond_marks(const Place& place) {
    auto forgotten = database_
                         .statement("DELETE FROM dagmesh_marks WHERE source = ? AND journal = ? "
                                    "AND handler = ? AND position <= ?",
                                    Bytes(place.source.bytes), place.journal,
                                    std::string_view(place.handler), place.position)
                         .run();
    return forgotten ? set(place) : forgotten;
}

Result<void> PlaceTable::move_back(const Place& place) {
    auto forgotten = database_
                         .statement("DELETE FROM dagmesh_marks WHERE source = ? AND journal = ? "
                                    "AND handler = ? AND position > ?",
                                    Bytes(place.source.bytes), place.journal,
                                    std::string_view(place.handler), place.position)
                         .run();
    return forgotten ? set(place) : forgotten;
}

Result<void> PlaceTable::remove(std::string_view handler) {
    if (auto marks =
            database_.statement("DELETE FROM dagmesh_marks WHERE handler = ?", handler).run();
        !marks)
        return marks;
    return database_.statement("DELETE FROM dagmesh_places WHERE handler = ?", handler).run();
}

} // namespace mesh
