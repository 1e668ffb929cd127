#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mesh {

/// One rule of the admission protocol left out, so that `./dev prove joining --plant NAME` can show
/// that its simulator notices. For that only: a node always has `none`.
enum class AdmissionFault : std::uint8_t {
    none,
    answers_at_once,    ///< never holds an answer back
    trusts_the_order,   ///< the same, and counts smaller requests as decided, ignoring greater ones
    forgets_newcomers,  ///< does not wait for who comes into view after the request
    forgets_mentions,   ///< does not wait for members that only others see
    reuses_epoch,       ///< its epochs do not rise with those that it hears of
    skips_listening,    ///< asks at once
    never_yields,       ///< keeps running whatever it meets
    hides_standing,     ///< answers without its own standing
    readmits_unasked,   ///< runs a quarantined handler as soon as it seems to fit
    takes_any_answer,   ///< counts answers to earlier requests
    keeps_the_gone,     ///< counts the handlers of members that are gone
    never_resends,      ///< says everything once
    holds_everybody,    ///< holds answers back from smaller requests too
    never_asks_again,   ///< leaves a quarantined handler as it is
    runs_while_pending, ///< runs its handlers before it is admitted
    changes_silently,   ///< does not say that handlers may run now
};

inline constexpr std::array admission_faults{
    std::pair{std::string_view("answers-at-once"), AdmissionFault::answers_at_once},
    std::pair{std::string_view("trusts-the-order"), AdmissionFault::trusts_the_order},
    std::pair{std::string_view("forgets-newcomers"), AdmissionFault::forgets_newcomers},
    std::pair{std::string_view("forgets-mentions"), AdmissionFault::forgets_mentions},
    std::pair{std::string_view("reuses-epoch"), AdmissionFault::reuses_epoch},
    std::pair{std::string_view("skips-listening"), AdmissionFault::skips_listening},
    std::pair{std::string_view("never-yields"), AdmissionFault::never_yields},
    std::pair{std::string_view("hides-standing"), AdmissionFault::hides_standing},
    std::pair{std::string_view("readmits-unasked"), AdmissionFault::readmits_unasked},
    std::pair{std::string_view("takes-any-answer"), AdmissionFault::takes_any_answer},
    std::pair{std::string_view("keeps-the-gone"), AdmissionFault::keeps_the_gone},
    std::pair{std::string_view("never-resends"), AdmissionFault::never_resends},
    std::pair{std::string_view("holds-everybody"), AdmissionFault::holds_everybody},
    std::pair{std::string_view("never-asks-again"), AdmissionFault::never_asks_again},
    std::pair{std::string_view("runs-while-pending"), AdmissionFault::runs_while_pending},
    std::pair{std::string_view("changes-silently"), AdmissionFault::changes_silently},
};

} // namespace mesh
