// The module WeftONNX.
