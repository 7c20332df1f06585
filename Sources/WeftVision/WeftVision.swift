// The module WeftVision.
