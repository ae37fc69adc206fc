"""Prints the SHA-256 of a safetensors file's tensors alone, by the reference library.

    python3 tensors_digest.py FILE        (pip install safetensors numpy)
"""
import hashlib
import sys

from safetensors.numpy import load_file, save

print(hashlib.sha256(save(load_file(sys.argv[1]))).hexdigest())
