import WeftProvider

/// What the `cpu` provider runs: one row an operator, or one for each group of element types.
enum CPUTable {
    static let rows: [SupportRow] = [
        CPUKernels.conv,
        CPUKernels.gemm,
        CPUKernels.identity,
        CPUKernels.identityOfDynamic,
        CPUKernels.matMul,
        CPUKernels.shape,
    ]
}

/// The kernels of the `cpu` provider, each a row in a file of its own.
enum CPUKernels {}
