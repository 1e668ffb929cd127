#include "mesh/store/schema.hpp"

namespace mesh {

const char* const schema_sql = R"sql(
CREATE TABLE dagmesh_journal(
    first INTEGER PRIMARY KEY,
    head BLOB NOT NULL,
    events BLOB NOT NULL);
CREATE TABLE dagmesh_journal_state(
    number INTEGER PRIMARY KEY,
    id INTEGER NOT NULL,
    trimmed_to INTEGER NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE dagmesh_topics(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE dagmesh_subscriptions(
    key TEXT PRIMARY KEY,
    patterns TEXT NOT NULL,
    position INTEGER NOT NULL,
    seen_us INTEGER NOT NULL,
    is_lasting INTEGER NOT NULL,
    checksum INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE dagmesh_places(
    source BLOB NOT NULL,
    journal INTEGER NOT NULL,
    handler TEXT NOT NULL,
    position INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY(source, journal, handler)) WITHOUT ROWID;
CREATE TABLE dagmesh_marks(
    source BLOB NOT NULL,
    journal INTEGER NOT NULL,
    handler TEXT NOT NULL,
    position INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY(source, journal, handler, position)) WITHOUT ROWID;
CREATE TABLE dagmesh_values(
    key BLOB NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE dagmesh_dead_letters(
    number INTEGER PRIMARY KEY,
    handler TEXT NOT NULL,
    reason TEXT NOT NULL,
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    died_us INTEGER NOT NULL,
    topic TEXT NOT NULL,
    source BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    service TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    key BLOB NOT NULL,
    content_type TEXT NOT NULL,
    headers BLOB NOT NULL,
    cause BLOB NOT NULL,
    path TEXT NOT NULL,
    payload BLOB NOT NULL,
    size INTEGER NOT NULL,
    checksum INTEGER NOT NULL);
CREATE TABLE dagmesh_dead_letter_state(
    number INTEGER PRIMARY KEY,
    last_number INTEGER NOT NULL,
    lost_count INTEGER NOT NULL);
CREATE TABLE dagmesh_seen_keys(
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    seen_us INTEGER NOT NULL);
)sql";

} // namespace mesh
