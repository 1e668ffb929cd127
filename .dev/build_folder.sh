# shellcheck shell=bash
# Build folders: set up once, again when what they rest on has changed, and built by one call at a time.

# What a folder rests on. A change in the first line takes a new start; the rest can be set again.
configuration() { # MESON-OPTION...
    local compiler=${CXX:-c++}
    compiler=$(command -v "${compiler##* }") && compiler=$(readlink -f "$compiler")
    printf '%s\n' "$root CXX=${CXX:-} $compiler ${CXXFLAGS:-} ${LDFLAGS:-} ${PKG_CONFIG_PATH:-}"
    printf '%s\n' "options: $*"
    ! has_apt || packages installed "${build_packages[@]}" "${test_packages[@]}"
}

# Sets up a build folder when it is new or no longer what its configuration says.
configure() { # FOLDER MESON-OPTION...
    local folder=$1 stamp=$1/.dev-configuration wanted before how=()
    shift
    wanted=$(configuration "$@")
    before=$(cat "$stamp" 2>/dev/null) || true
    [[ $before != "$wanted" || ! -f $folder/build.ninja ]] || return 0
    if [[ -f $folder/build.ninja && ${before%%$'\n'*} == "${wanted%%$'\n'*}" ]]; then
        meson configure --clearcache "$folder" </dev/null >/dev/null # else what was not found stays so
        how=(--reconfigure)
    elif [[ -f $folder/meson-private/cmd_line.txt ]]; then
        how=(--wipe)
    fi
    rm -f "$stamp"
    meson setup "${how[@]}" "$@" "$folder" "$root" </dev/null
    printf '%s\n' "$wanted" >"$stamp"
}

compile() { # FOLDER TARGET...
    ninja -C "$1" -j "$(nproc)" "${@:2}" </dev/null
}

# Runs a function while holding the lock of this checkout, so that concurrent calls wait for each
# other. Its children do not inherit the lock: what they leave running cannot keep it.
locked() { # FUNCTION [ARGUMENT]...
    exec 9<"$root"
    flock 9
    "$@" 9<&-
    exec 9<&-
}
