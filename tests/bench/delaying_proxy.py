#!/usr/bin/env python3
"""A TCP proxy that holds every byte back for a while, in each direction: a distant destination on one machine.

    delaying_proxy.py LISTEN-PORT TARGET-PORT MILLISECONDS

Prints "ready" when it listens. Bytes keep their order; how many are on their way is not limited, as on a line with a
large window. The end of a direction is passed on as late as its bytes.
"""
import collections
import heapq
import selectors
import socket
import sys
import time

CHUNK = 256 * 1024


class Side:
    """One direction of a connection: what was read from `source` and is owed to `sink`."""

    def __init__(self, source, sink):
        self.source, self.sink = source, sink
        self.held = collections.deque()  # (due, bytes); b"" is the end
        self.stuck = False  # the sink takes no more now


class Proxy:
    def __init__(self, listen_port, target_port, delay):
        self.target, self.delay = ("127.0.0.1", target_port), delay
        self.selector = selectors.DefaultSelector()
        self.due = []  # (time, number, side): when a side has something to pass on
        self.number = 0
        self.listener = socket.create_server(("127.0.0.1", listen_port), backlog=1024)
        self.listener.setblocking(False)
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.reading, self.writing = {}, {}

    def accept(self):
        try:
            near, _ = self.listener.accept()
        except BlockingIOError:
            return
        try:
            far = socket.create_connection(self.target)
        except OSError:
            near.close()
            return
        for end in (near, far):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        there, back = Side(near, far), Side(far, near)
        self.reading[near], self.reading[far] = there, back
        self.writing[far], self.writing[near] = there, back
        for end in (near, far):
            self.selector.register(end, selectors.EVENT_READ, end)

    def read(self, end):
        side = self.reading.get(end)
        if side is None:
            return
        try:
            data = end.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        due = time.monotonic() + self.delay
        side.held.append((due, data))
        self.number += 1
        heapq.heappush(self.due, (due, self.number, side))
        if not data:
            self.reading.pop(end, None)
            self.watch(end)

    def watch(self, end):
        """Registers what is waited for at `end`."""
        events = selectors.EVENT_READ if end in self.reading else 0
        if end in self.writing and self.writing[end].stuck:
            events |= selectors.EVENT_WRITE
        registered = end.fileno() >= 0 and end in self.selector.get_map()
        if events and registered:
            self.selector.modify(end, events, end)
        elif events and end.fileno() >= 0:
            self.selector.register(end, events, end)
        elif registered:
            self.selector.unregister(end)

    def pass_on(self, side):
        now = time.monotonic()
        while side.held and side.held[0][0] <= now:
            due, data = side.held[0]
            if not data:
                side.held.popleft()
                return self.end(side)
            try:
                sent = side.sink.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return self.end(side)
            if sent == len(data):
                side.held.popleft()
                continue
            side.held[0] = (due, data[sent:])
            if not side.stuck:
                side.stuck = True
                self.watch(side.sink)
            return None
        if side.stuck:
            side.stuck = False
            self.watch(side.sink)
        return None

    def end(self, side):
        side.held.clear()
        self.writing.pop(side.sink, None)
        try:
            side.sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        for end in (side.source, side.sink):
            if end not in self.reading and end not in self.writing and end.fileno() >= 0:
                if end in self.selector.get_map():
                    self.selector.unregister(end)
                end.close()

    def run(self):
        while True:
            wait = max(0.0, self.due[0][0] - time.monotonic()) if self.due else None
            # epoll waits whole milliseconds: below that it is asked again and again, for an exact delay.
            for key, events in self.selector.select(0 if wait is not None and wait < 0.001 else wait):
                if key.data is None:
                    self.accept()
                    continue
                if events & selectors.EVENT_READ:
                    self.read(key.data)
                if events & selectors.EVENT_WRITE and key.data in self.writing:
                    self.pass_on(self.writing[key.data])
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                self.pass_on(heapq.heappop(self.due)[2])


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    proxy = Proxy(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) / 1000)
    print("ready", flush=True)
    try:
        proxy.run()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
