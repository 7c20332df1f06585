// What a provider speaks of: element types, shapes, tensors, values, errors. Who imports the contract has them.
@_exported public import WeftTypes
