# shellcheck shell=bash
# Fuzzing: any bytes into the readers, under ASan and UBSan, with libFuzzer of Clang 14.

# The build stands in a folder of its own, because setting it up again empties it.
fuzz_folder=$root/build-fuzz

fuzz_usage='usage: ./dev fuzz TARGET [--for D] [--keep]   run for D (default 1m), such as 30s or 10m
       ./dev fuzz TARGET --repeat FILE        feed one file, such as the one of a crash'

# Whole seconds of a duration as the manifest writes them, at least one; nothing for what is none.
seconds_of() { # DURATION
    [[ $1 =~ ^([0-9]+|[0-9]+\.[0-9]+)(ns|us|ms|s|m|h|d)$ ]] || return 0
    awk -v number="${BASH_REMATCH[1]}" -v unit="${BASH_REMATCH[2]}" 'BEGIN {
        factor["ns"] = 1e-9; factor["us"] = 1e-6; factor["ms"] = 1e-3
        factor["s"] = 1; factor["m"] = 60; factor["h"] = 3600; factor["d"] = 86400
        seconds = number * factor[unit]
        if (seconds > 0 && seconds <= 30 * 86400) printf "%d", seconds < 1 ? 1 : seconds + 0.5
    }'
}

fuzz_targets() {
    local file
    for file in "$root"/tests/fuzz/fuzz_*.cpp; do
        file=${file##*/fuzz_}
        printf '%s\n' "${file%.cpp}"
    done
}

build_fuzz() { # TARGET
    install_packages "${build_packages[@]}" "${fuzz_packages[@]}"
    [[ ${CXX:-} == *clang* ]] || local -x CXX=clang++-14
    configure "$fuzz_folder/build" -Dfuzz=true -Db_sanitize=address,undefined \
        -Db_lundef=false -Dexamples=false -Ddefault_library=static
    compile "$fuzz_folder/build" "tests/fuzz/fuzz-$1"
}

# What is new goes to build-fuzz/corpus, and with --keep what of it reaches more code than the corpus
# of the repository goes there too.
command_fuzz() {
    local target=${1:-} duration=1m seconds repeat='' keep=''
    [[ " $(fuzz_targets | tr '\n' ' ') " == *" ${target:-none} "* ]] ||
        { say "no target \"$target\"; there are: $(fuzz_targets | xargs)" && say "$fuzz_usage" && exit 2; }
    shift
    while (($# > 0)); do
        case $1 in
        --for | --repeat)
            (($# > 1)) || { say "$1 needs a value" && exit 2; }
            [[ $1 == --for ]] && duration=$2 || repeat=$2
            shift
            ;;
        --keep) keep=yes ;;
        *) say "unknown argument \"$1\"" && say "$fuzz_usage" && exit 2 ;;
        esac
        shift
    done
    seconds=$(seconds_of "$duration")
    [[ -n $seconds ]] || { say "--for: expected a duration such as 30s or 10m, got \"$duration\"" && exit 2; }
    locked build_fuzz "$target"
    if [[ -n $repeat ]]; then
        exec "$fuzz_folder/build/tests/fuzz/fuzz-$target" "$repeat"
    fi
    run_fuzz "$target" "$seconds" "$keep"
}

run_fuzz() { # TARGET SECONDS KEEP
    local target=$1 seconds=$2 folder=$fuzz_folder status=0 log options crash
    local kept=$root/tests/fuzz/corpus/$target program=$folder/build/tests/fuzz/fuzz-$1
    mkdir -p "$folder/corpus/$target" "$folder/crashes/$target" "$kept"
    log=$folder/fuzz-$target.log
    options=("-max_total_time=$seconds" -max_len=8192 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1
        "-dict=$root/tests/fuzz/$target.dict" "-artifact_prefix=$folder/crashes/$target/")
    [[ -f $root/tests/fuzz/$target.dict ]] || unset 'options[5]'
    say "fuzz: $target for $seconds s; its log is $log"
    "$program" "${options[@]}" "$folder/corpus/$target" "$kept" >"$log" 2>&1 </dev/null || status=$?
    if ((status != 0)); then
        tail -n 60 "$log" >&2
        crash=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
        say "fuzz: $target found something: ${crash:-see $log}"
        [[ -z $crash ]] || say "repeat it with: ./dev fuzz $target --repeat $crash"
        return 1
    fi
    [[ -z $3 ]] || "$program" -merge=1 -max_len=8192 "$kept" "$folder/corpus/$target" >>"$log" 2>&1 </dev/null
    fuzz_summary "$target" "$log"
}

# libFuzzer counts edges of the control flow: those it knows in the line of the counters, those it
# reached in its last line.
fuzz_summary() { # TARGET LOG
    awk -v target="$1" '
        /INFO: Loaded .* counters/ { if (match($0, /\([0-9]+ inline/)) total = substr($0, RSTART + 1, RLENGTH - 8) }
        match($0, / cov: [0-9]+/) { reached = substr($0, RSTART + 6, RLENGTH - 6) }
        /stat::number_of_executed_units/ { executions = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        /stat::new_units_added/ { added = $2 }
        END {
            printf "fuzz: target=%s executions=%d per_second=%d coverage=%d/%d edges (%.0f %%) new_inputs=%d crashes=0\n",
                target, executions, rate, reached, total, total ? 100 * reached / total : 0, added
        }' "$2"
}
