"""The zygote: `python -m pictures <control socket's file descriptor>`."""

import socket
import sys

from pictures.zygote import serve

if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
