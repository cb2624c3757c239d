#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A bot of curl and jq: quotes both sides of one symbol, trades, and loses the connection in the middle of
# requests. A request that was not answered is sent again with the same client_order_id and the same body,
# which never makes a second order.
#
# usage: bot.sh URL USER PASSWORD [SYMBOL] [ROUNDS] [DROPS]
set -euo pipefail

base=${1:?URL, such as http://127.0.0.1:8001}/api/v1
user=${2:?user} password=${3:?password} symbol=${4:-DEMO} rounds=${5:-10} drops=${6:-3}
json='Content-Type: application/json'
run=curl-$$-$(date +%s)

login=$(jq -n --arg u "$user" --arg p "$password" '{username: $u, password: $p}')
token=$(curl -sf "$base/auth/login" -H "$json" -d "$login" | jq -r .data.access_token)
auth="Authorization: Bearer $token"

# place NAME SIDE PRICE [LIMIT]: sends until there is an answer; LIMIT is the seconds the first try may take,
# too few of them for an answer when the connection is to be lost.
sent=()
place() {
    local body answer limit=${4:-20}
    body=$(jq -n --arg id "$1" --arg side "$2" --arg price "$3" --arg symbol "$symbol" \
        '{client_order_id: $id, symbol: $symbol, side: $side, price: $price, quantity: "1"}')
    sent+=("$1")
    until answer=$(curl -s --max-time "$limit" "$base/orders" -H "$auth" -H "$json" -d "$body") \
        && jq -e 'has("success")' <<<"$answer" >/dev/null; do
        limit=20
    done
    if [[ $(jq -r .success <<<"$answer") != true ]]; then
        echo "refused: $(jq -r '.code + ": " + .message' <<<"$answer")" >&2
        return 1
    fi
}

instrument=$(curl -sf "$base/instruments/$symbol" | jq .data)
reference=$(jq -r .reference <<<"$instrument")
tick=$(jq -r '.tick_table[-1].tick' <<<"$instrument")
scale=$(jq -r .price_scale <<<"$instrument")
at() { LC_ALL=C awk -v r="$reference" -v t="$tick" -v n="$1" -v s="$scale" \
    'BEGIN { printf "%.*f", s, r + n * t }'; }

for ((round = 0; round < rounds; ++round)); do
    limit=20
    ((round == 0 || round > drops)) || limit=0.00$round # a few milliseconds
    place "$run-$round-bid" BUY "$(at $((-2 - round % 5)))" "$limit"
    place "$run-$round-ask" SELL "$(at $((2 + round % 5)))" "$limit"
    sleep 0.1
    curl -sf -X DELETE "$base/orders?symbol=$symbol" -H "$auth" >/dev/null
done

wrong=0 traded=0
for name in "${sent[@]}"; do
    found=$(curl -sf "$base/orders?client_order_id=$name" -H "$auth" | jq .data)
    if [[ $(jq .total_count <<<"$found") != 1 ]]; then
        echo "WRONG $name: $(jq .total_count <<<"$found") orders"
        wrong=$((wrong + 1))
    elif [[ $(jq -r '.orders[0].traded_quantity' <<<"$found") != 0 ]]; then
        traded=$((traded + 1))
    fi
done
echo "${#sent[@]} orders, $traded traded, $drops drops, $wrong wrong"
((wrong == 0))
