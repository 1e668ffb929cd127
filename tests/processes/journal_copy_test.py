#!/usr/bin/env python3
"""A publisher's journal that is put back from an older copy: its events get numbers that others had,
and whoever knows those hears of the new ones all the same."""
import shutil

import support


class JournalCopy(support.MeshTest):
    def publish(self, text, count, level):
        pub = self.start("pub", "copy.line", f'"{text}"', "-n", str(count), "--level", level,
                         "--instance", "p")
        self.assert_exit(pub, 0, 20)
        return pub

    def publish_and_die(self, count, level):
        """Killed when everything is handled, so that nobody knows that it left."""
        watch = self.start("sub", "copy.line", "-n", str(count), "--timeout", "20s", name="watch")
        pub = self.start("pub", "copy.line", "-", "--level", level, "--instance", "p",
                         "--wait-subs", "2", "--timeout", "20s", feed=True)
        pub.feed("two\n" * count)
        self.assert_exit(watch, 0, 20)
        pub.kill()

    def reader(self):
        arguments, report = support.report_file(self)
        return self.node("reader", "--on", "copy.line", **arguments).until("ready"), report

    def handled(self, reader):
        node, report = reader
        self.assertEqual(node.stop(), 0, node.told())
        return support.handled(report)["copy.line"]["handled"]

    def restore(self, level, is_killed, is_restarted):
        reader = self.reader()
        data = self.folder / "state" / self.realm / "pub" / "p+data"
        self.publish("one", 10, level)
        shutil.copytree(data, self.folder / "copy")
        if is_killed:
            self.publish_and_die(10, level)
        else:
            self.publish("two", 10, level)
        shutil.rmtree(data)
        (self.folder / "copy").rename(data)
        handled = 0
        if is_restarted:
            handled = self.handled(reader)
            reader = self.reader()
        pub = self.publish("three", 15, level)
        self.assertEqual(handled + self.handled(reader), 35, reader[0].told() + pub.told())
        return pub.stderr(), reader[0].stderr()

    def assert_told(self, told):
        publisher, reader = told
        self.assertIn("knows events of this node's journal that are not in it", publisher)
        self.assertIn("is an older copy", reader)

    def test_a_node_whose_runs_begin_anew_is_not_heard_and_that_is_said(self):
        node = self.node("reader", "--on", "copy.line").until("ready")
        place = self.folder / "state" / self.realm / "pub" / "p"
        self.publish("one", 1, "durable")
        before = place.read_text()
        for _ in range(2):
            self.publish("two", 1, "durable")
        place.write_text(before)
        pub = self.start("pub", "copy.line", "three", "--instance", "p", "--level",
                         "durable", "--timeout", "2s")
        self.assert_exit(pub, 3)
        node.until("pub p says that it is run 2, and run 3 was here")

    def test_a_reader_that_was_told_goodbye_begins_anew(self):
        self.restore("once", is_killed=False, is_restarted=False)

    def test_a_reader_of_once_that_lives_on_forgets_what_was_put_away(self):
        self.assert_told(self.restore("once", is_killed=True, is_restarted=False))

    def test_a_reader_of_once_that_was_restarted_forgets_it_too(self):
        self.assert_told(self.restore("once", is_killed=False, is_restarted=True))

    def test_a_reader_of_durable_that_lives_on_forgets_what_was_put_away(self):
        self.assert_told(self.restore("durable", is_killed=True, is_restarted=False))


if __name__ == "__main__":
    support.main()
