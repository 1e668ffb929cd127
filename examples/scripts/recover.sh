#!/bin/bash
# recover.demo in plain bash: a service dies, and what it missed waits for it. `dagmesh` and the
# examples' programs have to be on the PATH.
set -euo pipefail
DAGMESH_STATE=$(mktemp -d)
export DAGMESH_STATE DAGMESH_REALM=recover-$$
orders=$DAGMESH_STATE/orders
declare -A nodes

finish() {
    exec 3>&-
    kill "${nodes[@]}" 2>/dev/null || true
    wait
    rm -rf "$DAGMESH_STATE"
}
trap finish EXIT

start() { # SERVICE
    "shop-$1" &
    nodes[$1]=$!
}

has_order() { # USER
    grep -qs "\"user_id\":$1," "$orders"
}

expect_order() { # USER
    for ((i = 0; i < 100; ++i)); do
        if has_order "$1"; then return; fi
        sleep 0.1
    done
    echo "expected an order of user $1 within 10s, found: $(cat "$orders")" >&2
    exit 1
}

start audit
start order
dagmesh nodes --expect 2 --timeout 20s >/dev/null
dagmesh sub order.created >"$orders" &
nodes[sub]=$!

# A publisher that stays, so that it can wait for a subscriber that is away.
mkfifo "$DAGMESH_STATE/registrations"
dagmesh pub user.registered - <"$DAGMESH_STATE/registrations" &
exec 3>"$DAGMESH_STATE/registrations"

echo '{"user_id": 1, "name": "Ada", "email": "ada@example.com"}' >&3
expect_order 1
kill -9 "${nodes[order]}"
wait "${nodes[order]}" 2>/dev/null || true
echo '{"user_id": 2, "name": "Alan", "email": "alan@example.com"}' >&3
sleep 1
if has_order 2; then
    echo "expected no order of user 2 while nobody makes one" >&2
    exit 1
fi
start order
expect_order 2
dagmesh doctor --ledger --timeout 20s
