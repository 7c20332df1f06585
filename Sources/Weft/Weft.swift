// The module Weft.
