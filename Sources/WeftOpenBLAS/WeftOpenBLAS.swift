// The module WeftOpenBLAS.
