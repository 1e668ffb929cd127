#include "tests/prove/simulator/journal_shell.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace simulator {

using namespace std::chrono_literals;

Outgoing outgoing_of(const Truth& truth, std::uint64_t fact) {
    const auto& one = truth.fact(fact);
    Outgoing event{fact, one.topic, one.key == 0 ? "" : "k" + std::to_string(one.key), {}};
    event.payload.resize(std::max(one.size_bytes, sizeof fact));
    std::memcpy(event.payload.data(), &fact, sizeof fact);
    return event;
}

mesh::Draft draft_of(const Plan& plan, const Outgoing& event) {
    const auto& topic = plan.topics[event.topic];
    return {topic.name, event.key, {}, {}, std::nullopt, event.payload, topic.level};
}

JournalShell::JournalShell(const Site& site)
    : site_(site),
      archive_(site.disk(), site.dice()),
      publication_(id_of(site.number()), site.disk().content().last, site.plan().memory_bytes,
                   archive_),
      links_(site, publication_, site.disk().journal()),
      stream_(site.truth().stream_of(site.number(), site.disk().journal(), site.run())) {
    publication_.plant(site.faults().journal);
    restore();
    links_.set_before_serving([this](auto serve) { keep(std::move(serve)); });
}

void JournalShell::restore() {
    site_.point(CrashPoint::before_restore);
    // Which of the events that were let go somebody wanted, nobody remembers.
    if (site_.plan().journal_trims && site_.run() > 1)
        site_.truth().is_damaged(stream_);
    for (const auto& topic : site_.disk().content().topics)
        publication_.add_topic(topic);
    for (const auto& [key, known] : site_.disk().content().subscriptions)
        publication_.restore({key, known.patterns, known.position}, site_.now());
    site_.point(CrashPoint::after_restore);
}

void JournalShell::commit(std::vector<Outgoing> events, With with, std::function<void(bool)> done) {
    waiting_.push_back({std::move(events), std::move(with), std::move(done)});
    if (std::exchange(is_writing_, true))
        return;
    site_.after(site_.dice().between(50us, 2ms), [this] { write(); });
}

void JournalShell::write() {
    is_writing_ = false;
    auto group = std::exchange(waiting_, {});
    site_.point(CrashPoint::before_append);
    const bool is_stored = commit_group(group);
    for (const auto& one : group)
        one.done(is_stored);
    site_.point(CrashPoint::after_return);
}

bool JournalShell::commit_group(std::vector<Waiting>& group) {
    const auto& content = site_.disk().content();
    const auto bound = site_.plan().journal_events_max;
    std::size_t count = 0;
    for (const auto& one : group)
        count += one.events.size();
    const bool is_beyond = bound > 0 && content.last - content.trimmed_to + count > bound;
    if (count > 0 && is_beyond && !site_.plan().journal_trims)
        return false;
    Disk::Transaction transaction;
    for (auto& one : group) {
        auto more = one.with ? one.with() : Disk::Transaction{};
        std::ranges::move(more, std::back_inserter(transaction));
    }
    const auto encoded = encode(group, transaction);
    try {
        site_.point(CrashPoint::after_append_before_commit);
    } catch (const Crashed&) {
        site_.disk().tear(transaction, site_.dice(), site_.faults().has(ShellFault::torn_kept));
        throw;
    }
    if (site_.faults().has(ShellFault::hands_on_early))
        hand_on(encoded);
    if (!site_.disk().commit(transaction))
        return false;
    note_effects(transaction);
    for (std::size_t i = 0; i < encoded.facts.size(); ++i)
        site_.truth().published(stream_, encoded.entries[i].sequence, encoded.facts[i]);
    site_.point(CrashPoint::after_commit_before_hand_on);
    if (!site_.faults().has(ShellFault::hands_on_early))
        hand_on(encoded);
    site_.point(CrashPoint::after_hand_on_before_return);
    return true;
}

void JournalShell::note_effects(const Disk::Transaction& transaction) const {
    for (const auto& change : transaction)
        if (const auto* effect = std::get_if<Disk::AddEffect>(&change)) {
            const auto& fact = site_.truth().fact(effect->fact);
            site_.truth().dealt(*fact.stream, effect->handler, fact.sequence);
        }
}

