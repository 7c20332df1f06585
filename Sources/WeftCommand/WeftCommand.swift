// The module WeftCommand.
