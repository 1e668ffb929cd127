#!/usr/bin/env python3
"""Says what became of the events of a fault run. Knows nothing of the mesh but what its nodes wrote
down: `put KEY NUMBER` when a publish had returned, `got TOPIC KEY NUMBER MILLISECONDS` when an event
was handled; and of those that keep what they do, the table `applied` in their file.

usage: checker.py PUBLISHED-LOG LOG|FILE.db:TOPIC[+TOPIC]...   prints one line of `name=value`.
"""
import contextlib
import pathlib
import sqlite3
import sys


def lines(path):
    for line in pathlib.Path(path).read_text().splitlines():
        yield line.split()


def published(path):
    return {(words[1], int(words[2])) for words in lines(path) if words[0] == "put" and len(words) == 3}


def handled(path, topic):
    """Each event in the order in which it was handled, with when."""
    if path.endswith(".db"):
        with contextlib.closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT key, number, at_ms FROM applied WHERE topic = ? ORDER BY rowid",
                                    (topic,)).fetchall()
    return [(words[2], int(words[3]), int(words[4])) for words in lines(path)
            if words[0] == "got" and len(words) == 5 and words[1] == topic]


def judge(puts, gots):
    """Lost, twice, and out of the order of their key; events that come again count as twice only."""
    seen, highest = set(), {}
    twice = reordered = 0
    for key, number, _ in gots:
        if (key, number) in seen:
            twice += 1
            continue
        seen.add((key, number))
        if number < highest.get(key, 0):
            reordered += 1
        highest[key] = max(number, highest.get(key, 0))
    return len(puts - seen), twice, reordered


def longest_pause_ms(gots):
    times = sorted(time for _, _, time in gots)
    return max((after - before for before, after in zip(times, times[1:])), default=0)


def main():
    puts = published(sys.argv[1])
    total = {"events": len(puts), "lost": 0, "twice": 0, "reordered": 0, "max_stall_ms": 0}
    for subscriber in sys.argv[2:]:
        path, topics = subscriber.rsplit(":", 1)
        for topic in topics.split("+"):
            gots = handled(path, topic)
            for name, count in zip(("lost", "twice", "reordered"), judge(puts, gots)):
                total[name] += count
            total["max_stall_ms"] = max(total["max_stall_ms"], longest_pause_ms(gots))
    print(" ".join(f"{name}={value}" for name, value in total.items()))


if __name__ == "__main__":
    main()
