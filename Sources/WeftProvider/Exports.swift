// Importing WeftProvider also imports the element types, shapes, tensors, values and errors of WeftTypes.
@_exported public import WeftTypes
