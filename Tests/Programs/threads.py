"""Small mallocs on threads, under CPython: what foreign code does below it."""
import ctypes
import sys
import threading

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]

THREADS, MEBIBYTES, BLOCK = 8, 100, 4000


def grow():
    for _ in range(MEBIBYTES * 1024 * 1024 // (BLOCK + 16)):
        libc.memset(libc.malloc(BLOCK), 1, BLOCK)


threads = [threading.Thread(target=grow) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
