"""How a node asks before its handlers run: docs/joining.md."""
import struct

import dagmesh_wire as wire

PENDING, ACTIVE, QUARANTINED, LEFT = range(4)


class Joining:
    def others(self):
        return [one for one in self.peers.values() if one.contract and not one.is_observer]

    def version(self):
        return [self.incarnation, self.epoch, self.state, len(self.idle)]

    def tell_standing(self, peer, kind, **more):
        self.send(peer, kind, epoch=self.epoch, state=self.state, view=len(self.others()),
                  idle=self.idle, **more)

    def hear_standing(self, peer, kind, said):
        struct.pack("<QQ", said["epoch"], said["state"])
        self.highest = max(self.highest, said["epoch"])
        order = [(one["epoch"], one["state"], len(one["idle"])) for one in (said, peer.standing)]
        if order[0] > order[1] or "view" not in peer.standing:
            peer.standing = said
            for _, *steps in said.get("cycles", ()):
                self.say_cycle(steps)
        if kind == wire.JOIN:
            peer.asked = said
            self.answer(peer)
        elif said["to"] == self.version() and not said["held"]:
            peer.told = said["to"]

    def answer(self, peer):
        """Whoever asks while this node does, and comes later, has to wait for its decision."""
        join = peer.asked
        is_held = self.state == PENDING == join["state"] and self.epoch > 0 and (
            self.epoch, self.id) < (join["epoch"], peer.id)
        peer.asked = join if is_held else None
        self.tell_standing(peer, wire.JOIN_ANSWER, held=is_held, mentions=[], to=[
            peer.incarnation, join["epoch"], join["state"], len(join["idle"])])

    def join(self, now):
        """Asks everybody, decides when all have answered, and says what was decided."""
        if self.state == PENDING:
            self.epoch = self.epoch or self.highest + 1
            if all(peer.is_observer or (peer.told == self.version() if peer.contract else
                                        now - peer.met_at > 3) for peer in self.peers.values()):
                self.decide()
        for peer in self.others() if self.epoch else ():
            if peer.told != self.version() and now > peer.ask_at:
                peer.ask_at = now + 0.3
                self.tell_standing(peer, wire.JOIN, known=b"", cycles=self.cycle)
        if self.state == ACTIVE and not self.is_ready:
            self.is_ready = all(self.is_linked(peer) for peer in self.peers.values())
            for one in self.functions:
                if not one.thread.ident:
                    one.thread.start()

    def decide(self):
        running = [(handler, peer.id, peer.standing["epoch"]) for peer in self.others()
                   for number, handler in enumerate(peer.contract[1])
                   if peer.standing["state"] != LEFT and number not in peer.standing["idle"]]
        own = [(handler, self.id, self.epoch) for handler in self.handlers]
        cycles = [wire.find_cycle(one, own + running) for one in own]
        self.state, self.idle = (LEFT, self.idle) if any(cycles) else (ACTIVE, [])
        for cycle in list(filter(None, cycles))[:1]:
            steps = [[*next((emit, handler.name, on) for emit in before.emits for on in handler.on
                            if wire.intersects(emit, on)), node, epoch, node == self.id]
                     for (before, *_), (handler, node, epoch) in zip(cycle[-1:] + cycle, cycle)]
            first = steps.index(min(steps))
            self.cycle = [[len(steps), *steps[first:], *steps[:first]]]
            self.say_cycle(self.cycle[0][1:])
        for peer in self.others():
            if peer.asked:
                self.answer(peer)

    def say_cycle(self, steps):
        self.say(f"event cycle of {len(steps)} handlers:" + "".join(
            f"\n  {one[0]} -> {one[1]} -> {two[0]}" for one, two in zip(steps, steps[1:] + steps)))
