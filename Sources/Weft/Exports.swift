// Users import Weft alone: the vocabulary that providers and models share comes with it.
@_exported public import WeftProvider
