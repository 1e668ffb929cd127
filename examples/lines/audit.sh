# Notes each order. One event is under way at a time, so no answer has to say which.
count=0
while read -r event; do
    count=$((count + 1))
    echo "audit: $count orders, the last one: ${event%%,\"traceparent\"*}" >&2
    echo "{\"emit\":\"audit.noted\",\"data\":{\"count\":$count}}"
    echo '{"done":true}'
done
