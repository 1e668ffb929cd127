#include "mesh/node/handling/retries.hpp"

#include "mesh/wire/reserved_headers.hpp"

#include <algorithm>
#include <utility>

namespace mesh {

namespace {

/// The event of a letter as a batch of its own, with all that it views.
struct LetterBatch {
    StoredLetter letter;
    std::string headers;
    std::vector<std::byte> record;
};

// Any journal will do: Feed::settle goes first.
constexpr std::uint64_t some_journal = 1;

/// `is_atomic`: to be handled in one transaction with what happens to the letter.
std::shared_ptr<const ReceivedBatch> batch_of(const StoredLetter& letter, bool is_atomic) {
    auto held = std::make_shared<LetterBatch>(LetterBatch{letter, {}, {}});
    const auto event = held->letter.event();
    held->headers = without_time_to_live(event.headers);
    EventRecord record;
    record.key = event.key;
    if (event.content_type != default_content_type)
        record.content_type = event.content_type;
    record.headers = bytes_of(held->headers);
    record.cause = event.cause;
    record.payload = event.payload;
    record.is_once = is_atomic;
    held->record.resize(encoded_size(record));
    encode(record, held->record.data());
    Batch batch;
    batch.header.source = event.id.source;
    batch.header.incarnation = event.id.incarnation;
    batch.header.base_sequence = event.id.sequence - 1;
    batch.header.base_time_us = held->letter.time_us;
    batch.header.topics.push_back({0, held->letter.topic});
    batch.body = held->record;
    return std::make_shared<const ReceivedBatch>(ReceivedBatch{std::move(held), std::move(batch)});
}

} // namespace

Result<std::size_t> Retries::handler_for(const StoredLetter& letter) const {
    if (letter.is_damaged)
        return fail(ErrorCode::malformed, "it is damaged: its checksum is not right");
    if (letter.reason == to_text(DeadReason::unreadable))
        return fail(ErrorCode::refused, "no handler can read it: its payload could not be "
                                        "decompressed, and the letter has it as it came");
    if (letter.id.sequence == 0)
        return fail(ErrorCode::refused, "handler " + letter.handler + " was not allowed to emit " +
                                            letter.topic + " (" + letter.reason +
                                            "): nobody got it, so nobody can handle it");
    const auto found = std::ranges::find_if(
        handlers_, [&](const auto& one) { return one->spec().contract.name == letter.handler; });
    if (found == handlers_.end())
        return fail(ErrorCode::refused, "there is no handler " + letter.handler + " any more");
    const auto& patterns = heard_patterns((*found)->spec().contract);
    if (std::ranges::none_of(patterns,
                             [&](const Pattern& one) { return one.matches(letter.topic); }))
        return fail(ErrorCode::refused,
                    "handler " + letter.handler + " does not handle " + letter.topic + " any more");
    if ((*found)->is_resting())
        return fail(ErrorCode::refused, "handler " + letter.handler +
                                            " does not run: it would close a cycle of events");
    return static_cast<std::size_t>(found - handlers_.begin());
}

void Retries::start(const StoredLetter& letter, const Done& done) {
    const auto handler = handler_for(letter);
    if (!handler)
        return done(tl::unexpected(handler.error()));
    if (!letters_.begin_retry(letter))
        return done(fail(ErrorCode::refused, "it is being handled already"));
    const bool is_atomic = letters_.is_on_disk() && !handlers_[*handler]->spec().is_inline;
    auto feed = std::make_shared<Feed>(letter.id.source, letter.id.incarnation, letter.service,
                                       is_atomic ? some_journal : 0);
    feed->is_retry = true;
    if (is_atomic)
        feed->settle = [this, letter]() -> Result<void> {
            if (letters_.has_died(letter))
                return {};
            return letters_.drop(letter.number).map([](bool) {});
        };
    auto batch = batch_of(letter, is_atomic);
    handlers_[*handler]->with_ledger([&](HandlerLedger& ledger) { ledger.set_aside(letter.id); });
    const auto sequence = letter.id.sequence;
    Reception::Taken taken;
    taken.index = static_cast<std::uint16_t>(*handler);
    taken.before = sequence - 1;
    taken.after = {sequence, {1, batch->batch.body.size()}};
    {
        const std::lock_guard lock(mutex_);
        running_.push_back({letter, feed, *handler, done});
        running_count_ = running_.size();
    }
    reactor_.post([this, handler = *handler, feed = std::move(feed), batch = std::move(batch),
                   taken] { handlers_[handler]->push(feed, batch, taken); });
}

bool Retries::has_ended(const Running& one) const {
    return one.is_handled() || handlers_[one.handler]->is_resting();
}

bool Retries::has_ended() const {
    if (running_count_.load(std::memory_order_relaxed) == 0)
        return false;
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(running_, [this](const Running& one) { return has_ended(one); });
}

void Retries::finish() {
    std::vector<Running> ended;
    {
        const std::lock_guard lock(mutex_);
        for (auto& one : running_)
            if (has_ended(one))
                ended.push_back(one);
        std::erase_if(running_, [&](const Running& one) {
            return std::ranges::any_of(
                ended, [&](const Running& other) { return other.feed == one.feed; });
        });
        running_count_ = running_.size();
    }
    for (const auto& one : ended)
        finish(one);
}

void Retries::finish(const Running& one) {
    const bool is_handled = one.is_handled();
    const bool has_lived = letters_.end_retry(one.letter);
    handlers_[one.handler]->with_ledger(
        [&](HandlerLedger& ledger) { ledger.take_back(one.letter.id); });
    if (!is_handled)
        return one.done(fail(ErrorCode::refused,
                             "handler " + one.letter.handler + " came to rest before it began"));
    if (has_lived) {
        const auto dropped = letters_.drop(one.letter.number);
        return one.done(dropped ? Result<void>{} : tl::unexpected(dropped.error()));
    }
    const auto again = letters_.find(one.letter.number);
    one.done(fail(ErrorCode::refused,
                  "handler " + one.letter.handler + " failed again" +
                      (again && *again ? " (" + (*again)->reason + "): " + (*again)->error : "")));
}

} // namespace mesh
