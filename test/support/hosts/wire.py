"""A slow and lossy cable between two network interfaces: netem, where the kernel has none.

Arguments: the interfaces, milliseconds by which each frame is late, percentage of frames that are lost, a seed.
Prints a line when it carries frames; ends at the end of standard input.
"""

import heapq
import random
import select
import socket
import sys
import time

ETH_P_ALL = 3
SOL_PACKET = 263
# Frames come with what the kernel knows of them, and so leave as they came: larger than the link allows, their
# checksums still to be computed.
PACKET_VNET_HDR = 15
LARGEST = 10 + 14 + 65536


def end_of(interface):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    end.bind((interface, ETH_P_ALL))
    end.setblocking(False)
    return end


def send(end, frame):
    try:
        end.send(frame)
    except OSError:
        pass  # the interface is down or its queue is full: as on any cable, the frame is lost


def main():
    first, second = end_of(sys.argv[1]), end_of(sys.argv[2])
    late = float(sys.argv[3]) / 1000
    lost = float(sys.argv[4]) / 100
    chance = random.Random(sys.argv[5])
    other = {first: second, second: first}
    on_its_way = []
    order = 0
    print("carries", flush=True)
    while True:
        wait = max(0, on_its_way[0][0] - time.monotonic()) if on_its_way else None
        readable, _, _ = select.select([first, second, sys.stdin], [], [], wait)
        if sys.stdin in readable:
            return
        for end in readable:
            try:
                frame, address = end.recvfrom(LARGEST)
            except OSError:
                continue  # told that the interface went down
            if address[2] != socket.PACKET_OUTGOING and chance.random() >= lost:
                order += 1
                heapq.heappush(on_its_way, (time.monotonic() + late, order, other[end], frame))
        while on_its_way and on_its_way[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(on_its_way)
            send(end, frame)


main()
