// The module WeftGraph.
