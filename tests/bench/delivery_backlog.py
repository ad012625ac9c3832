#!/usr/bin/env python3
"""How fast a backlog reaches another gateway over a line with a delay.

    delivery_backlog.py [MESSAGES=100000] [MILLISECONDS-EACH-WAY=0.2] [repository|messages]
                                                                          LIENTHONG=program to measure

The first gateway takes the messages while its destination is away. Then the line (delaying_proxy.py) is put up and the
time is taken until its outbox is empty. "repository": it keeps resources and sends them in bundles; "messages": it
keeps none and sends each message.
"""
import os
import socket
import sqlite3
import subprocess
import sys
import time

import gateway_process

PER_PATIENT = 4.58  # messages of an invented morning


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def entries_waiting(gateway):
    # Not from /metrics: its gauge of the outbox is renewed every few seconds.
    store = sqlite3.connect(f"file:{gateway.folder}/data/lienthong.db?mode=ro", uri=True)
    try:
        return sum(store.execute(f"SELECT count(*) FROM outbox_{kind}").fetchone()[0] for kind in ("resource", "message"))
    finally:
        store.close()


def main():
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    delay = sys.argv[2] if len(sys.argv) > 2 else "0.2"
    keeps = (sys.argv[3] if len(sys.argv) > 3 else "repository") == "repository"
    line = free_port()
    destination = (
        f'\n[[destination]]\nname = "province"\nkind = "fhir"\nurl = "http://127.0.0.1:{line}/fhir"\n'
        'retry_longest = "1s"\n'
    )
    far = gateway_process.Gateway()
    near = gateway_process.Gateway(gateway_process.SOURCE + destination, repository=keeps)
    print("taken in:", near.send_morning(int(messages / PER_PATIENT)))
    taken = near.metric("lienthong_messages_total")
    waiting = entries_waiting(near)
    print(f"waiting: {waiting:.0f} entries of {taken:.0f} messages")
    before = near.processor_seconds(), far.processor_seconds()
    proxy = subprocess.Popen(
        [sys.executable, os.path.join(gateway_process.HERE, "delaying_proxy.py"), str(line), str(far.http), delay],
        stdout=subprocess.PIPE, text=True,
    )
    proxy.stdout.readline()
    began, last, moved = time.monotonic(), waiting, time.monotonic()
    while last > 0 and time.monotonic() - moved < 60:
        time.sleep(0.25)
        left = entries_waiting(near)
        if left != last:
            last, moved = left, time.monotonic()
    took = moved - began
    near_used = near.processor_seconds() - before[0]
    far_used = far.processor_seconds() - before[1]
    share = (waiting - last) / waiting
    print(f"{delay} ms each way: {(waiting - last) / took:.0f} entries/s, {taken * share / took:.0f} messages/s, "
          f"{took:.1f} s, left {last:.0f}")
    print(f"processor us a message: sending {near_used / taken / share * 1e6:.0f}, "
          f"receiving {far_used / taken / share * 1e6:.0f}")
    proxy.terminate()
    near.stop()
    far.stop()


if __name__ == "__main__":
    main()
