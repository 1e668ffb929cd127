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
    std::vector<Place> places;
    // A row that is gone has no checksum that could be wrong.
    if (auto sound = database_.check_table("dagmesh_places"); !sound)
        return tl::unexpected(sound.error());
    auto rows = database_.statement("SELECT source, journal, handler, position, checksum "
                                    "FROM dagmesh_places ORDER BY source, journal, handler");
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

Result<void> PlaceTable::remove(std::string_view handler) {
    return database_.statement("DELETE FROM dagmesh_places WHERE handler = ?", handler).run();
}

} // namespace mesh
