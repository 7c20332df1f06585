// The module WeftCPU.
