"""An order for each registration. Each line on stdin is an event, each line on stdout an answer."""
import json
import sys

for line in sys.stdin:
    event = json.loads(line)
    order = {"order_id": f"order-{event['data']['user_id']}", "for": event["data"]}
    print(json.dumps({"emit": "order.created", "data": order, "for": event["id"]}))
    print(json.dumps({"done": event["id"]}))