JournalShell::Group JournalShell::encode(const std::vector<Waiting>& waiting,
                                         Disk::Transaction& transaction) {
    const auto& content = site_.disk().content();
    auto sequence = content.last;
    auto before_us = content.last_time_us;
    Group group;
    auto& topics = group.topics = content.topics;
    std::vector<mesh::StoredEvent> stored;
    for (const auto& one : waiting)
        for (const auto& event : one.events) {
            const auto& name = site_.plan().topics[event.topic].name;
            auto number =
                static_cast<std::size_t>(std::ranges::find(topics, name) - topics.begin());
            if (number == topics.size()) {
                topics.push_back(name);
                transaction.emplace_back(Disk::AddTopic{name});
            }
            const auto time_us = mesh::publishing_time_us(site_.wall(), before_us);
            const auto record =
                mesh::record_of(draft_of(site_.plan(), event), static_cast<std::uint16_t>(number),
                                time_us, before_us);
            auto& bytes = group.records.emplace_back(mesh::encoded_size(record));
            mesh::encode(record, bytes.data());
            stored.push_back({++sequence, time_us, record.topic, bytes});
            group.entries.push_back({sequence, time_us, record.topic, bytes, false, false});
            group.facts.push_back(event.fact);
            before_us = time_us;
        }
    if (!stored.empty())
        transaction.emplace_back(Disk::AddRow{mesh::encode_row(stored, 0, site_.disk().journal()),
                                              content.last + 1, sequence, before_us});
    return group;
}

void JournalShell::hand_on(const Group& group) {
    while (publication_.topic_count() < group.topics.size())
        publication_.add_topic(group.topics[publication_.topic_count()]);
    for (const auto& entry : group.entries) {
        expect(entry.sequence == publication_.last() + 1,
               "an event was handed on that the disk did not keep");
        publication_.append(entry);
        links_.hand_on();
    }
}

void JournalShell::keep(std::function<void()> serve) {
    if (!publication_.has_new())
        return serve();
    save([this, serve = std::move(serve)](bool is_stored) {
        if (is_stored)
            return keep(serve);
        site_.after(200ms, [this, serve] { keep(serve); });
    });
}

void JournalShell::save(std::function<void(bool)> then) {
    site_.point(CrashPoint::before_subscription_is_stored);
    site_.after(site_.dice().between(50us, 5ms),
                [this, changed = publication_.take_changed(), then = std::move(then)] {
                    store(changed, then);
                });
}

void JournalShell::store(const std::vector<mesh::RememberedSubscription>& changed,
                         const std::function<void(bool)>& then) {
    Disk::Transaction rows;
    for (const auto& one : changed)
        rows.emplace_back(StoredSubscription{one.key, one.patterns, one.position});
    site_.point(CrashPoint::before_places_are_kept);
    const bool is_stored = site_.disk().commit(rows);
    for (const auto& one : changed) {
        if (site_.world().is_traced())
            site_.world().say(site_.number(), "keeps " + one.key + " at " +
                                                  std::to_string(one.position) +
                                                  (is_stored ? "" : ", in vain"));
        for (Number handler = 0; is_stored && handler < site_.plan().handlers.size(); ++handler)
            if (site_.plan().handlers[handler].key == one.key)
                site_.truth().is_known(stream_, handler, one.position);
    }
    site_.point(CrashPoint::after_places_are_kept);
    publication_.note_stored(changed, is_stored);
    then(is_stored);
    site_.point(CrashPoint::after_subscription_is_stored);
}

void JournalShell::tick() {
    links_.tick();
    if (archive_.was_turned_away())
        links_.drain_all();
    if (site_.now() - kept_at_ < 1s)
        return;
    kept_at_ = site_.now();
    save([](bool) {});
    site_.after(6ms, [this] { trim(); });
}

void JournalShell::trim() {
    const auto needed = publication_.first_needed(site_.wall(), site_.now() - started_at_);
    const auto& content = site_.disk().content();
    const auto bound = site_.plan().journal_events_max;
    auto to = needed - 1;
    const auto held = content.last - content.trimmed_to;
    if (site_.plan().journal_trims && bound > 0 && held > bound)
        to = std::max(to, content.last - bound);
    if (to <= content.trimmed_to)
        return;
    if (to >= needed)
        site_.truth().may_lose(stream_);
    const auto lost = unprocessed(needed, to);
    site_.point(CrashPoint::before_trim);
    if (!site_.disk().commit({Disk::Trim{to}}))
        return;
    site_.point(CrashPoint::after_trim_before_forget);
    archive_.trimmed(content.trimmed_to + 1);
    if (site_.world().is_traced())
        site_.world().say(site_.number(), "has trimmed up to " +
                                              std::to_string(content.trimmed_to) +
                                              ", needed from " + std::to_string(needed));
    auto gone = lost;
    std::erase_if(gone, [&](const auto& one) { return one.sequence > content.trimmed_to; });
    publication_.forget(gone, content.trimmed_to);
}

std::vector<mesh::EventLog::Entry> JournalShell::unprocessed(std::uint64_t needed,
                                                             std::uint64_t to) const {
    std::vector<mesh::EventLog::Entry> all;
    const auto& disk = site_.disk();
    for (const auto& [first, row] : disk.content().rows)
        for (const auto& event : mesh::intact_events(row.head, row.events, disk.journal()))
            if (event.sequence >= needed && event.sequence <= to)
                all.push_back({event.sequence, event.time_us, event.topic, {}, false, false});
    return all;
}

} // namespace simulator
