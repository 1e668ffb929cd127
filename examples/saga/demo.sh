#!/bin/bash
# The saga at work, from its manifest: orders of which every third is above the limit of the card,
# and a payment service that is killed in the middle and started again. At the end each order is
# completed, or cancelled and made up for with a coupon, and the ledger balances.
#
#   demo.sh [ORDERS]     30 without; `dagmesh` and the examples' programs have to be on the PATH
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
orders=${1:-30}
DAGMESH_STATE=$(mktemp -d)
export DAGMESH_STATE DAGMESH_REALM=saga-demo-$$
declare -A nodes

finish() {
    kill "${nodes[@]}" 2>/dev/null || true
    wait
    rm -rf "$DAGMESH_STATE"
}
trap finish EXIT

start() { # SERVICE
    dagmesh node "$here" --service "$1" &
    nodes[$1]=$!
}

place() { # FIRST LAST
    for ((id = $1; id <= $2; ++id)); do
        echo "{\"order_id\": $id, \"user_id\": $((1000 + id)), \"amount_cents\": $((id % 3 ? 5000 : 20000))}"
    done | dagmesh pub order.placed - --level once
}

for service in order stock payment coupon; do start "$service"; done
dagmesh nodes --expect 4 --timeout 20s >/dev/null
dagmesh sub order.completed coupon.issued -n "$orders" --timeout 60s --format json >"$DAGMESH_STATE/ends" &
ends=$!

place 1 $((orders / 2))
echo "the payment service is killed"
kill -9 "${nodes[payment]}"
wait "${nodes[payment]}" 2>/dev/null || true
place $((orders / 2 + 1)) "$orders"
echo "and started again"
start payment
wait "$ends"

echo "$(grep -c '"type":"order.completed"' "$DAGMESH_STATE/ends") orders completed," \
    "$(grep -c '"type":"coupon.issued"' "$DAGMESH_STATE/ends") coupons"
dagmesh doctor --ledger
