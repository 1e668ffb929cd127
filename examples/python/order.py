#!/usr/bin/python3
"""An order for each registration, as a node of the mesh: docs/python.md."""
import dagmesh

node = dagmesh.Node("order")


@node.on("user.registered", emits=["order.created"])
def create(event, emit):
    user = event.data["user_id"]
    emit("order.created", {"order_id": f"order-{user}", "for": user}, key=str(user))


node.run()
