#!/usr/bin/env python3
"""What many idle MLLP connections cost: resident memory before and with them, and whether messages still pass.

    idle_connections.py [CONNECTIONS=10000]                               LIENTHONG=program to measure
"""
import resource
import socket
import sys
import time

import gateway_process

MESSAGE = (
    "\x0bMSH|^~\\&|HIS|79999|LIENTHONG|79999|20260105070000+0700||ADT^A04|{0}|P|2.5.1\r"
    "PID|1||{0}^^^79999^MR||NGUYỄN^VÍ DỤ||19800101|F\rPV1|1|O\r\x1c\r"
)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * count + 1000  # the gateway inherits the limit
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    if hard < count + 1000:
        sys.exit(f"at most {hard} open files are allowed here (ulimit -Hn)")
    gateway = gateway_process.Gateway(repository=False)
    empty = gateway.resident_mib()
    began = time.monotonic()
    connections = [socket.create_connection(("127.0.0.1", gateway.mllp)) for _ in range(count)]
    opened = time.monotonic() - began
    # An answer over the first and the last shows that all were accepted.
    slowest = 0.0
    asked = connections[:: max(1, count // 100)] + connections[-1:]
    for number, connection in enumerate(asked):
        sent = time.monotonic()
        connection.sendall(MESSAGE.format(number).encode())
        answer = connection.recv(4096)
        if b"|AA|" not in answer:
            sys.exit(f"not accepted: {answer!r}")
        slowest = max(slowest, time.monotonic() - sent)
    print(f"resident without connections  {empty:8.1f} MiB")
    print(f"resident with {count:>6} idle     {gateway.resident_mib():8.1f} MiB")
    print(f"opened in                     {opened:8.2f} s")
    print(f"slowest of {len(asked):>4} answers       {slowest * 1000:8.1f} ms")
    gateway.stop()


if __name__ == "__main__":
    main()
